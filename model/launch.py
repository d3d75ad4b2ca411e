"""The launch: six phases, what belongs to each of them and why, and whether a day is past its beginning.

A block of the day belongs to one phase and rests before it: its flows are zero, its figures keep the values of genesis
(`experiments/engines/launch.py`). What only watches (a price seen yesterday, a window of served tokens) goes on, so
that a phase does not begin with a memory of the weeks in which it was not there. Source: SPEC, Migration Plan; which
block belongs to which phase is an assumption where the plan does not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from model.arrays import Array, Values, namespace


@dataclass(frozen=True)
class Phase:
    """A phase of the plan: its weeks, the parameter with its first day (none: day 0), that day in the plan."""

    weeks: str
    since: str
    day: int
    doc: str


@dataclass(frozen=True)
class Part:
    """A block's phase and why it is there; `since` is its first day, if other than the phase's; `goes_on` watches."""

    phase: str
    why: str
    since: str = ""
    goes_on: tuple[str, ...] = ()

    @property
    def day(self) -> str:
        """The name of the constant that has the block's first day; none for day 0."""
        return self.since or PHASES[self.phase].since


PHASES: Mapping[str, Phase] = MappingProxyType(
    {
        "token": Phase("1-2", "", 0, "The token, the treasury, the emission controller."),
        "staking": Phase("3-4", "launch.staking_day", 14, "Staking, the provider registry, slashing."),
        "payments": Phase("5-6", "launch.payments_day", 28, "Payments for inference, channels, fee distribution."),
        "quality": Phase("7-8", "launch.quality_day", 42, "Validators, challenges, receipts that count for quality."),
        "governance": Phase("9-10", "launch.governance_day", 56, "Proposals, votes, changes of parameters."),
        "integration": Phase("11-12", "launch.integration_day", 70, "All components are connected: the feedbacks."),
    }
)
"""The phases in the order of the plan."""

LAUNCHES: Mapping[str, Mapping[str, int]] = MappingProxyType(
    {
        "launch_12_weeks": {name: phase.day for name, phase in PHASES.items() if phase.since},
        "all_on": {name: 0 for name, phase in PHASES.items() if phase.since},
    }
)
"""Launches that a scenario can name: first days by phase."""

STAKED, SERVED, CONNECTED = "genesis.staked_day", "genesis.served_day", "genesis.connected_day"
"""The first day with a stake, the day after staking begins; the first with that and with payments; and the first of
integration with such a day before it, for feedbacks that read what served or was paid."""

PARTS: Mapping[str, Part] = MappingProxyType(
    {
        "open": Part("token", "The clock."),
        "vesting": Part("token", "Allocations unlock from the token's first day."),
        "emission": Part("token", "The plan names the controller; it mints from the day that somebody can earn it."),
        "oracle": Part("token", "The market's price is public from the first trade on."),
        "speculators": Part("token", "Nobody needs the network to trade its token."),
        "market": Part("token", "A token that exists is traded."),
        "power": Part("token", "The days for which a stake has stood count before there is a vote."),
        "treasury": Part("token", "The plan names it: grants and operations' budget."),
        "price": Part("token", "A token that exists has a price."),
        "close": Part("token", "The clock."),
        "staking": Part("staking", "The plan names it.", goes_on=("price_seen_usd", "price_trend")),
        "rewards": Part("staking", "Stake is paid from the first day that it stands.", STAKED),
        "registry": Part("staking", "The plan names it: standing needs a stake.", STAKED),
        "delegation": Part("staking", "A part of staking; first choices are made as if all had staked.", STAKED),
        "slashing": Part("staking", "The plan names it; before there is work only the idle have a reason.", STAKED),
        "outside": Part("payments", "Who cannot pay compares nothing."),
        "demand": Part("payments", "Orders are payments."),
        "matching": Part("payments", "The price of an order, from its first day on."),
        "conduct": Part("payments", "Nobody cheats at work that is not there.", SERVED),
        "capacity": Part("payments", "Hardware runs when work can come.", SERVED),
        "jobs": Part("payments", "The plan names the inference handler."),
        "award": Part("payments", "A part of serving jobs."),
        "failures": Part("payments", "A part of serving jobs."),
        "escrow": Part("payments", "Payments are held and released."),
        "channels": Part("payments", "The plan names them."),
        "settlement": Part("payments", "The plan names fee distribution."),
        "latency": Part("payments", "A part of serving jobs."),
        "satisfaction": Part("payments", "Consumers judge what they pay for."),
        "providers": Part(
            "payments", "They come and go by income, so from the first day that there can be some.", SERVED
        ),
        "metering": Part("payments", "Utilisation is that of paid work."),
        "validation": Part("quality", "The plan names validators; harm is felt before.", goes_on=("harm_share",)),
        "challenges": Part("quality", "The plan names them, with disputes."),
        "insurance": Part("quality", "A claim needs a loss that was shown."),
        "reputation": Part("quality", "Receipts and verdicts make a name."),
        "electorate": Part("governance", "Nobody thinks of proposals that cannot be made."),
        "governance": Part("governance", "The plan names it."),
        "pricing": Part(
            "integration", "Connects capacity and demand with the quote; base rates hold before.", CONNECTED
        ),
        "maker": Part(
            "integration",
            "Connects the treasury with the market.",
            goes_on=("maker_variance", "maker_last_price_usd"),
        ),
        "intervention": Part(
            "integration", "Connects the treasury with the market.", goes_on=("treasury_reference_usd",)
        ),
        "priority": Part("integration", "Connects the queue with the fee.", CONNECTED),
        "rebates": Part("integration", "Connects tiers, volume, channels and referrals with the fee.", CONNECTED),
        "fees": Part("integration", "Connects congestion with the fee.", CONNECTED),
        "burn_governor": Part("integration", "Connects inflation with the burn.", goes_on=("quarter_supply_quiv",)),
        "growth": Part(
            "integration",
            "Connects served work with emission; served tokens are counted before.",
            goes_on=("growth_entry", "growth_recent_tokens", "growth_previous_tokens", "growth_smoothed"),
        ),
    }
)
"""Every block of a day by name."""


def begun(params: Values, state: Values, since: str) -> Array:
    """Whether the first day that the constant `since` names has come, 1.0 or 0.0, `(*batch)`."""
    first = params[since]
    xp = namespace(first)
    return xp.astype(state["day"] >= first, xp.float64)
