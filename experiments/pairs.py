"""Paired differences: both sides of a pair meet the same shocks, so the mean of the differences is the effect."""

from __future__ import annotations

import numpy as np
from scipy.stats import t


def mean_and_error(apart: np.ndarray) -> tuple[float, float]:
    """The mean of the runs' differences and its standard error; needs two runs."""
    return float(apart.mean()), float(apart.std(ddof=1) / np.sqrt(len(apart)))


def interval(mean: float, error: float, runs: int) -> tuple[float, float]:
    """Where the mean difference lies with 95 %, by Student's distribution."""
    reach = float(t.ppf(0.975, runs - 1)) * error
    return mean - reach, mean + reach
