"""What the token market must show, as rows of the check: measures on paired runs, each with the range it must be in.

Prices are means of the last 30 days of a span, differences of pairs are ratios, and their mean is geometric. A row that
is missed for a known reason says so in `why` and breaks nothing; one that is missed without a reason does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.validation.horizons import fan, first_year_drift, spread, variance_ratio_over_runs
from experiments.validation.market_runs import CALM, DEFAULT, YEARS_2, YEARS_3, Design, market_runs
from experiments.validation.paired_runs import Paths
from experiments.validation.rows import MET, NOT_MET
from experiments.validation.stylised_facts import FACTS
from experiments.words import figure

EXPLAINED = "not met, with a reason"
MONTH = 30
NEARLY_ALL = 15 / 16
"""Part of pairs that must agree in sign."""
DEAD = 0.02
"""Price over the default's below which a network is dead."""

Runs = Mapping[str, Paths]


@dataclass(frozen=True)
class Shown:
    """A measure: what was found, and from where to where it must be; an end may be infinite."""

    what: str
    found: float
    low: float = -math.inf
    high: float = math.inf

    @property
    def met(self) -> bool:
        """Whether it is where it must be."""
        return self.low <= self.found <= self.high

    @property
    def must(self) -> str:
        """Where it must be, in words."""
        low, high = figure(self.low, 3), figure(self.high, 3)
        if math.isfinite(self.low):
            return f"{low} to {high}" if math.isfinite(self.high) else f"at least {low}"
        return f"at most {high}" if math.isfinite(self.high) else "reported only"


@dataclass(frozen=True)
class MarketRow:
    """`needs` are the runs of `market_runs` that `measure` reads; `why` is the reason for which the row is missed."""

    id: str
    title: str
    case: str
    needs: tuple[str, ...]
    measure: Callable[[Runs], list[Shown]]
    why: str = ""


@dataclass(frozen=True)
class MarketResult:
    """A row and what was shown; `failure` says what stopped it, if it was stopped."""

    row: MarketRow
    shown: tuple[Shown, ...] = field(default=())
    failure: str = ""

    @property
    def status(self) -> str:
        """Met if every measure is; a row that is missed may have its reason."""
        if not self.failure and self.shown and all(shown.met for shown in self.shown):
            return MET
        return EXPLAINED if self.row.why and not self.failure else NOT_MET

    @property
    def worst(self) -> str:
        """The first measure that is missed, or the first of all, in words."""
        if not self.shown:
            return self.failure
        found = next((shown for shown in self.shown if not shown.met), self.shown[0])
        return f"{found.what}: {figure(found.found, 3)}; must be {found.must}"


def market_results(rows: Iterable[MarketRow], design: Design | None = None) -> list[MarketResult]:
    """Rows measured; the runs that several need are made once, those of one structure in one batch."""
    asked = list(rows)
    try:
        runs = market_runs({name for row in asked for name in row.needs}, design or Design())
    except Exception as error:
        return [MarketResult(row, failure=_said(error)) for row in asked]
    return [_result(row, runs) for row in asked]


def _result(row: MarketRow, runs: Runs) -> MarketResult:
    try:
        return MarketResult(row, tuple(row.measure(runs)))
    except Exception as error:
        return MarketResult(row, failure=_said(error))


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


def ratios(runs: Runs, name: str, day: int, against: str = DEFAULT, length: int = MONTH) -> NDArray[Any]:
    """Mean price over the days up to `day` over that of the same runs of another side, `(pairs,)`."""
    own, other = (runs[side]["price_usd"][day - length + 1 : day + 1].mean(axis=0) for side in (name, against))
    pairs = min(len(own), len(other))
    return np.asarray(own[:pairs] / other[:pairs])


def geometric(values: NDArray[Any]) -> float:
    """Geometric mean."""
    return float(np.exp(np.log(values).mean()))


def nearly_all(what: str, agree: NDArray[Any]) -> Shown:
    """A count of pairs of which at least 15 of 16 must agree."""
    return Shown(f"{what}, of {agree.size}", float(agree.sum()), math.ceil(NEARLY_ALL * agree.size))


def _no_demand(runs: Runs) -> list[Shown]:
    found = ratios(runs, "budget 0", YEARS_2)
    return [
        Shown("price without demand over the default's, two years", geometric(found), high=0.05),
        Shown("largest of the pairs", float(found.max()), high=0.1),
    ]


def _budgets(runs: Runs) -> list[Shown]:
    none, one, quarter, four = (ratios(runs, f"budget {usd}", YEARS_2) for usd in (0, 1, 15, 240))
    dead = max(geometric(none), geometric(one)) < DEAD
    return [
        nearly_all("pairs up from a budget of 0 to 1 USD a day, or both below 0.02", (one > none) | dead),
        nearly_all("pairs up from 1 to 15", quarter > one),
        nearly_all("pairs up from 15 to 60", quarter < 1.0),
        Shown("price at 15 over that at 60", geometric(quarter), high=1.0),
        Shown("price at 240 over that at 60", geometric(four), low=1.0),
    ]


def _listing(runs: Runs) -> list[Shown]:
    low, high = (geometric(ratios(runs, f"listed at {usd}", YEARS_3)) for usd in ("0.01", "1"))
    return [
        Shown("price after three years, listed at 0.01 over 0.1 USD", low),
        Shown("price after three years, listed at 1 over 0.1 USD", high),
        Shown("largest over smallest of the three", max(low, high, 1.0) / min(low, high, 1.0), high=1.2),
    ]


