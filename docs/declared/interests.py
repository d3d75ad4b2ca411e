"""Interests: which group of agents gains or loses by a change of each governed parameter."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import code, page, table
from experiments.words import exact
from model.parameters import REGISTRY
from model.parameters.interests import GROUPS, INTERESTS, Interest

FILE = "interests.md"


def text() -> str:
    """The page."""
    return page("Interests", _parts())


MOVED = {
    "payments": "a year's payments for inference",
    "scaled_payments": "a year's payments times the fee multiplier, while the limit on the take does not bind",
    "bound_payments": "a year's payments, while the limit on the take binds",
    "network_fee": "a year's network fee as it is taken",
    "clamped_fee": "a year's network fee, while the multiplier is at its upper clamp and the limit does not bind",
    "emission": "a year's emission",
    "staking_rewards": "a year's staking rewards",
    "one": "itself",
}
"""What each base of an interest is, in words."""


OF_GROUP = {
    "work": "providers by their work",
    "stake": "providers by their own stake",
    "delegation": "holders by what they delegate",
    "spending": "consumers by what they pay",
    "contribution": "ecosystem holders by grants and operations' pay",
    "tokens": "all by the tokens they own",
}


def _parts() -> Iterable[str]:
    yield (
        f"Why agents propose and vote: the {len(INTERESTS)} governed parameters by which somebody gains or loses at "
        "first hand. A change moves its size (where it counts as relative, its size over the live value) times what is "
        "moved in a year, and of that each group gains the part in its column; within a group each agent has its own "
        "part. All is at today's flows, without what others will do about it; an agent's gain is the sum over groups, "
        "times `governance.horizon_years`. A governed parameter that is not here is proposed by scripts alone. The "
        "parts are assumptions (`model/parameters/interests.py`)."
    )
    yield "The groups: " + "; ".join(f"{group}, {who}" for group, who in OF_GROUP.items()) + "."
    heads = ["Parameter", "Type", "Default", "Moves", "Change", *(group.capitalize() for group in GROUPS)]
    yield table(heads, [_interest(name, interest) for name, interest in INTERESTS.items()])


def _interest(name: str, interest: Interest) -> list[str]:
    entry = REGISTRY[name]
    parts = [
        f"{interest.gains[group]:+g}".replace("-", "\N{MINUS SIGN}") if group in interest.gains else ""
        for group in GROUPS
    ]
    way = "relative" if interest.relative else "absolute"
    return [code(name), entry.governed, exact(entry.default), MOVED[interest.base], way, *parts]
