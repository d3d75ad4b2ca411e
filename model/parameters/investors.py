"""Investors: holders of each allocation and the capital beside them, and how they weigh price against value."""

from __future__ import annotations

from model.registry import Contract, parameter

CLASSES = ("team", "investors", "public", "ecosystem")
"""The allocations that holders benefit from, in the allocations' order: the axis of every quantity by class."""

PerClass = tuple[float, float, float, float]


class Investors(Contract):
    required: PerClass = parameter(
        (0.10, 0.20, 0.15, 0.15),
        unit="log return over a year",
        low=-5.0,
        high=5.0,
        source="assumption: a team believes in its token more than a fund that must show returns",
        doc="Return that team, investors, public and ecosystem require to hold any of the token.",
    )
    capital_share: PerClass = parameter(
        (0.05, 0.15, 0.25, 0.05),
        unit="share of the value of the whole supply",
        low=0.0,
        high=100.0,
        source="assumption: half of the value in all, so that a token at its value is over half of its holders' wealth",
        doc="Outside capital of each class that follows the token.",
    )
    capital_days: float = parameter(
        60.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: capital moves in months (Duffie 2010)",
        doc="Time constant with which outside capital comes and goes.",
    )
    risk: float = parameter(
        1.5,
        unit="log return over a year",
        low=0.01,
        high=100.0,
        source="assumption: risk aversion of 2 times a variance of 0.8 a year",
        doc="Premium over the required return at which all wealth is held in the token.",
    )
    attention: float = parameter(
        0.25,
        unit="share a day",
        low=0.0,
        high=1.0,
        source="assumption: a quarter of investors look on a day; returns then have little memory, as real ones",
        doc="Part of the way to the wished position that is traded in a day.",
    )
    savings_hazard: float = parameter(
        0.03,
        unit="share a day",
        low=0.0,
        high=1.0,
        source="assumption: income is looked at once a month",
        doc="Part of providers' and validators' liquid tokens beyond their wish that they sell in a day.",
    )
    saver_required: float = parameter(
        0.15,
        unit="log return over a year",
        low=-5.0,
        high=5.0,
        source="assumption: as the public",
        doc="Return that providers and validators require to keep what they earn.",
    )
    foresight: float = parameter(
        1.0,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption: the calendar is published, so it is priced",
        doc="Part of the coming year's unlocks and emission that investors count in their position.",
    )
    return_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: who sold everything in a panic comes back within months",
        doc="Time constant with which those who dumped their tokens come back to the market.",
    )
