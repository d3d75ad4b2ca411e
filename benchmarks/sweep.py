"""Sweeps as they are run: `quiver-sim bench --sweep`, or `python -m benchmarks.sweep`.

The same sweep in this process, with one Ray worker and with two: the overhead of Ray, and what a second worker gives.
With `--trajectories` and `--days` one sweep of any size is run by two workers in its place, and its time, the peak
memory of driver and workers, its disk and the time of a fan chart's query are measured.
"""

from __future__ import annotations

import argparse
import json
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments import load
from experiments.inputs.experiment import load_experiment
from experiments.inputs.plan import Plan
from experiments.sweeps.planning import plan_of
from experiments.sweeps.run import run_sweep

WAYS = {"this process": 0, "Ray, one worker": 1, "Ray, two workers": 2}
POINTS = 8
"""Settings of the sweep: today's and seven that burn more or less."""

AGENTS = ("providers", "consumers", "validators", "holders")
DAYS, RUNS = 60, 256


def plan(runs: int, days: int, agents: float = 1.0) -> Plan:
    """Eight settings of the demo's scenario and metrics, with a part of its agents."""
    asked = plan_of(load_experiment("demo"))
    size = asked.base.parameters.population
    fewer = {name: max(2, round(agents * getattr(size, name))) for name in AGENTS}
    population = size.model_copy(update=fewer if agents != 1.0 else {})
    parameters = asked.base.parameters.model_copy(update={"population": population})
    base = replace(asked.base, days=days, parameters=parameters)
    fees = base.parameters.fees
    shares = [0.3 + 0.05 * point for point in range(POINTS)]
    economies = [
        replace(base, parameters=base.parameters.model_copy(update={"fees": fees.model_copy(update={"burn_share": s})}))
        for s in shares
    ]
    points = [{"fees.burn_share": share} for share in shares]
    return replace(
        asked, base=base, economies=economies, points=points, runs=runs, days=days, today=None, environment=()
    )


def compare(days: int, runs: int, rounds: int) -> dict[str, Any]:
    """Seconds of the same sweep in each way, round by round, and whether the stores hold the same bytes."""
    asked = plan(runs, days)
    run_sweep(replace(asked, runs=1), tempfile.mkdtemp(), 0)
    seconds: dict[str, list[float]] = {name: [] for name in WAYS}
    parts = []
    for number in range(rounds):
        for name, workers in WAYS.items():
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                store = run_sweep(asked, folder, workers)
                seconds[name].append(time.perf_counter() - start)
                parts.append(load(store).manifest["parts"])
        print(f"round {number + 1} of {rounds}", file=sys.stderr)
    work = {"trajectories": POINTS * runs, "days": days, "seconds": seconds}
    inside, one, two = (min(times) for times in seconds.values())
    ratios = {"ray_overhead": one / inside - 1.0, "two_workers_against_one": one / two}
    return work | ratios | {"same_bytes": all(other == parts[0] for other in parts)}


def large(trajectories: int, days: int, workers: int, folder: Path, agents: float = 1.0) -> dict[str, Any]:
    """One sweep of so many trajectories by Ray: time, peak memory, disk, and the time of a fan chart's query."""
    asked = plan(-(-trajectories // POINTS), days, agents)
    peak: list[float] = [0.0]
    stop = threading.Event()
    watcher = threading.Thread(target=_watch, args=(peak, stop))
    watcher.start()
    start = time.perf_counter()
    store = run_sweep(asked, folder, workers)
    seconds = time.perf_counter() - start
    stop.set()
    watcher.join()
    disk = sum(file.stat().st_size for file in Path(store).rglob("*") if file.is_file())
    return {
        "trajectories": POINTS * asked.runs,
        "days": days,
        "agents": {name: getattr(asked.base.parameters.population, name) for name in AGENTS},
        "metrics": len(asked.metrics),
        "keep": asked.keep,
        "seconds": seconds,
        "trajectory_days_a_second": POINTS * asked.runs * days / seconds,
        "driver_peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0,
        "worker_peak_mb": peak[0],
        "disk_mb": disk / 1e6,
        "fan_seconds": _timed(lambda: load(store).fan("price_usd", 3)),
        "fan_sql_seconds": _timed(
            lambda: load(store).query(
                "SELECT day, quantile_cont(price_usd, [0.05, 0.5, 0.95]) FROM trajectories WHERE design = 3 GROUP BY 1"
            )
        ),
    }


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _watch(peak: list[float], stop: threading.Event) -> None:
    """The most memory that any Ray worker on this machine has had, in MB."""
    while not stop.wait(0.5):
        listed = subprocess.run(["ps", "-eo", "rss,args"], capture_output=True, text=True, check=False).stdout
        sizes = [int(line.split()[0]) / 1024.0 for line in listed.splitlines() if "ray::run_chunk" in line]
        sizes += [int(line.split()[0]) / 1024.0 for line in listed.splitlines() if "ray::fold" in line]
        peak[0] = max([peak[0], *sizes])


def main(as_json: bool = False, days: int = DAYS, rounds: int = 3, runs: int = RUNS) -> bool:
    """Compare the ways and print what was found; whether the stores were the same."""
    found = compare(days, runs, rounds) | {"machine": f"{platform.machine()}, Python {platform.python_version()}"}
    _print(found, as_json)
    return bool(found["same_bytes"])


def _print(found: dict[str, Any], as_json: bool) -> None:
    print(json.dumps(found, indent=2) if as_json else "\n".join(f"{name}: {value}" for name, value in found.items()))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trajectories", type=int, help="one sweep of so many in place of the comparison")
    parser.add_argument("--days", type=int, default=DAYS)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs of each of the eight settings compared")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--agents", type=float, default=1.0, help="part of the default population in that sweep")
    parser.add_argument("--out", type=Path, help="where the one sweep goes, and stays")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    if given.trajectories:
        place = given.out or Path(tempfile.mkdtemp())
        _print(large(given.trajectories, given.days, given.workers, place, given.agents), given.json)
        if not given.out:
            shutil.rmtree(place)
    elif not main(given.json, given.days, given.rounds, given.runs):
        sys.exit(1)
