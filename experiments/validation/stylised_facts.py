"""What real tokens look like, and whether default runs look like that.

`FACTS` are bands measured on public series of comparable tokens (FIL, HNT, ETH and LPT for daily prices, with BTC, ADA,
XTZ, LTC and DOGE beyond a month; LPT, CRV and large ERC-20 tokens for holdings; FIL, GEODNET and RENDER for burn over
emission). A `Fact` is read from each run, and the median run counts; a `JointFact` is one number of all runs together.
Nothing is fitted to a band by a given series: a value outside one is a finding, with a reason in `why`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.statistics import resampled
from experiments.validation.horizons import (
    fan,
    first_year_drift,
    spread,
    variance_ratio_of_runs,
    variance_ratio_over_runs,
    yearly_spread,
    years_halved,
)
from experiments.validation.paired_runs import Paths
from model.economy import Economy

RUNS, DAYS, SEED = 60, 1095, 2027
"""The seed is used for nothing else, so that no parameter is chosen by these runs."""
METRICS = (
    "price_usd",
    "gini",
    "staking_ratio",
    "burn_quiv",
    "emission_quiv",
    "traded_quiv",
    "circulating_quiv",
    "turnout",
    "vote_top10_share",
    "vote_majority",
    "proposals_submitted",
    "proposals_executed",
    "proposals_defeated",
    "supply_quiv",
    "treasury_quiv",
)
TAIL = 0.05
"""Part of the largest moves from which the tail index is estimated (Hill 1975)."""


@dataclass(frozen=True)
class Fact:
    """A band, and how it is measured: one number a run, `(runs,)`."""

    name: str
    low: float
    high: float
    read: Callable[[Paths], NDArray[Any]]
    source: str
    why: str = ""

    def reading(self, paths: Paths) -> FactReading:
        """The median run, nine runs in ten, and how many runs are inside."""
        values = self.read(paths)
        low, median, high = (float(x) for x in np.quantile(values, (0.05, 0.5, 0.95)))
        inside = int(np.count_nonzero((values >= self.low) & (values <= self.high)))
        return FactReading(self, median, low, high, len(values), inside)


@dataclass(frozen=True)
class JointFact:
    """A band, and how it is measured: one number of all runs, from their log prices `(days + 1, runs)`."""

    name: str
    low: float
    high: float
    read: Callable[[NDArray[Any]], float]
    source: str
    why: str = ""

    def reading(self, paths: Paths) -> FactReading:
        """The number, and its 95 % interval by drawing runs anew."""
        logs = np.log(paths["price_usd"])
        low, high = resampled(self.read, logs)
        return FactReading(self, self.read(logs), low, high, logs.shape[1])


@dataclass(frozen=True)
class FactReading:
    """What runs show of a fact: its value, where nine runs in ten or 95 % of resampled values are, the runs inside."""

    fact: Fact | JointFact
    value: float
    low: float
    high: float
    runs: int
    inside: int | None = None

    @property
    def met(self) -> bool:
        """Whether the value is inside the band."""
        return self.fact.low <= self.value <= self.fact.high


def returns(paths: Paths) -> NDArray[Any]:
    """Daily log-returns of the price, `(days, runs)`."""
    return np.asarray(np.diff(np.log(paths["price_usd"]), axis=0))


def volatility(paths: Paths) -> NDArray[Any]:
    """Standard deviation of a year's log-return."""
    return np.asarray(returns(paths).std(axis=0) * np.sqrt(365.0))


def kurtosis(paths: Paths) -> NDArray[Any]:
    """Excess kurtosis of daily returns."""
    moved = returns(paths) - returns(paths).mean(axis=0)
    return np.asarray((moved**4).mean(axis=0) / (moved**2).mean(axis=0) ** 2 - 3.0)


def tail_index(paths: Paths) -> NDArray[Any]:
    """Hill's estimate from the largest moves in either direction."""
    largest = -np.sort(-np.abs(returns(paths)), axis=0)
    count = max(int(TAIL * len(largest)), 1)
    return np.asarray(1.0 / np.mean(np.log(largest[:count] / largest[count]), axis=0))


def autocorrelation(series: NDArray[Any], lag: int) -> NDArray[Any]:
    """Of each run at a lag, `(runs,)`."""
    return np.asarray([np.corrcoef(run[lag:], run[:-lag])[0, 1] for run in series.T])


def drawdown(paths: Paths) -> NDArray[Any]:
    """Largest fall from a former peak, a share of the peak."""
    price = paths["price_usd"]
    return np.asarray(1.0 - (price / np.maximum.accumulate(price, axis=0)).min(axis=0))


def _after_a_year(name: str) -> Callable[[Paths], NDArray[Any]]:
    return lambda paths: np.asarray(paths[name][365:].mean(axis=0))


def _clusters(paths: Paths) -> NDArray[Any]:
    moves = np.abs(returns(paths))
    return np.asarray(np.mean([autocorrelation(moves, lag) for lag in range(1, 11)], axis=0))


def _of_votes(name: str) -> Callable[[Paths], NDArray[Any]]:
    """The median over a run's proposals of what is known of each when it is made; zero where there is none."""

    def read(paths: Paths) -> NDArray[Any]:
        made = np.diff(paths["proposals_submitted"], axis=0) > 0.0
        runs = zip(paths[name][1:].T, made.T, strict=True)
        return np.asarray([np.median(values[days]) if days.any() else 0.0 for values, days in runs])

    return read


def _passed(paths: Paths) -> NDArray[Any]:
    """Votes that end in execution of those that do or are defeated; zero where there is none."""
    executed = paths["proposals_executed"][-1]
    return np.asarray(executed / np.maximum(executed + paths["proposals_defeated"][-1], 1.0))


