"""Sides of comparisons on common random numbers: economies to run, those of one structure in one batch.

Every draw is a function of seed, run and what it is for, so run 3 of one side meets the shocks of run 3 of any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from model.economy import Economy

Paths = Mapping[str, NDArray[Any]]
"""Metrics by name, `(days + 1, runs)`."""


@dataclass(frozen=True)
class Side:
    """An economy to run under a name, how often, and what to record."""

    key: str
    economy: Economy
    runs: int
    metrics: frozenset[str]

    def with_more(self, other: Side) -> Side:
        """The same with the runs and metrics that either needs."""
        return Side(self.key, self.economy, max(self.runs, other.runs), self.metrics | other.metrics)


def run_sides(sides: Sequence[Side], seed: int) -> dict[str, Paths]:
    """The recorded paths of every side, by its key."""
    batches: dict[tuple[object, ...], list[Side]] = {}
    for side in sides:
        batches.setdefault(side.economy.structure(), []).append(side)
    return {key: paths for batch in batches.values() for key, paths in _batch(batch, seed).items()}


def _batch(sides: Sequence[Side], seed: int) -> dict[str, Paths]:
    metrics = sorted(frozenset().union(*(side.metrics for side in sides)))
    economies = [side.economy for side in sides for _ in range(side.runs)]
    record = execute(economies, seed, [run for side in sides for run in range(side.runs)], metrics)["record"]
    ends = np.cumsum([side.runs for side in sides])
    parts = np.split(record, ends[:-1], axis=-1)
    return {
        side.key: dict(zip(metrics, part.swapaxes(0, 1), strict=True)) for side, part in zip(sides, parts, strict=True)
    }
