"""Intervals of means over runs, alone and paired, of shares of runs, and of what all runs show together.

The mean of n runs has the interval ``mean ± t * s / sqrt(n)`` with Student's t at n - 1 degrees of freedom. Settings
simulated with the same random numbers are compared by the n differences of their runs, free of the variance they share.
Wilson's interval of a share ``p = m / n`` (1927) solves ``(p - q)² = z² q (1 - q) / n`` for q.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

LEVEL = 0.95
ROUNDING = 1e-12
DRAWS = 400


@dataclass(frozen=True)
class Estimate:
    """A mean over ``n`` runs with the half-width of its interval (NaN below two runs)."""

    mean: float
    half: float
    n: int

    @property
    def low(self) -> float:
        """Lower end of the interval."""
        return self.mean - self.half

    @property
    def high(self) -> float:
        """Upper end of the interval."""
        return self.mean + self.half

    @property
    def sign(self) -> int:
        """+1 or -1 if the whole interval lies on that side of zero, otherwise 0."""
        return int(self.low > 0) - int(self.high < 0)


def estimate(values: ArrayLike, level: float = LEVEL) -> Estimate:
    """Mean and interval of ``values`` (one per run); runs whose value is missing or infinite are left out of ``n``."""
    array = np.asarray(values, dtype=float)
    array = array[np.isfinite(array)]
    n = int(array.size)
    if n == 0:
        return Estimate(math.nan, math.nan, 0)
    if n == 1:
        return Estimate(float(array[0]), math.nan, 1)
    quantile = float(stdtrit(n - 1, 0.5 + level / 2))
    return Estimate(float(array.mean()), quantile * float(array.std(ddof=1)) / math.sqrt(n), n)


def kpi_estimate(kpis: pd.DataFrame, kpi: str, design: int, level: float = LEVEL) -> Estimate:
    """Mean and interval of one KPI at one design point."""
    return estimate(kpis.loc[kpis["design"] == design, kpi].to_numpy(), level)


def paired_estimate(kpis: pd.DataFrame, kpi: str, design: int, reference: int, level: float = LEVEL) -> Estimate:
    """Mean and interval of ``design`` minus ``reference``, over the runs that both completed.

    A difference smaller than `ROUNDING` of its terms is the arithmetic's, not the model's, and counts as none.
    """
    left = kpis[kpis["design"] == design].set_index("run")[kpi]
    right = kpis[kpis["design"] == reference].set_index("run")[kpi]
    return estimate(change(*left.align(right, join="inner")), level)


def change(left: ArrayLike, right: ArrayLike) -> NDArray[Any]:
    """Left minus right, run by run; below `ROUNDING` of its terms it is zero."""
    ours, theirs = np.asarray(left, dtype=float), np.asarray(right, dtype=float)
    apart = ours - theirs
    return np.where(np.abs(apart) <= ROUNDING * np.maximum(np.abs(ours), np.abs(theirs)), 0.0, apart)


def wilson_interval(hits: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's interval of the share ``hits / n``, which stays within 0 and 1."""
    share, z = hits / n, -float(ndtri((1.0 - level) / 2.0))
    scale = 1.0 + z**2 / n
    center = (share + z**2 / (2 * n)) / scale
    half = z * math.sqrt(share * (1.0 - share) / n + z**2 / (4.0 * n**2)) / scale
    return max(center - half, 0.0), min(center + half, 1.0)


def resampled(
    statistic: Callable[[NDArray[Any]], float], values: NDArray[Any], level: float = LEVEL
) -> tuple[float, float]:
    """Percentile interval of a statistic of all runs, by drawing runs with replacement (Efron 1979).

    Runs are the last axis of ``values``. The draws are the same in every call.
    """
    generator = np.random.default_rng(0)
    runs = values.shape[-1]
    found = [statistic(values[..., generator.integers(runs, size=runs)]) for _ in range(DRAWS)]
    low, high = np.quantile(found, (0.5 - level / 2, 0.5 + level / 2))
    return float(low), float(high)


def family_level(comparisons: int, level: float = LEVEL) -> float:
    """Bonferroni: the level of each interval so that all ``comparisons`` of them hold together at ``level``."""
    return 1 - (1 - level) / max(1, comparisons)
