"""Effect of governance: the same runs with the agents' proposals and without, and the differences.

Every draw is a function of seed, run and what it is for, so both economies of a pair meet the same shocks and the
difference of a pair is the effect of governance alone (common random numbers). Intervals are those of all analysis.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.statistics import Estimate, change, estimate
from experiments.validation.stylised_facts import DAYS, RUNS, SEED, default_runs
from model.economy import Economy

METRICS = ("supply_quiv", "price_usd", "staking_ratio", "treasury_quiv")
FROZEN = {"proposing": False}


@dataclass(frozen=True)
class Difference:
    """A metric's mean on the last day under governance and without, the runs' differences, and how many are higher."""

    metric: str
    governed: float
    frozen: float
    apart: Estimate
    higher: int

    @property
    def mean(self) -> float:
        """The mean of the differences."""
        return self.apart.mean

    @property
    def interval(self) -> tuple[float, float]:
        """Where the mean difference lies with 95 %."""
        return self.apart.low, self.apart.high

    @property
    def runs(self) -> int:
        """Pairs."""
        return self.apart.n


def governance_differences(
    governed: Mapping[str, NDArray[Any]], frozen: Mapping[str, NDArray[Any]]
) -> list[Difference]:
    """By metric, given the last day's figures of the same runs, `(runs,)` each."""
    return [_difference(name, governed[name], frozen[name]) for name in governed]


def default_differences() -> list[Difference]:
    """Those of the default economy over three years, on the runs on which facts are measured."""
    paths = default_runs()
    record = execute([Economy(days=DAYS, mechanisms=FROZEN)] * RUNS, SEED, list(range(RUNS)), METRICS)["record"][-1]
    return governance_differences({name: paths[name][-1] for name in METRICS}, dict(zip(METRICS, record, strict=True)))


def _difference(name: str, governed: NDArray[Any], frozen: NDArray[Any]) -> Difference:
    apart = change(governed, frozen)
    higher = int(np.count_nonzero(apart > 0.0))
    return Difference(name, float(governed.mean()), float(frozen.mean()), estimate(apart), higher)
