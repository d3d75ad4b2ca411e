r"""Prices over months and years: variance ratios, changes of a year, and the spread of runs.

The variance ratio at $q$ days is the variance of a change over $q$ days, over $q$ times that of a day. A random walk
has 1 at every $q$; a price that is pulled back to a level has less, one that trends has more. If daily changes are a
first-order autoregression of coefficient $\phi$,

$$ VR(q) = 1 + 2 \sum_{k=1}^{q-1} \Big(1 - \frac{k}{q}\Big) \phi^k $$

**Within a run** the changes overlap and the mean is the run's own (Lo and MacKinlay 1988). Of a random walk of $T$ days
the mean square of $p_t - p_{t-q} - q m$ over $T - q + 1$ changes has the expectation $q \sigma^2 (1 - q/T)$: the
estimator divides by that factor. Three years hold only three years: at 365 days the median run of a random walk has
0.77, and 5 to 95 % of runs 0.25 to 2.5. **Over runs** the variance is taken across runs on each day and then averaged
over days, so that what all runs share (vesting, emission, adoption) is no variance, and nothing has to be corrected.

Arrays are `(days + 1, runs)`, prices in USD, logs natural.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

YEAR = 365


def variance_ratio_of_runs(log_price: NDArray[np.float64], days: int) -> NDArray[np.float64]:
    """Variance ratio of each run at a horizon, `(runs,)`; overlapping, unbiased under a random walk but for a ratio's
    own bias. ValueError unless the horizon is shorter than the series."""
    steps = _checked(log_price, days)
    mean = (log_price[-1] - log_price[0]) / steps
    daily = np.sum((np.diff(log_price, axis=0) - mean) ** 2, axis=0) / (steps - 1)
    moved = log_price[days:] - log_price[:-days] - days * mean
    known = days * (steps - days + 1) * (1.0 - days / steps)
    return np.asarray(np.sum(moved**2, axis=0) / known / daily)


def variance_ratio_over_runs(log_price: NDArray[np.float64], days: int) -> float:
    """Variance ratio at a horizon with variances across runs, averaged over all days on which a change can end.

    ValueError unless the horizon is shorter than the series.
    """
    _checked(log_price, days)
    daily = np.var(np.diff(log_price, axis=0), axis=1, ddof=1).mean()
    moved = np.var(log_price[days:] - log_price[:-days], axis=1, ddof=1).mean()
    return float(moved / (days * daily))


def _checked(log_price: NDArray[np.float64], days: int) -> int:
    steps = len(log_price) - 1
    if not 0 < days < steps:
        raise ValueError(f"a horizon of {days} days in a series of {steps}: it must be between 1 and {steps - 1}")
    return steps


def yearly_changes(log_price: NDArray[np.float64]) -> NDArray[np.float64]:
    """Log change of each run over each whole year from the first day, `(years, runs)`."""
    return np.asarray(np.diff(log_price[::YEAR], axis=0))


def first_year_drift(log_price: NDArray[np.float64]) -> float:
    """Mean over standard deviation across runs of the first year's log change: how far a decline could be foreseen."""
    first = yearly_changes(log_price)[0]
    return float(first.mean() / first.std(ddof=1))


def yearly_spread(log_price: NDArray[np.float64]) -> float:
    """Standard deviation across runs of a year's log change, averaged over years as a variance."""
    return float(np.sqrt(np.var(yearly_changes(log_price), axis=1, ddof=1).mean()))


def years_halved(log_price: NDArray[np.float64]) -> float:
    """Share of run-years in which the price falls to a half or less, by -0.7 in logs."""
    return float(np.mean(yearly_changes(log_price) < -0.7))


def fan(log_price: NDArray[np.float64]) -> float:
    """The 95 % over the 5 % quantile of the last day's price across runs."""
    low, high = np.quantile(log_price[-1], (0.05, 0.95))
    return float(np.exp(high - low))


def spread(log_price: NDArray[np.float64]) -> float:
    """Standard deviation of the last day's log price across runs."""
    return float(log_price[-1].std(ddof=1))
