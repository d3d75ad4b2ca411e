"""How the compiled engine scales: `quiver-sim bench --scaling`, or `python -m benchmarks.scaling`.

Time and peak memory against the number of trajectories, of providers (other classes in proportion) and of days, each
point in a process of its own; and how far it is from the machine's limits: what a day of a trajectory does and moves,
by the compiler's count, over its time, beside what one core was measured to do and move. The count is of arrays read
and written by each operation, wherever they lie; most lie in the cache.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np

from experiments.engines import compiled, device
from experiments.inputs.scenario import load_scenario
from model.economy import Economy

AXES = {
    "trajectories": (1, 32, 320, 3_200, 10_000),
    "providers": (50, 200, 1_000, 5_000),
    "days": (90, 365, 1_095, 3_650),
}
USUAL = {"trajectories": 64, "providers": 200, "days": 90}
METRICS = ("supply_quiv", "price_usd", "payments_usd", "treasury_quiv", "active_providers")
AGENTS = ("providers", "consumers", "validators", "holders")
SEED = 1
TERMS = 32
"""Multiplications, and additions, of the work by which arithmetic is timed."""


def economy(providers: int, days: int) -> Economy:
    """The whitepaper's, with so many providers and other agents in proportion."""
    base = load_scenario("whitepaper")
    size = base.parameters.population
    agents = {name: max(2, round(getattr(size, name) * providers / size.providers)) for name in AGENTS}
    parameters = base.parameters.model_copy(update={"population": size.model_copy(update=agents)})
    return replace(base, days=days, parameters=parameters)


def point(trajectories: int, providers: int, days: int) -> dict[str, float]:
    """Seconds to compile and to run, peak memory, and what the compiler counts for a trajectory's day."""
    asked = economy(providers, days)
    start = time.perf_counter()
    compiled.execute_compiled([asked], SEED, [0], METRICS)
    first = time.perf_counter() - start
    start = time.perf_counter()
    compiled.execute_compiled([asked] * trajectories, SEED, range(trajectories), METRICS)
    seconds = time.perf_counter() - start
    counted = next(iter(compiled.programs.values())).cost_analysis()
    return {
        "seconds": seconds,
        "first_s": first,
        "trajectory_days_per_s": trajectories * days / seconds,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "flops": counted["flops"] / device.BATCH,
        "bytes": counted["bytes accessed"] / device.BATCH,
    }


def limits() -> dict[str, float]:
    """What one core does of multiplications and additions, and moves of long arrays and of short ones, a second."""
    with device.ready() as jax:

        def arithmetic(x: Any) -> Any:
            return jax.lax.fori_loop(0, 2_000, lambda _, y: _polynomial(y), x)

        x = jax.numpy.linspace(0.1, 0.9, 2_048)
        run = jax.jit(arithmetic)
        jax.block_until_ready(run(x))
        seconds = _least(lambda: jax.block_until_ready(run(x)))
    long, other, short = np.ones(2**25), np.ones(2**25), np.ones(2**15)
    return {
        "flops": 2_000 * 2_048 * 2 * TERMS / seconds,
        "memory_bytes": 2 * long.nbytes / _least(lambda: np.copyto(other, long)),
        "cache_bytes": 2 * short.nbytes * 1_000 / _least(lambda: [np.add(short, 1.0, out=short) for _ in range(1_000)]),
    }


def _polynomial(x: Any) -> Any:
    """A value of `TERMS` multiplications and additions, which stays small."""
    value = 0.0 * x
    for _ in range(TERMS):
        value = value * x + 0.01
    return value


def _least(work: Callable[[], Any]) -> float:
    """The least time of five."""
    found = []
    for _ in range(5):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found)


def measure() -> dict[str, Any]:
    """A row for each point of each axis, and the limits."""
    rows = []
    for axis, values in AXES.items():
        for value in values:
            asked = USUAL | {axis: value}
            with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
                rows.append({"axis": axis} | asked | pool.submit(point, **asked).result())
            print(f"{axis} {value:,}: {rows[-1]['seconds']:.1f} s", file=sys.stderr)
    return {"device": device.hardware("jax"), "limits": limits(), "rows": rows}


def main(as_json: bool = False) -> None:
    """Measure and print."""
    found = measure()
    if as_json:
        print(json.dumps(found))
        return
    limit = found["limits"]
    print(f"{found['device']}; {len(METRICS)} metrics a day, batches of {device.BATCH}, one process")
    print(
        f"one core: {limit['flops'] / 1e9:.1f} G operations/s; moves {limit['memory_bytes'] / 1e9:.1f} GB/s in memory, "
        f"{limit['cache_bytes'] / 1e9:.1f} GB/s in its cache"
    )
    heads = ("trajectories", "providers", "days", "seconds", "first run", "days/s", "peak MB", "G op/s", "GB/s")
    print(" ".join(f"{head:>12}" for head in heads))
    for row in found["rows"]:
        rate = row["trajectory_days_per_s"]
        cells = [f"{row[name]:,}" for name in heads[:3]] + [f"{row['seconds']:.2f}", f"{row['first_s']:.1f}"]
        cells += [f"{rate:,.0f}", f"{row['peak_mb']:,.0f}", f"{row['flops'] * rate / 1e9:.1f}"]
        print(" ".join(f"{cell:>12}" for cell in [*cells, f"{row['bytes'] * rate / 1e9:.1f}"]))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    main(parser.parse_args().json)
