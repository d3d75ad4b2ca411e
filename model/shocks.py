"""Shocks: what happens to an economy on a day because a scenario says so.

A kind is an entry of `KINDS`; genesis turns the shocks of each kind into a value a day, `params["shocks.<path>"]`, and
the policies that it acts on read the day's. The value of a day on which nothing happens changes nothing, bit for bit.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np


@dataclass(frozen=True)
class Shock:
    """A shock of `size` on a day, counted from 0 as a proposal's is; of `days` days where its kind lasts."""

    day: int
    kind: str
    size: float
    days: int = 1


@dataclass(frozen=True)
class Kind:
    """What a kind of shock is.

    `unit` is that of its size, `low` and `high` are inclusive. `of_day` gives a day's value in `path` from the size;
    the values of one day are put together by `combine`, from `neutral`. It acts where the mechanisms that it `needs`
    are on (where a pool makes the price, `needs_in_pool` too) and no process of `instead` is given from outside.
    """

    doc: str
    path: str
    unit: str
    low: float
    high: float
    lasts: bool
    neutral: float
    combine: Callable[[float, float], float]
    of_day: Callable[[float], float] = float
    needs: tuple[str, ...] = ()
    needs_in_pool: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "price_jump": Kind(
            "Where a pool makes the price, news that multiplies the value which speculators see by one plus the size, "
            "forgotten like other news; where a process makes it, the price itself is multiplied.",
            path="price_jump",
            unit="relative change",
            low=-0.999,
            high=999.0,
            lasts=False,
            neutral=0.0,
            combine=lambda one, other: one + other,
            of_day=math.log1p,
            needs=("price",),
            needs_in_pool=("speculators",),
            instead=("price_usd",),
        ),
        "volatility_regime": Kind(
            "The standard deviations of speculators' noise and news, or without a pool `market.volatility`, are "
            "multiplied by the size.",
            path="volatility",
            unit="factor",
            low=0.01,
            high=100.0,
            lasts=True,
            neutral=1.0,
            combine=lambda one, other: one * other,
            needs=("price",),
            needs_in_pool=("speculators",),
            instead=("price_usd",),
        ),
    }
)
"""Every kind of shock by the name that a scenario gives it."""


def check(shock: Shock) -> None:
    """Raise ValueError where a shock is of no kind, outside its bounds, or before genesis."""
    kind = KINDS.get(shock.kind)
    if kind is None:
        raise ValueError(f"no such kind of shock: {shock.kind!r}; allowed: {', '.join(KINDS)}")
    if not kind.low <= shock.size <= kind.high:
        raise ValueError(f"{shock.kind}: size {shock.size:g} is outside {kind.low:g} to {kind.high:g}")
    if shock.day < 0 or shock.days < 1 or (shock.days > 1 and not kind.lasts):
        raise ValueError(f"{shock.kind}: day {shock.day} for {shock.days} days is no time at which it can happen")


def by_day(shocks: tuple[Shock, ...], days: int) -> dict[str, np.ndarray]:
    """Each kind's value on each of `days` days and the one after, by the name of its path in the parameters."""
    values = {f"shocks.{kind.path}": np.full(days + 1, kind.neutral) for kind in KINDS.values()}
    for shock in shocks:
        kind = KINDS[shock.kind]
        path = values[f"shocks.{kind.path}"]
        for day in range(shock.day, min(shock.day + shock.days, days + 1)):
            path[day] = kind.combine(path[day], kind.of_day(shock.size))
    return values
