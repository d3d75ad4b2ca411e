"""Trajectory-days a CPU second of both engines, at 16 and 100 trajectories: `python -m benchmarks.speed`.

Time is the process's, over all its threads. It reads nothing but the engines, so that the same file can be run in an
older checkout (`PYTHONPATH=. python /path/to/speed.py --json` there), which `benchmarks.market --before` compares with.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from typing import Any

from experiments.engines.compiled import execute_compiled
from experiments.engines.device import installed
from experiments.engines.ensemble import execute
from model.economy import Economy

SEED, TRAJECTORIES = 1, (16, 100)
METRICS = ("price_usd", "supply_quiv", "active_providers", "staking_ratio", "treasury_quiv")


def measure(days: int = 120, rounds: int = 3) -> dict[str, dict[int, list[float]]]:
    """Of each engine and number of trajectories, the speed in each round, default economy."""
    engines: dict[str, Any] = {"ensemble": execute} | ({"jax": execute_compiled} if installed() else {})
    economy = Economy(days=days)
    found: dict[str, dict[int, list[float]]] = {name: {n: [] for n in TRAJECTORIES} for name in engines}
    for run in engines.values():
        run([economy], SEED, [0], METRICS)
    for _ in range(rounds):
        for name, run in engines.items():
            for number in TRAJECTORIES:
                start = time.process_time()
                run([economy] * number, SEED, list(range(number)), METRICS)
                found[name][number].append(number * days / (time.process_time() - start))
    return found


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--days", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    found = measure(asked.days, asked.rounds)
    if asked.json:
        print(json.dumps(found))
        return
    for engine, speeds in found.items():
        for number, rates in speeds.items():
            most = f"{min(rates):,.0f} to {max(rates):,.0f}"
            print(f"{engine:9} {number:4} trajectories: {statistics.median(rates):8,.0f} a CPU second ({most})")


if __name__ == "__main__":
    main()
