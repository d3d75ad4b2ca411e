"""The engines side by side on the same work: `quiver-sim bench`, `make bench`, or `python -m benchmarks.engines`.

Each engine runs the whitepaper economy (200 providers) and records every metric of every day. A slow engine runs
fewer of the same trajectories; throughput is in trajectory-days a second. Rounds are interleaved, because machines
drift; read the ratios, which are taken within a round. Results are compared number for number.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import platform
import statistics
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.shares import time_shares
from experiments.engines.compiled import run_jax
from experiments.engines.device import installed
from experiments.engines.ensemble import run_ensemble
from experiments.engines.reference import cadcad_states, radcad_states
from experiments.inputs.scenario import load_scenario
from model.economy import Economy
from model.metrics import METRICS, Reading, measure

NAMES = list(METRICS)
SEED = 1
TRAJECTORIES = 256
BASELINE = "radCAD, no deep copies or substeps"
COMPILED = ("jax, one core", "jax, two processes")
Run = Callable[[Economy, range], np.ndarray]
LAST_DIGITS = 1e-6
"""By how much JAX's numbers may differ, relative, or absolute in a metric's unit."""


def _reference(states: Callable[..., Any], economy: Economy, **options: bool) -> np.ndarray:
    days, params = states(economy, SEED, 0, **options)
    return np.array(
        [[np.asarray(v) for v in measure(Reading(day, params), NAMES)] for day in _last_of_day(days, economy)]
    )


def _last_of_day(states: list[dict[str, Any]], economy: Economy) -> list[dict[str, Any]]:
    each = (len(states) - 1) // economy.days
    return [states[0], *states[each::each]]


def _ensemble(economy: Economy, runs: range) -> np.ndarray:
    return run_ensemble([economy] * len(runs), SEED, list(runs), NAMES)


def _jax(economy: Economy, runs: range) -> np.ndarray:
    return run_jax([economy] * len(runs), SEED, runs, NAMES)


def _halves(pool: ProcessPoolExecutor, engine: Run, economy: Economy) -> np.ndarray:
    half = TRAJECTORIES // 2
    parts = [pool.submit(engine, economy, runs) for runs in (range(half), range(half, TRAJECTORIES))]
    return np.concatenate([part.result() for part in parts])


def measure_engines(days: int, rounds: int, jax: bool) -> dict[str, Any]:
    """Throughput of each engine in each round, and whether run 0 came out the same in all of them.

    JAX compiles before the first round; of its numbers the last digits may differ.
    """
    economy = replace(load_scenario("whitepaper"), days=days)
    short = replace(economy, days=max(days // 3, 1))
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        work: dict[str, tuple[Economy, int, Callable[[], np.ndarray]]] = {
            "radCAD as it comes": (
                short,
                1,
                lambda: _reference(radcad_states, short, deepcopy=True, drop_substeps=False),
            ),
            "cadCAD": (economy, 1, lambda: _reference(cadcad_states, economy)),
            BASELINE: (economy, 1, lambda: _reference(radcad_states, economy)),
            "ensemble, one core": (economy, TRAJECTORIES, lambda: _ensemble(economy, range(TRAJECTORIES))),
            "ensemble, two processes": (economy, TRAJECTORIES, lambda: _halves(pool, _ensemble, economy)),
        }
        _halves(pool, _ensemble, replace(economy, days=2))
        compiling = 0.0
        if jax:
            alone, halves = COMPILED
            work[alone] = (economy, TRAJECTORIES, lambda: _jax(economy, range(TRAJECTORIES)))
            start = time.perf_counter()
            run_jax([economy], SEED, [0], NAMES)
            compiling = time.perf_counter() - start
            work[halves] = (economy, TRAJECTORIES, lambda: _halves(pool, _jax, economy))
            _halves(pool, _jax, economy)
        speeds: dict[str, list[float]] = {name: [] for name in work}
        same: dict[str, bool] = {}
        expected = _reference(radcad_states, economy)
        for number in range(rounds):
            for name, (asked, trajectories, run) in work.items():
                start = time.perf_counter()
                result = run()
                speeds[name].append(trajectories * asked.days / (time.perf_counter() - start))
                first = result if result.ndim == 2 else result[0]
                slack = LAST_DIGITS if name in COMPILED else 0.0
                same[name] = bool(np.allclose(first, expected[: len(first)], rtol=slack, atol=slack))
            print(f"round {number + 1} of {rounds}", file=sys.stderr)
    found = {"days": days, "rounds": rounds, "speeds": speeds, "same": same, "compiling_s": compiling}
    return found | {"shares": time_shares(economy, NAMES, SEED)}


def summarise(measured: dict[str, Any]) -> list[dict[str, Any]]:
    """One row an engine: throughput and the ratio to the baseline of the same round, least, median and most."""
    base = measured["speeds"][BASELINE]
    rows = []
    for name, speeds in measured["speeds"].items():
        ratios = [speed / other for speed, other in zip(speeds, base, strict=True)]
        rows.append(
            {
                "engine": name,
                "trajectory_days_per_s": statistics.median(speeds),
                "ratio_min": min(ratios),
                "ratio_median": statistics.median(ratios),
                "ratio_max": max(ratios),
                "same_numbers": measured["same"][name],
            }
        )
    return rows


def main(as_json: bool = False, days: int = 60, rounds: int = 5, jax: bool | None = None) -> bool:
    """Measure, print, and say whether every engine gave the same numbers; `jax` None takes it if it is installed."""
    measured = measure_engines(days, rounds, installed() if jax is None else jax)
    rows = summarise(measured)
    agree = all(row["same_numbers"] for row in rows)
    if as_json:
        print(json.dumps({"machine": platform.processor() or platform.machine(), "rows": rows, **measured}))
        return agree
    print(f"whitepaper, {days} days, 200 providers, {len(NAMES)} metrics a day, {rounds} rounds; ratios within a round")
    print(f"{'engine':36} {'trajectory-days/s':>18} {'ratio: least':>13} {'median':>8} {'most':>8}  same numbers")
    for row in rows:
        print(
            f"{row['engine']:36} {row['trajectory_days_per_s']:18,.0f} {row['ratio_min']:13.2f} "
            f"{row['ratio_median']:8.2f} {row['ratio_max']:8.2f}  {'yes' if row['same_numbers'] else 'NO'}"
        )
    if COMPILED[0] in measured["speeds"]:
        print(
            f"before the first round jax took {measured['compiling_s']:.0f} s to compile, or to find what is compiled"
        )
    print("where the ensemble's time goes, one core:")
    for name, share in measured["shares"].items():
        print(f"  {name:28} {share:6.1%}")
    return agree


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--days", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    sys.exit(0 if main(options.json, options.days, options.rounds) else 1)