def _within(days: int) -> Callable[[Paths], NDArray[Any]]:
    return lambda paths: variance_ratio_of_runs(np.log(paths["price_usd"]), days)


def _over(days: int) -> Callable[[NDArray[Any]], float]:
    return lambda logs: variance_ratio_over_runs(logs, days)


_VOTES = "Compound, Aave and Uniswap 2020 to 2022; Snapshot DAOs"
_PRICES = "daily closes of FIL, HNT, ETH, LPT, 2016 to 2025"
_LONG = "daily closes of FIL and HNT 2020 to 2023, and of ETH, BTC, ADA, XTZ, LTC and DOGE 2014 to 2024, from CoinGecko"
_FAN = (
    "assumption: no token has had three years more than once; at least the spread of one year of XTZ (0.83), at most "
    "about that of all tokens' disjoint years (1.52)"
)

REVERSION = ((20, 0.9, 1.4), (60, 0.9, 1.9), (180, 0.7, 2.5), (365, 0.7, 3.0))
"""Days, and the band of the variance ratio there. Eight tokens have 0.97 to 1.32, 0.96 to 1.50, 0.60 to 2.47 and 0.71
to 4.05; a year of LPT, 2025, has 0.48 and 0.66 at 20 and 60 days."""

FACTS: tuple[Fact | JointFact, ...] = (
    Fact("Volatility of a year", 0.7, 1.6, volatility, _PRICES),
    Fact("Excess kurtosis of daily returns", 2.0, 40.0, kurtosis, _PRICES),
    Fact("Tail index of daily returns", 2.0, 4.5, tail_index, _PRICES),
    Fact("Autocorrelation of returns, one day", -0.15, 0.15, lambda p: autocorrelation(returns(p), 1), _PRICES),
    Fact(
        "Autocorrelation of their size, one day", 0.08, 0.30, lambda p: autocorrelation(np.abs(returns(p)), 1), _PRICES
    ),
    Fact("Autocorrelation of their size, mean of ten days", 0.03, 1.0, _clusters, _PRICES),
    Fact("Largest drawdown in three years", 0.60, 0.99, drawdown, _PRICES),
    *[
        Fact(f"Variance ratio within a run, {days} days", low, high, _within(days), _LONG)
        for days, low, high in REVERSION
    ],
    *[
        JointFact(f"Variance ratio over runs, {days} days", low, high, _over(days), _LONG)
        for days, low, high in REVERSION
    ],
    JointFact(
        "First year's log change, mean over standard deviation",
        -1.3,
        0.7,
        first_year_drift,
        "mean over standard deviation of one-year log changes, from -1.3 (FIL) and -0.19 (HNT) to 0.52 (BTC): " + _LONG,
    ),
    JointFact(
        "One-year log change, standard deviation",
        0.8,
        2.2,
        yearly_spread,
        "0.83 (XTZ), 1.11 (FIL), 1.47 (ETH) to 2.14 (HNT): " + _LONG,
    ),
    JointFact(
        "Years in which the price halves",
        0.1,
        0.6,
        years_halved,
        "13 to 27 % of years of large coins, 51 % of HNT's, 77 % of FIL's: " + _LONG,
    ),
    JointFact("Price after three years, 95 % over 5 % of runs", 15.0, 150.0, fan, _FAN),
    JointFact("Price after three years, standard deviation of logs", 0.8, 1.6, spread, _FAN),
    Fact(
        "Volume a day over circulating supply",
        0.01,
        0.10,
        lambda p: np.asarray((p["traded_quiv"][1:] / p["circulating_quiv"][1:]).mean(axis=0)),
        "exchange turnover of HNT (1.2 %), ETH (6.9 %), FIL (10.4 %) over market capitalisation",
        "one batch a day with a pool is no exchange: whoever buys and sells within the day is netted away",
    ),
    Fact("Gini coefficient of holdings", 0.80, 0.98, lambda p: p["gini"][-1], "LPT, CRV, large ERC-20 tokens"),
    Fact(
        "Staked of circulating supply after the first year",
        0.20,
        0.70,
        _after_a_year("staking_ratio"),
        "LPT, FIL and proof-of-stake chains",
    ),
    Fact(
        "Burn over emission, first three years",
        0.0,
        0.20,
        lambda p: np.asarray(p["burn_quiv"].sum(axis=0) / p["emission_quiv"].sum(axis=0)),
        "FIL 2021 to 2024, GEODNET 2025, RENDER",
        "a fallen token makes inference cheap in USD, the network congests, and the fee controller takes more; "
        "the spec's multiplier of prices is clamped at two",
    ),
    Fact("Votes cast over circulating supply", 0.01, 0.15, _of_votes("turnout"), _VOTES),
    Fact("Share of votes of the ten largest voters", 0.6, 1.0, _of_votes("vote_top10_share"), _VOTES),
    Fact("Fewest voters with a majority of a vote", 1.0, 10.0, _of_votes("vote_majority"), _VOTES),
    Fact("Part of votes that pass", 0.85, 1.0, _passed, _VOTES),
)


def findings(paths: Paths | None = None) -> list[FactReading]:
    """The facts as runs show them, those of the default economy if no paths are given."""
    found = default_runs() if paths is None else paths
    return [fact.reading(found) for fact in FACTS]


@cache
def default_runs() -> Paths:
    """The default economy for three years: made once a process."""
    record = execute([Economy(days=DAYS)] * RUNS, SEED, list(range(RUNS)), METRICS)["record"]
    return {name: record[:, place, :] for place, name in enumerate(METRICS)}