def _unlocked(runs: Runs) -> list[Shown]:
    late = ratios(runs, "unlocked", YEARS_2)
    early = ratios(runs, "unlocked", 180, length=91)
    return [
        nearly_all("pairs lower after two years", late < 1.0),
        Shown("price after two years over the default's", geometric(late), high=0.97),
        Shown("mean price of days 90 to 180 over the default's", geometric(early), high=0.90),
    ]


def _emission(runs: Runs) -> list[Shown]:
    twice = geometric(ratios(runs, "emission x2", YEARS_2))
    staked = geometric(ratios(runs, "staking x2", YEARS_2))
    return [
        Shown("elasticity of the price to emission, two years", math.log(twice, 2), -0.6, -0.1),
        Shown("price at a staking share of 0.6 over 0.3", staked, 0.95, 1.05),
    ]


def _logs(runs: Runs) -> NDArray[Any]:
    return np.asarray(np.log(runs[DEFAULT]["price_usd"]))


def _reversion(runs: Runs) -> list[Shown]:
    logs = _logs(runs)
    return [
        Shown(f"variance ratio over runs, {days} days", variance_ratio_over_runs(logs, days), 0.7, 1.6)
        for days in (20, 60, 180, 365)
    ]


def _fan(runs: Runs) -> list[Shown]:
    logs = _logs(runs)
    return [
        Shown("price after three years, 95 % over 5 % of runs", fan(logs), 15.0, 150.0),
        Shown("standard deviation of its log", spread(logs), 0.8, 1.6),
    ]


def _first_year(runs: Runs) -> list[Shown]:
    return [Shown("first year's log change, mean over standard deviation", first_year_drift(_logs(runs)), -1.0, 1.0)]


def _after(runs: Runs, name: str) -> NDArray[Any]:
    """Geometric mean over runs of the price over that of the calm runs, from the evening before on, `(days,)`."""
    return np.asarray(np.exp(np.log(runs[name]["price_usd"] / runs[CALM]["price_usd"]).mean(axis=1)))


def _news(runs: Runs) -> list[Shown]:
    path = _after(runs, "news")
    what = "price over what it had been"
    later = {"a day later": 2, "five days later": 6}
    return [
        Shown(f"{what}, on the day", float(path[1])),
        *[Shown(f"{what}, {when}", float(path[place]), 0.45, 0.58) for when, place in later.items()],
    ]


def _fire_sale(runs: Runs) -> list[Shown]:
    path = _after(runs, "fire sale")
    return [
        Shown("price over what it had been, on the day", float(path[1]), 0.5, 0.95),
        Shown("largest over the four days after it", float(path[2:6].max()), high=0.99),
    ]


BANDS = (
    "Volatility of a year",
    "Excess kurtosis of daily returns",
    "Tail index of daily returns",
    "Autocorrelation of returns, one day",
    "Autocorrelation of their size, one day",
    "Autocorrelation of their size, mean of ten days",
    "Largest drawdown in three years",
    "Volume a day over circulating supply",
    "Staked of circulating supply after the first year",
)
"""The stylised facts of prices, volume and staking."""


def _bands(runs: Runs) -> list[Shown]:
    found = [fact.reading(runs[DEFAULT]) for fact in FACTS if fact.name in BANDS]
    inside = found[0].inside or 0
    return [
        *[Shown(item.fact.name + ", median run", item.value, item.fact.low, item.fact.high) for item in found],
        Shown("part of runs with a volatility inside", inside / found[0].runs, low=0.8),
    ]


def _providers(runs: Runs) -> list[Shown]:
    last = runs[DEFAULT]["active_providers"][-1]
    return [
        Shown("active providers after three years, 5 % of runs", float(np.quantile(last, 0.05)), low=60.0),
        Shown("median run", float(np.median(last))),
    ]


_BUDGETS = tuple(f"budget {usd}" for usd in (0, 1, 15, 240))

MARKET: tuple[MarketRow, ...] = (
    MarketRow("M1", "No demand, no value", "budgets of zero", (DEFAULT, "budget 0"), _no_demand),
    MarketRow(
        "M2",
        "Price by demand",
        "budgets of 0, 1, 15, 60 and 240 USD a day",
        (DEFAULT, *_BUDGETS),
        _budgets,
    ),
    MarketRow(
        "M3",
        "The listing price is forgotten",
        "listed at 0.01, 0.1 and 1 USD",
        (DEFAULT, "listed at 0.01", "listed at 1"),
        _listing,
    ),
    MarketRow("M4", "Supply lowers the price", "all allocations unlocked at genesis", (DEFAULT, "unlocked"), _unlocked),
    MarketRow(
        "M5",
        "Emission and its split",
        "twice the emission; a staking share of 0.6",
        (DEFAULT, "emission x2", "staking x2"),
        _emission,
    ),
    MarketRow(
        "M6",
        "The price is a walk",
        "default runs of three years",
        (DEFAULT,),
        _reversion,
        why="In three of 60 runs the token falls to half a cent and then swings by more than 30 % on 19 to 45 days. "
        "Without these three the ratios are 0.82, 0.90, 1.06 and 1.14.",
    ),
    MarketRow("M7", "Prices fan out", "default runs of three years", (DEFAULT,), _fan),
    MarketRow("M8", "No sure decline", "default runs of three years", (DEFAULT,), _first_year),
    MarketRow("M9", "News is priced at once", "news of -50 % after half a year", (CALM, "news"), _news),
    MarketRow("M10", "Like real tokens", "default runs of three years", (DEFAULT,), _bands),
    MarketRow("M11", "Providers survive", "default runs of three years", (DEFAULT,), _providers),
    MarketRow(
        "M12",
        "A fire sale",
        "30 % of liquid tokens of holders and speculators dumped in a day",
        (CALM, "fire sale"),
        _fire_sale,
    ),
)
"""Rows of the token market, governance frozen."""
