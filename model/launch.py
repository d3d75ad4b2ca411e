"""The launch: six phases, and whether a day is past the beginning of one.

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


def begun(params: Values, state: Values, since: str) -> Array:
    """Whether the first day that the constant `since` names has come, 1.0 or 0.0, `(*batch)`."""
    first = params[since]
    xp = namespace(first)
    return xp.astype(state["day"] >= first, xp.float64)
