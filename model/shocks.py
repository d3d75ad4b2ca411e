"""Shocks: what happens to an economy on a day because a scenario says so.

A kind is an entry of `KINDS`; genesis turns the shocks of each kind into a value a day, `params["shocks.<path>"]`, and
the policies that it acts on read the day's. The value of a day on which nothing happens changes nothing, bit for bit.
Shocks of one day compose: those that share a path are put together, those of different paths act side by side.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import add, mul
from types import MappingProxyType
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

SEVERITIES = ("mild", "adverse", "severe")
"""The grades in which every kind has a size."""


@dataclass(frozen=True)
class Shock:
    """A shock of `size` on a day, counted from 0 as a proposal's is; of `days` days where its kind takes several.

    Where a kind reaches some of several alike (feeds), `share` says which part of them.
    """

    day: int
    kind: str
    size: float
    days: int = 1
    share: float = 1.0


@dataclass(frozen=True)
class Grades:
    """The sizes by severity, with their source in words; and the shares, where a kind reaches some of several."""

    mild: float
    adverse: float
    severe: float
    source: str
    shares: tuple[float, float, float] = (1.0, 1.0, 1.0)

    def of(self, severity: str) -> tuple[float, float]:
        """Size and share of a grade."""
        place = SEVERITIES.index(severity)
        return (self.mild, self.adverse, self.severe)[place], self.shares[place]


Span = Literal["day", "days", "spread", "for good"]
SPANS: Mapping[Span, str] = MappingProxyType(
    {"day": "one day", "days": "for `days`", "spread": "evenly over `days`", "for good": "for good"}
)
"""How long a kind takes, in words."""


@dataclass(frozen=True)
class ShockKind:
    """A kind of shock.

    `unit` is that of its size, `low` and `high` are inclusive, `grades` its sizes by severity. `of_day` gives a day's
    value in `path` from the size; the values of one day are put together by `combine`, from `neutral`. A kind that
    reaches some of several names them in `among`: its path has a value for each.

    It acts where the mechanisms that it `needs` are on, one at least of `needs_one_of`, and no process of `instead` is
    given from outside; and `only_in_pool` if it says so.
    """

    doc: str
    path: str
    unit: str
    span: Span
    neutral: float
    combine: Callable[[Any, Any], Any]
    grades: Grades
    low: float = 0.0
    high: float = 1.0
    of_day: Callable[[float], float] = float
    among: str = ""
    needs: tuple[str, ...] = ()
    needs_one_of: tuple[str, ...] = ()
    only_in_pool: bool = False
    instead: tuple[str, ...] = ()

    @property
    def lasts(self) -> bool:
        """Whether a shock of this kind says for how many days it lasts."""
        return self.span == "days"

    @property
    def takes_days(self) -> bool:
        """Whether a shock of this kind can have more days than one."""
        return self.span in ("days", "spread")

    @property
    def is_share(self) -> bool:
        """Whether its size is a part of a whole."""
        return self.unit.startswith("share")


def _either(one: Any, other: Any) -> Any:
    """Two parts that are taken of the same whole, one after the other."""
    return one + other - one * other


def _grown(size: float) -> float:
    return 1.0 + size


def _left(size: float) -> float:
    return 1.0 - size


_POKT = "POKT's relays, whose monthly change has a standard deviation of 34 %: about one, two and four of them at once"

KINDS: Mapping[str, ShockKind] = MappingProxyType(
    {
        "demand_surge": ShockKind(
            "Consumers' budgets are multiplied by one plus the size.",
            path="demand",
            unit="relative change",
            low=0.0,
            high=99.0,
            span="days",
            neutral=1.0,
            combine=mul,
            of_day=_grown,
            grades=Grades(0.4, 1.0, 3.0, _POKT),
            needs=("demand",),
            instead=("demand_tokens",),
        ),
        "demand_collapse": ShockKind(
            "Consumers' budgets lose the share.",
            path="demand",
            unit="share of budgets",
            span="days",
            neutral=1.0,
            combine=mul,
            of_day=_left,
            grades=Grades(0.3, 0.5, 0.75, _POKT),
            needs=("demand",),
            instead=("demand_tokens",),
        ),
        "congestion": ShockKind(
            "The share of every provider's capacity is out. Providers stay online, up and in good standing, and pay "
            "for all of it.",
            path="congestion",
            unit="share of capacity",
            span="days",
            neutral=0.0,
            combine=_either,
            grades=Grades(0.1, 0.3, 0.6, "assumption"),
        ),
        "price_jump": ShockKind(
            "Where a pool makes the price, news that multiplies the token's value by one plus the size, for good; "
            "where a process makes it, the price itself is multiplied.",
            path="price_jump",
            unit="relative change",
            low=-0.999,
            high=999.0,
            span="day",
            neutral=0.0,
            combine=add,
            of_day=math.log1p,
            grades=Grades(
                -0.3, -0.6, -0.9, "assumption; FIL, HNT, ETH and LPT fell by 85 to 99 % from their peaks, not overnight"
            ),
            needs=("price",),
            instead=("price_usd",),
        ),
        "fire_sale": ShockKind(
            "Speculators and holders sell the share of their liquid tokens, beyond what they sell anyway and whatever "
            "the price; holders stay out of the market for a while (`investors.return_days`).",
            path="fire_sale",
            unit="share of liquid tokens",
            span="day",
            neutral=0.0,
            combine=_either,
            grades=Grades(0.1, 0.3, 0.6, "assumption"),
            needs=("price", "market"),
            only_in_pool=True,
            instead=("price_usd",),
        ),
        "whale_exit": ShockKind(
            "Team and investors sell the share of their liquid tokens, evenly over the days, and stay out for a while.",
            path="whale_exit",
            unit="share of their liquid tokens",
            span="spread",
            neutral=0.0,
            combine=_either,
            grades=Grades(0.1, 0.3, 0.8, "assumption"),
            needs=("price", "market"),
            only_in_pool=True,
            instead=("price_usd",),
        ),
        "volatility_regime": ShockKind(
            "The standard deviations of news and of speculators' noise, or without a pool `market.volatility`, are "
            "multiplied by the size.",
            path="volatility",
            unit="factor",
            low=0.01,
            high=100.0,
            span="days",
            neutral=1.0,
            combine=mul,
            grades=Grades(
                1.5, 2.5, 4.0, "assumption; the volatility of ETH, FIL, HNT and LPT is 0.75 to 1.4 a year, by period"
            ),
            needs=("price",),
            instead=("price_usd",),
        ),
        "provider_exit": ShockKind(
            "Each provider who is online leaves with this chance, drawn from the stream `shocks.provider_exit`; they "
            "come back as others enter, if it pays.",
            path="provider_exit",
            unit="share of providers",
            span="day",
            neutral=0.0,
            combine=_either,
            grades=Grades(
                0.1,
                0.3,
                0.75,
                "assumption; severe: POKT's nodes fell from 46,791 to 11,235, GRT's indexers from 460 to 98, in months",
            ),
        ),
        "gpu_deflation": ShockKind(
            "The cost of capacity falls by the share, for those who have it and for those who come, and stays there.",
            path="hardware_cost",
            unit="share of the cost",
            low=0.0,
            high=0.999,
            span="for good",
            neutral=1.0,
            combine=mul,
            of_day=_left,
            grades=Grades(0.1, 0.3, 0.6, "assumption; adverse is about a year of `providers.cost_decline` at once"),
            needs_one_of=("entry", "market", "conduct"),
        ),
        "feed_outage": ShockKind(
            "The share of the price oracle's feeds, rounded to whole ones, the last first, report nothing.",
            path="feed_outage",
            unit="share of feeds",
            span="days",
            neutral=0.0,
            combine=np.maximum,
            grades=Grades(0.2, 0.4, 0.8, "assumption: one, two and four of five; three is the fewest that are used"),
            needs=("oracle",),
        ),
        "feed_fault": ShockKind(
            "The share of the price oracle's feeds, rounded to whole ones, the first first, report the price times one "
            "plus the size.",
            path="feed_fault",
            unit="relative error",
            low=-0.999,
            high=999.0,
            span="days",
            neutral=1.0,
            combine=mul,
            of_day=_grown,
            grades=Grades(
                0.1, 0.5, 1.0, "assumption: one, two and three of five, which is a majority", (0.2, 0.4, 0.6)
            ),
            among="feeds",
            needs=("oracle",),
        ),
        "validator_strike": ShockKind(
            "The share of validators, rounded to whole ones, the first by number, strike: they are not active, are "
            "paid nothing, and leave their seats on panels empty.",
            path="validator_strike",
            unit="share of validators",
            span="days",
            neutral=0.0,
            combine=np.maximum,
            grades=Grades(0.2, 0.5, 0.8, "assumption"),
            needs=("validation", "settlement"),
        ),
        "treasury_seizure": ShockKind(
            "A regulator takes the share of the treasury's tokens. They are not burned, and nobody can spend them.",
            path="treasury_seizure",
            unit="share of the treasury",
            span="day",
            neutral=0.0,
            combine=_either,
            grades=Grades(0.1, 0.3, 0.8, "assumption"),
            needs=("treasury",),
        ),
    }
)
"""Every kind of shock by the name that a scenario gives it."""


def check_shock(shock: Shock) -> None:
    """Raise ValueError where a shock is of no kind, outside its bounds, or before genesis."""
    kind = KINDS.get(shock.kind)
    if kind is None:
        raise ValueError(f"no such kind of shock: {shock.kind!r}; allowed: {', '.join(KINDS)}")
    if not kind.low <= shock.size <= kind.high:
        raise ValueError(f"{shock.kind}: size {shock.size:g} is outside {kind.low:g} to {kind.high:g}")
    if not 0.0 <= shock.share <= 1.0 or (shock.share < 1.0 and not kind.among):
        raise ValueError(f"{shock.kind}: share {shock.share:g} is no part of those that it can reach")
    if shock.day < 0 or shock.days < 1 or (shock.days > 1 and not kind.takes_days):
        raise ValueError(f"{shock.kind}: day {shock.day} for {shock.days} days is no time at which it can happen")


def shock_paths(shocks: tuple[Shock, ...], days: int, several: Mapping[str, int]) -> dict[str, NDArray[np.float64]]:
    """Each kind's value on each of `days` days and the one after, by the name of its path in the parameters.

    `several` are the numbers of those among whom a kind reaches some: such a path has the shape `(days + 1, number)`.
    """
    values = {
        f"shocks.{kind.path}": np.full((days + 1, *([several[kind.among]] if kind.among else [])), kind.neutral)
        for kind in KINDS.values()
    }
    for shock in shocks:
        kind = KINDS[shock.kind]
        path = values[f"shocks.{kind.path}"]
        reached = slice(round(shock.share * several[kind.among])) if kind.among else ...
        last = days if kind.span == "for good" else shock.day + shock.days - 1
        for day in range(shock.day, min(last, days) + 1):
            path[day, reached] = kind.combine(path[day, reached], kind.of_day(_due(kind, shock, day - shock.day)))
    return values


def _due(kind: ShockKind, shock: Shock, place: int) -> float:
    """The size on one of its days: where days share it evenly, that day's part of what the days before have left."""
    if kind.span != "spread":
        return shock.size
    part = shock.size / shock.days
    return min(part / (1.0 - part * place), 1.0)
