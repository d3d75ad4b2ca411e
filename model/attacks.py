"""Attacks: what some agents do against the rules because a scenario says so.

A kind is an entry of `KINDS`. The attackers (`crew`) are `count` agents of each class that the kind names, from number
`first` on. Genesis turns the attacks of a scenario into values by day and agent, `params["attacks.<path>"]`, and the
policies that they act through read the day's. Where nothing is attacked every path is neutral, one row long, and
changes nothing, bit for bit. What attackers gain is measured, not assumed (`experiments/validation/attack_value.py`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from model.arrays import Array, Values, namespace

CLASSES = ("providers", "consumers", "validators", "holders")
"""Classes of agents that attackers can be of."""


@dataclass(frozen=True)
class Attack:
    """An attack of a kind from a day on, for `days` days, by `count` agents of a class from number `first` on.

    `size` is in the unit of its kind, `outlay_usd` what it costs outside the token's economy. Attackers who are
    providers own at least `stake_quiv` at genesis, are online and stay until the attack takes them away. `value` is
    what a kind that asks the treasury for a payment asks for, QUIV; other kinds have none. Attackers of an attack that
    is not `active` do nothing unusual: the other side of a comparison.
    """

    kind: str
    size: float
    day: int = 0
    days: int = 36_500
    first: int = 0
    count: int = 1
    outlay_usd: float = 0.0
    stake_quiv: float = 20_000.0
    value: float | None = None
    active: bool = True


@dataclass(frozen=True)
class AttackKind:
    """A kind of attack.

    `unit` is that of its size, `low` and `high` are inclusive. `crew` are the classes whose agents take part, `victims`
    the class that pays for it, or the treasury; `deterrent` is the parameter that should make it unprofitable. It acts
    through the mechanisms that it `needs`. Of a kind whose size is `whole` there are no parts. A kind that `asks`
    proposes that the treasury pay its attackers (`Economy.script`): where one is, quiet or not, agents make no
    proposals of their own.
    """

    doc: str
    unit: str
    low: float
    high: float
    crew: tuple[str, ...]
    victims: str
    deterrent: str
    needs: tuple[str, ...] = ()
    whole: bool = False
    asks: bool = False


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
        "identities": Path("providers", 1.0),
        "scripted_conduct": Path("providers"),
        "scripted_garbage": Path("providers"),
        "exits": Path("providers"),
        "gone": Path("providers"),
        "shielded": Path("providers"),
        "bribe_quiv": Path("providers"),
        "cartel": Path("validators"),
        "lazy": Path("validators"),
    }
)
"""Every path by name."""

KINDS: Mapping[str, AttackKind] = MappingProxyType(
    {
        "wash_trading": AttackKind(
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
        "congestion_toggle": AttackKind(
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
        "channel_griefing": AttackKind(
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
        "oracle_push": AttackKind(
            "The first `count` feeds report the price times one plus `size`; the attackers are as many providers, who "
            "earn more or less by it.",
            unit="relative error",
            low=-0.99,
            high=99.0,
            crew=("providers",),
            victims="consumers",
            deterrent="oracle.feeds",
            needs=("oracle",),
        ),
        "challenge_griefing": AttackKind(
            "Holders open `size` cases a day without reason, with bonds of their own, against innocent providers.",
            unit="cases a day",
            low=0.0,
            high=1e4,
            crew=("holders",),
            victims="providers",
            deterrent="challenges.bond_quiv",
            needs=("settlement", "challenges"),
        ),
        "sybil_tiers": AttackKind(
            "Providers split their stake over `size` identities each, for the lower cap on slashes of a lower tier; "
            "priority, models, discount, votes and promised yield are that tier's too.",
            unit="identities",
            low=1.0,
            high=10_000.0,
            crew=("providers",),
            victims="providers",
            deterrent="registry.large_model_tier",
            needs=("settlement", "staking"),
            whole=True,
        ),
        "reputation_farming": AttackKind(
            "Providers are honest until the day whatever pays, then `size` of their work is garbage, and when it is "
            "over they go offline for good and take out all of their stake.",
            unit="share of work",
            low=0.0,
            high=1.0,
            crew=("providers",),
            victims="consumers",
            deterrent="validation.canary_share",
            needs=("settlement", "conduct", "staking", "entry"),
        ),
        "slash_evasion": AttackKind(
            "The same, and on the day on which they begin to cheat they ask for all of their stake above the lowest "
            "tier, so that it unbonds, and is released, while nobody has caught them yet.",
            unit="share of work",
            low=0.0,
            high=1.0,
            crew=("providers",),
            victims="consumers",
            deterrent="staking.unbonding_days",
            needs=("settlement", "conduct", "staking", "entry"),
        ),
        "validator_cartel": AttackKind(
            "Providers serve nothing but garbage, and validators of the same numbers vote for them on every panel, for "
            "`size` QUIV a vote of a majority. Nobody else knows, so challengers go on challenging; canaries are not "
            "for sale.",
            unit="QUIV a vote",
            low=0.0,
            high=1e7,
            crew=("providers", "validators"),
            victims="consumers",
            deterrent="validation.exposure",
            needs=("settlement", "conduct", "challenges"),
        ),
        "lazy_validators": AttackKind(
            "Validators vote on `size` of their tasks without looking, whatever pays, and save what looking costs.",
            unit="share of tasks",
            low=0.0,
            high=1.0,
            crew=("validators",),
            victims="consumers",
            deterrent="validation.check_share",
            needs=("settlement", "validation"),
        ),
        "vote_buying": AttackKind(
            "Holders each buy `size` QUIV in the auction of the day before, and propose that the treasury pay them.",
            unit="QUIV",
            low=0.0,
            high=1e9,
            crew=("holders",),
            victims="treasury",
            deterrent="governance.timelock_days",
            needs=("governance",),
            asks=True,
        ),
        "vote_borrowing": AttackKind(
            "Holders each borrow `size` QUIV for the day on which the vote on their own payment closes; where votes "
            "are those of a snapshot it gives them none.",
            unit="QUIV",
            low=0.0,
            high=1e9,
            crew=("holders",),
            victims="treasury",
            deterrent="governance.snapshot",
            needs=("governance",),
            asks=True,
        ),
        "delegate_bribery": AttackKind(
            "Holders bribe `size` of all providers to vote for their payment, with the votes of those who delegate to "
            "them and leave theirs to them too.",
            unit="share of providers",
            low=0.0,
            high=1.0,
            crew=("holders",),
            victims="treasury",
            deterrent="delegation.vote_share",
            needs=("governance",),
            asks=True,
        ),
        "proposal_spam": AttackKind(
            "Holders propose `size` times, once a week, that the treasury pay them: one vote may find nobody awake.",
            unit="proposals",
            low=0.0,
            high=500.0,
            crew=("holders",),
            victims="treasury",
            deterrent="governance.quorum",
            needs=("governance",),
            whole=True,
            asks=True,
        ),
    }
)
"""Every kind of attack by the name that a scenario gives it."""


def check_attack(attack: Attack) -> None:
    """Raise ValueError where an attack is of no kind, outside its bounds, or has no time or crew."""
    kind = KINDS.get(attack.kind)
    if kind is None:
        raise ValueError(f"no such kind of attack: {attack.kind!r}; allowed: {', '.join(KINDS)}")
    if not kind.low <= attack.size <= kind.high:
        raise ValueError(f"{attack.kind}: size {attack.size:g} is outside {kind.low:g} to {kind.high:g}")
    if kind.whole and attack.size != int(attack.size):
        raise ValueError(f"{attack.kind}: size {attack.size:g} is no whole number of {kind.unit}")
    if attack.value is not None and not kind.asks:
        raise ValueError(f"{attack.kind}: asks for no payment, so it has no value")
    if attack.day < 0 or attack.days < 1:
        raise ValueError(f"{attack.kind}: day {attack.day} for {attack.days} days is no time at which it can happen")
    if attack.first < 0 or attack.count < 1 or attack.outlay_usd < 0.0 or attack.stake_quiv < 0.0:
        raise ValueError(f"{attack.kind}: {attack.count} agents from number {attack.first} on are no crew")


def quiet(attacks: tuple[Attack, ...]) -> tuple[Attack, ...]:
    """The same attackers, who do nothing unusual."""
    return tuple(replace(attack, active=False) for attack in attacks)


def crews(attacks: tuple[Attack, ...], sizes: Mapping[str, int]) -> dict[str, NDArray[np.float64]]:
    """Attackers of each class, 1.0 or 0.0 by agent, and what those who are providers own at genesis at least, QUIV."""
    members = {name: np.zeros(sizes[name]) for name in CLASSES}
    owned = np.zeros(sizes["providers"])
    for attack in attacks:
        numbers = slice(attack.first, attack.first + attack.count)
        for name in KINDS[attack.kind].crew:
            members[name][numbers] = 1.0
        if "providers" in KINDS[attack.kind].crew:
            owned[numbers] = np.maximum(owned[numbers], attack.stake_quiv)
    return {f"attacks.crew_{name}": mask for name, mask in members.items()} | {"attacks.own_quiv": owned}


def attack_paths(attacks: tuple[Attack, ...], sizes: Mapping[str, int], days: int) -> dict[str, NDArray[np.float64]]:
    """Each path's values `(days + 1, agents)`, or `(1, agents)` where nothing is attacked: `attacks.<path>`."""
    rows = days + 1 if any(attack.active for attack in attacks) else 1
    values = {name: np.full((rows, sizes[path.axis]), path.neutral) for name, path in PATHS.items()}
    for attack in attacks:
        if attack.active:
            _write(values, attack, min(attack.day + attack.days, rows))
    return {f"attacks.{name}": path for name, path in values.items()}


def _write(values: dict[str, NDArray[np.float64]], attack: Attack, end: int) -> None:
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
    elif attack.kind == "sybil_tiers":
        values["identities"][time, crew] = attack.size
    elif attack.kind in ("reputation_farming", "slash_evasion"):
        values["scripted_conduct"][:, crew] = 1.0
        values["scripted_garbage"][time, crew] = attack.size
        values["exits"][attack.day if attack.kind == "slash_evasion" else end :, crew] = 1.0
        values["gone"][end:, crew] = 1.0
    elif attack.kind == "validator_cartel":
        values["scripted_conduct"][time, crew] = values["scripted_garbage"][time, crew] = 1.0
        values["shielded"][time, crew] = values["cartel"][time, crew] = 1.0
        values["bribe_quiv"][time, crew] = attack.size
    elif attack.kind == "lazy_validators":
        values["lazy"][time, crew] = attack.size


def today(params: Values, path: str, day: Array) -> Array:
    """A path's values of a day, by agent."""
    values = params[f"attacks.{path}"]
    xp = namespace(values)
    return values[xp.minimum(day, values.shape[-2] - 1)]
