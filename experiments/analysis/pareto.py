"""Pareto fronts: settings that no other beats in every objective, and how much of the space they dominate.

The hypervolume (Zitzler and Thiele 1998) is the share of the box between a reference point and the best value of each
objective that the front dominates, from 0 to 1. The reference point is the worst value of each objective among all
candidates, admissible or not, so it says how far the front reaches beyond the worst that was seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import moocore
import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Objective:
    """A KPI to be made large (`up`) or small (`down`)."""

    kpi: str
    direction: str

    @property
    def sense(self) -> float:
        """What turns a value into one to be made small."""
        return -1.0 if self.direction == "up" else 1.0


def front(values: NDArray[np.float64], objectives: Sequence[Objective]) -> NDArray[np.bool_]:
    """Which rows of `values`, `(candidates, objectives)` in the KPIs' units, no other row beats."""
    if not len(values):
        return np.zeros(0, dtype=bool)
    return np.asarray(moocore.pareto_rank(_small(values, objectives)) == 0)


def reference_point(values: NDArray[np.float64], objectives: Sequence[Objective]) -> NDArray[np.float64]:
    """The worst value of each objective, in the KPIs' units."""
    return np.asarray(_small(values, objectives).max(axis=0) * [o.sense for o in objectives])


def hypervolume(found: NDArray[np.float64], everything: NDArray[np.float64], objectives: Sequence[Objective]) -> float:
    """The share of the box between the worst and the best of `everything` that the rows of `found` dominate."""
    seen = _small(everything, objectives)
    best, worst = seen.min(axis=0), seen.max(axis=0)
    varied = worst > best
    if not len(found) or not varied.any():
        return 0.0
    scaled = (_small(found, objectives)[:, varied] - best[varied]) / (worst - best)[varied]
    return float(moocore.hypervolume(scaled, ref=np.ones(int(varied.sum()))))


def _small(values: NDArray[np.float64], objectives: Sequence[Objective]) -> NDArray[np.float64]:
    """Values that are the better the smaller they are."""
    found: NDArray[np.float64] = np.asarray(values, dtype=float) * [objective.sense for objective in objectives]
    return found
