"""Rows of the token market that need many runs: the take that holders prefer, and signs under other price processes.

They are no part of the check, whose runs take minutes; `python -m benchmarks.market` has them.
"""

from __future__ import annotations

import numpy as np

from experiments.validation.market_rows import MarketRow, Runs, Shown, geometric, ratios
from experiments.validation.market_runs import AS_IT_IS, LEVERS, PROCESSES, TAKES, YEAR, under

POOL, *OTHERS = PROCESSES
NOTHING = 1e-3
"""Change of the price, in logs, below which a lever has no effect."""


def effects(runs: Runs, process: str) -> dict[str, float]:
    """Mean change of the log price by each lever after a year under a price process; zero where there is none."""
    found = {
        lever: float(np.log(geometric(ratios(runs, under(process, lever), YEAR, under(process, AS_IT_IS)))))
        for lever in LEVERS
    }
    return {lever: change if abs(change) > NOTHING else 0.0 for lever, change in found.items()}


def _signs(runs: Runs) -> list[Shown]:
    by_pool = effects(runs, POOL)
    shown = [Shown(f"{lever}: log price, {POOL}", change) for lever, change in by_pool.items()]
    for process in OTHERS:
        other = effects(runs, process)
        shown += [Shown(f"{lever}: log price, {process}", change) for lever, change in other.items()]
        agree = sum(np.sign(other[lever]) == np.sign(by_pool[lever]) for lever in LEVERS)
        shown.append(Shown(f"levers of the pool's sign, {process}, of {len(LEVERS)}", float(agree), low=8.0))
    return shown


def _takes(runs: Runs) -> list[Shown]:
    """Wealth of holders and of providers on the last day by take, million USD, mean over runs."""
    wealth = {
        group: [float(runs[f"take {take:g}"][f"wealth_usd_{group}"][-1].mean()) / 1e6 for take in TAKES]
        for group in ("holders", "providers")
    }
    best = TAKES[int(np.argmax(wealth["holders"]))]
    return [
        *[
            Shown(f"wealth of {group} at a take of {take:g}, million USD", value)
            for group, values in wealth.items()
            for take, value in zip(TAKES, values, strict=True)
        ],
        Shown("take at which holders are wealthiest", best, high=0.55),
    ]


MANY_RUNS: tuple[MarketRow, ...] = (
    MarketRow(
        "M13",
        "A take that is too high",
        "the network takes 20, 40, 60 and 90 % of payments",
        tuple(f"take {take:g}" for take in TAKES),
        _takes,
    ),
    MarketRow(
        "M16",
        "Signs by price process",
        "ten levers under pool, burn_mint and quantity",
        tuple(under(process, lever) for process in PROCESSES for lever in (AS_IT_IS, *LEVERS)),
        _signs,
    ),
)
"""Rows that take the many runs of a benchmark."""
