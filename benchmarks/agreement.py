"""How far the compiled engine is from NumPy's: `python -m benchmarks.agreement`.

Trajectories of the experiment fee_policy, whose fees and environment are drawn anew for each, over years, by both
engines: the largest difference of an account in each trajectory, whole nano-QUIV, and of its KPIs the paired difference
with its 95 % interval. Rounding is a few units a day; where a decision is on an edge, a trajectory can go another way.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from typing import Any

import numpy as np

from experiments.engines import compiled, device, ensemble
from experiments.inputs.experiment import load_experiment
from experiments.statistics import estimate
from experiments.sweeps.planning import plan_of
from model.economy import Economy
from model.flows import LEDGER
from model.ledger import BURNED, MINTED

EXPERIMENT, SEED, BATCH = "fee_policy", 1, 100
METRICS = ("supply_quiv", "price_usd", "treasury_quiv", "provider_income_quiv", "staking_ratio", "payments_usd")
QUIV = 1e9


def drawn(trajectories: int, days: int) -> list[Economy]:
    """An economy a trajectory: each with a setting and an environment of its own."""
    plan = plan_of(load_experiment(EXPERIMENT))
    settings = len(plan.points)
    pairs = [(place % settings, place // settings) for place in range(trajectories)]
    return [replace(plan.economy(design, run), days=days) for design, run in pairs]


def measure(trajectories: int, days: int) -> dict[str, Any]:
    """Differences of accounts by trajectory, nano-QUIV, and of KPIs."""
    economies, worst, apart, lost = drawn(trajectories, days), [], [], 0
    for start in range(0, trajectories, BATCH):
        some = economies[start : start + BATCH]
        runs = range(start, start + len(some))
        ours, theirs = (engine.execute(some, SEED, runs, METRICS) for engine in (compiled, ensemble))
        worst += list(_furthest(ours["state"], theirs["state"]))
        state = ours["state"]
        lost = max(lost, int(np.abs(state[MINTED] - state[BURNED] - LEDGER.holdings(state)).max()))
        apart.append(np.stack([_kpis(ours["record"]) - _kpis(theirs["record"]), _kpis(theirs["record"])]))
        print(f"{len(worst)} of {trajectories}", file=sys.stderr)
    difference, mean = np.concatenate(apart, axis=-1)
    rows = []
    for name, each, level in zip(METRICS, difference, mean, strict=True):
        found = estimate(each)
        rows.append({"kpi": name, "mean": float(level.mean()), "difference": found.mean, "low": found.low})
        rows[-1] |= {"high": found.high, "widest": float(np.abs(each).max())}
    accounts = [int(value) for value in worst]
    return {"device": device.hardware("jax"), "days": days, "worst_nquiv": accounts, "lost_nquiv": lost, "kpis": rows}


def _furthest(ours: dict[str, Any], theirs: dict[str, Any]) -> np.ndarray:
    """The largest difference of an account's entry, by trajectory."""
    count = len(theirs[MINTED])
    names = (*LEDGER.accounts, MINTED, BURNED)
    return np.max([np.abs(ours[n] - theirs[n]).reshape(count, -1).max(axis=1) for n in names], axis=0)


def _kpis(record: np.ndarray) -> np.ndarray:
    """The mean of each metric over days, `(metrics, trajectories)`."""
    return record.mean(axis=0)


def main(as_json: bool = False, trajectories: int = 200, days: int = 1_095) -> None:
    """Measure and print."""
    found = measure(trajectories, days)
    if as_json:
        print(json.dumps(found))
        return
    worst = np.sort(found["worst_nquiv"])
    print(f"{trajectories} trajectories of {EXPERIMENT}, {days} days; {found['device']}")
    print(f"lost or gained by the ledger: {found['lost_nquiv']} nano-QUIV")
    print("largest difference of an account's entry on the last day, nano-QUIV, by trajectory:")
    print(
        f"  median {worst[len(worst) // 2]:,}, 95 % below {worst[int(0.95 * (len(worst) - 1))]:,}, most {worst[-1]:,}"
    )
    for bound in (1_000, 1_000_000, 1_000_000_000):
        print(f"  above {bound / QUIV:g} QUIV: {int((worst > bound).sum())} of {len(worst)}")
    print(f"{'mean over days of':24} {'NumPy':>14} {'JAX less NumPy, and 95 % interval':>48} {'widest':>12}")
    for row in found["kpis"]:
        span = f"{row['difference']:.2g} ({row['low']:.2g} to {row['high']:.2g})"
        print(f"{row['kpi']:24} {row['mean']:14,.6g} {span:>48} {row['widest']:12.2g}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--trajectories", type=int, default=200)
    parser.add_argument("--days", type=int, default=1_095)
    options = parser.parse_args()
    main(options.json, options.trajectories, options.days)
