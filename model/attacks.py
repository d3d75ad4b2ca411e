"""Attacks: what some agents do against the rules because a scenario says so.

A kind is an entry of `KINDS`. The agents of an attack are its crew: `count` of each class that the kind names, from
number `first` on. Genesis turns the attacks of a scenario into values by day and agent, `params["attacks.<path>"]`, and
the policies that they act through read the day's. Where nothing is attacked every path is neutral, one row long, and
changes nothing, bit for bit. What the crew gains is measured, not assumed (`experiments/attack_value.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from model.arrays import Array, Values, namespace

CLASSES = ("providers", "consumers", "validators", "holders")
"""Classes of agents that a crew can have."""


@dataclass(frozen=True)
class Attack:
    """An attack of a kind from a day on, for `days` days, by `count` agents of a class from number `first` on.

    `size` is in the unit of its kind, `outlay_usd` what it costs outside the token's economy. Providers of the crew own
    at least `stake_quiv` at genesis, are online and stay until the attack takes them away. An attack that is not
    `active` has a crew that does nothing unusual: the other side of a comparison.
    """

    kind: str
    size: float
    day: int = 0
    days: int = 36_500
    first: int = 0
    count: int = 1
    outlay_usd: float = 0.0
    stake_quiv: float = 20_000.0
    active: bool = True


@dataclass(frozen=True)
class Kind:
    """What a kind of attack is.

    `unit` is that of its size, `low` and `high` are inclusive. `crew` are the classes whose agents take part, `victims`
    the class that pays for it; `deterrent` is the parameter that should make it unprofitable. It acts through the
    mechanisms that it `needs`.
    """

    doc: str
    unit: str
    low: float
    high: float
    crew: tuple[str, ...]
    victims: str
    deterrent: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Path:
    """Values by day and agent that attacks write: the agents' axis, and the value of a day without attack."""

    axis: str
    neutral: float = 0.0


PATHS: Mapping[str, Path] = MappingProxyType(
    {
        "wash_paid_quiv": Path("consumers"),
        "wash_earned_quiv": Path("providers"),
        "withdrawn_orders": Path("consumers"),
        "short_channel": Path("consumers"),
        "feed_bias": Path("feeds"),
        "challenges": Path("holders"),
    }
)
"""Every path by name."""

KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        "wash_trading": Kind(
            "Consumers pay providers of their own, each pair `size` QUIV a day, for jobs that nobody asked for, to "
            "farm work emission, cashback and other rebates, and get the tokens back overnight. No job needs capacity.",
            unit="QUIV a day",
            low=0.0,
            high=1e7,
            crew=("consumers", "providers"),
            victims="providers",
            deterrent="emission.staking_share",
            needs=("settlement", "demand"),
        ),
        "congestion_toggle": Kind(
            "On every other day consumers place orders for `size` of all capacity and withdraw them before they are "
            "served: the fee steps up on those days by more than it steps down on the days between.",
            unit="share of capacity",
            low=0.0,
            high=100.0,
            crew=("consumers",),
            victims="providers",
            deterrent="jobs.withdrawal_fee",
            needs=("settlement", "demand", "adaptive_fee"),
        ),
        "channel_griefing": Kind(
            "Consumers open a new channel every day and stream `size` of their spending by it, so that every day is an "
            "expiring channel's last, of whose vouchers some are not claimed in time.",
            unit="share of spending",
            low=0.0,
            high=1.0,
            crew=("consumers",),
            victims="providers",
            deterrent="channels.opening_fee_quiv",
            needs=("settlement", "demand", "channels"),
        ),
        "oracle_push": Kind(
            "The first `count` feeds report the price times one plus `size`; the crew are as many providers, who earn "
            "more or less by it.",
            unit="relative error",
            low=-0.99,
            high=99.0,
            crew=("providers",),
            victims="consumers",
            deterrent="oracle.feeds",
            needs=("oracle",),
        ),
        "challenge_griefing": Kind(
            "Holders open `size` cases a day without reason, with bonds of their own, against innocent providers.",
            unit="cases a day",
            low=0.0,
            high=1e4,
            crew=("holders",),
            victims="providers",
            deterrent="challenges.bond_quiv",
            needs=("settlement", "challenges"),
        ),
    }
)
"""Every kind of attack by the name that a scenario gives it."""


