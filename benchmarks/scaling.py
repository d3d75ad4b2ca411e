"""How time and memory grow with trajectories, providers and days: `quiver-sim bench --scaling`, or
`python -m benchmarks.scaling`.

From one size of the whitepaper economy each of the three is varied alone; every metric of every day is recorded. A
size runs in a process of its own, trajectories in batches as a sweep has them, so that its peak memory is its own.
Compiling is timed by itself. What JAX reaches is set against what the core can do at most (`benchmarks/limits.py`).
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.limits import Limits, Work, measure_limits, work_of
from experiments.engines import compiled, device, ensemble
from experiments.receipts import BATCH
from experiments.scenario import load_scenario
from model.metrics import METRICS

SEED = 1
BASE = {"trajectories": 32, "providers": 200, "days": 90}
VARIED = {
    "trajectories": (1, 10, 100, 1_000, 10_000),
    "providers": (50, 200, 1_000, 5_000),
    "days": (90, 365, 1_095, 3_650),
}
MOST = 1_000_000
"""Trajectory-days of a size at most, unless it is said otherwise."""

EXECUTE = {"ensemble": ensemble.execute, "jax": compiled.execute}


@dataclass(frozen=True)
class Size:
    """An engine and what it is given."""

    engine: str
    trajectories: int
    providers: int
    days: int

    @property
    def work(self) -> int:
        return self.trajectories * self.days


class Compiling:
    """The engine's compiler with a clock; memory that it took is forgotten when it is done."""

    def __init__(self) -> None:
        self.seconds, self.work, self.compile = 0.0, None, compiled.compiled

    def __call__(self, jax: Any, wired: Any, metrics: Any, params: Any, state: Any) -> Any:
        start = time.perf_counter()
        program = self.compile(jax, wired, metrics, params, state)
        self.seconds += time.perf_counter() - start
        self.work = work_of(program, len(params["draws.run"]))
        _forget_peak()
        return program


def sizes(engines: list[str], most: int = MOST) -> list[Size]:
    """Every size once, by engine and by what is varied, but for those of more than `most` trajectory-days."""
    asked = [
        Size(engine, **(BASE | {name: value}))
        for engine in engines
        for name, values in VARIED.items()
        for value in values
    ]
    return [size for size in dict.fromkeys(asked) if size.work <= most]


def measure_size(size: Size) -> dict[str, Any]:
    """Seconds and peak memory (MB) of a size, compiling apart, and what JAX's program does a trajectory-day."""
    economy = load_scenario("whitepaper")
    population = economy.parameters.population.model_copy(update={"providers": size.providers})
    economy = replace(
        economy, days=size.days, parameters=economy.parameters.model_copy(update={"population": population})
    )
    ensemble.execute([replace(economy, days=1)], SEED, [0], list(METRICS))
    watch = Compiling()
    _forget_peak()
    start = time.perf_counter()
    with mock.patch.object(compiled, "compiled", watch):
        for first in range(0, size.trajectories, BATCH):
            runs = range(first, min(first + BATCH, size.trajectories))
            EXECUTE[size.engine]([economy] * len(runs), SEED, list(runs), list(METRICS))
    seconds = time.perf_counter() - start - watch.seconds
    found = {"seconds": seconds, "trajectory_days_per_s": size.work / seconds, "peak_mb": _peak_mb()}
    return asdict(size) | found | {"compile_s": watch.seconds, "work": watch.work and asdict(watch.work)}


def _forget_peak() -> None:
    """Count the process's peak memory from now on, where Linux lets it."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> float:
    """The most memory that this process has had since it was last forgotten."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024.0 for line in lines if line.startswith("VmHWM"))


def against_limits(row: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """A row with what the core would do at most, trajectory-days a second, and the part of it that was reached."""
    if not row["work"]:
        return row
    most = Work(**row["work"]).most(limits)
    return row | most | {"reached": row["trajectory_days_per_s"] / min(most.values())}


def measure(engines: list[str], most: int = MOST) -> dict[str, Any]:
    """Every size in a process of its own, one after another."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"), max_tasks_per_child=1) as pool:
        limits = pool.submit(measure_limits).result() if "jax" in engines else None
        rows = []
        for size in sizes(engines, most):
            rows.append(pool.submit(measure_size, size).result())
            print(f"{size.engine}, {size.trajectories:,} x {size.providers:,} x {size.days:,} days", file=sys.stderr)
    if limits is None:
        return {"rows": rows}
    return {"limits": asdict(limits), "rows": [against_limits(row, limits) for row in rows]}


COLUMNS = {
    "engine": "",
    "trajectories": ",d",
    "providers": ",d",
    "days": ",d",
    "seconds": ",.1f",
    "trajectory_days_per_s": ",.0f",
    "peak_mb": ",.0f",
    "compile_s": ".0f",
    "by_arithmetic": ",.0f",
    "by_bytes": ",.0f",
    "reached": ".1%",
}


def main(as_json: bool = False, engines: list[str] | None = None, most: int = MOST) -> bool:
    """Measure and print; always true, as there is nothing to disagree."""
    found = measure(engines or ["ensemble"] + ["jax"] * device.installed(), most)
    if as_json:
        print(json.dumps({"machine": platform.processor() or platform.machine(), **found}))
        return True
    if "limits" in found:
        speed, moved = (found["limits"][key] / 1e9 for key in ("operations", "bytes"))
        print(f"one core: {speed:.1f} thousand million operations a second, {moved:.1f} GB read and written a second")
    print("  ".join(f"{name:>12}" for name in COLUMNS))
    for row in found["rows"]:
        print("  ".join(_cell(row, name) for name in COLUMNS))
    return True


def _cell(row: dict[str, Any], name: str) -> str:
    """A figure below its column's name; blank where a row has none."""
    return f"{format(row[name], COLUMNS[name]) if name in row else '':>{max(12, len(name))}}"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--engine", action="append", choices=list(EXECUTE), help="both unless named")
    parser.add_argument("--most", type=int, default=MOST, help="leave out sizes of more trajectory-days")
    given = parser.parse_args()
    main(given.json, given.engine, given.most)