def check(attack: Attack) -> None:
    """Raise ValueError where an attack is of no kind, outside its bounds, or has no time or crew."""
    kind = KINDS.get(attack.kind)
    if kind is None:
        raise ValueError(f"no such kind of attack: {attack.kind!r}; allowed: {', '.join(KINDS)}")
    if not kind.low <= attack.size <= kind.high:
        raise ValueError(f"{attack.kind}: size {attack.size:g} is outside {kind.low:g} to {kind.high:g}")
    if attack.day < 0 or attack.days < 1:
        raise ValueError(f"{attack.kind}: day {attack.day} for {attack.days} days is no time at which it can happen")
    if attack.first < 0 or attack.count < 1 or attack.outlay_usd < 0.0 or attack.stake_quiv < 0.0:
        raise ValueError(f"{attack.kind}: {attack.count} agents from number {attack.first} on are no crew")


def quiet(attacks: tuple[Attack, ...]) -> tuple[Attack, ...]:
    """The same crews, who do nothing unusual."""
    return tuple(replace(attack, active=False) for attack in attacks)


def crews(attacks: tuple[Attack, ...], sizes: Mapping[str, int]) -> dict[str, np.ndarray]:
    """Who is of a crew, 1.0 or 0.0 by agent, for each class, and what its providers own at genesis at least, QUIV."""
    members = {name: np.zeros(sizes[name]) for name in CLASSES}
    owned = np.zeros(sizes["providers"])
    for attack in attacks:
        numbers = slice(attack.first, attack.first + attack.count)
        for name in KINDS[attack.kind].crew:
            members[name][numbers] = 1.0
        if "providers" in KINDS[attack.kind].crew:
            owned[numbers] = np.maximum(owned[numbers], attack.stake_quiv)
    return {f"attacks.crew_{name}": mask for name, mask in members.items()} | {"attacks.own_quiv": owned}


def by_day(attacks: tuple[Attack, ...], sizes: Mapping[str, int], days: int) -> dict[str, np.ndarray]:
    """Each path's values `(days + 1, agents)`, or `(1, agents)` where nothing is attacked: `attacks.<path>`."""
    rows = days + 1 if any(attack.active for attack in attacks) else 1
    values = {name: np.full((rows, sizes[path.axis]), path.neutral) for name, path in PATHS.items()}
    for attack in attacks:
        if attack.active:
            _write(values, attack, min(attack.day + attack.days, rows))
    return {f"attacks.{name}": path for name, path in values.items()}


def _write(values: dict[str, np.ndarray], attack: Attack, end: int) -> None:
    """Add what one attack does to the paths."""
    crew = slice(attack.first, attack.first + attack.count)
    time = slice(attack.day, end)
    if attack.kind == "wash_trading":
        values["wash_paid_quiv"][time, crew] += attack.size
        values["wash_earned_quiv"][time, crew] += attack.size
    elif attack.kind == "congestion_toggle":
        values["withdrawn_orders"][attack.day : end : 2, crew] += attack.size / attack.count
    elif attack.kind == "channel_griefing":
        values["short_channel"][time, crew] = attack.size
    elif attack.kind == "oracle_push":
        values["feed_bias"][time, : attack.count] = attack.size
    elif attack.kind == "challenge_griefing":
        values["challenges"][time, crew] += attack.size / attack.count


def today(params: Values, path: str, day: Array) -> Array:
    """A path's values of a day, by agent."""
    values = params[f"attacks.{path}"]
    xp = namespace(values)
    return values[xp.minimum(day, values.shape[-2] - 1)]
