"""Providers' conduct: gains from cheating, and deterrents."""

from __future__ import annotations

from typing import Literal

from model.registry import Contract, parameter

Behaviours = tuple[float, float, float]
Served = tuple[float, float]


class Conduct(Contract):
    saving: Behaviours = parameter(
        (0.5, 0.9, 1.0),
        unit="share of the cost of the work",
        low=0.0,
        high=1.0,
        source="assumption: a smaller model costs half, made-up text nearly nothing",
        doc="Cost saved by serving a smaller model, by serving garbage, and by being off.",
    )
    harm: Served = parameter(
        (0.5, 1.0),
        unit="share of a job's value",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Consumer's loss on a job done by a smaller model and by garbage; who is off is paid nothing.",
    )
    principled_share: float = parameter(
        0.8,
        unit="share of providers",
        low=0.0,
        high=1.0,
        source="assumption: most do not reckon; without them every provider cheats on the day on which it pays",
        doc="Providers who never cheat, whatever it would gain.",
    )
    temptation_sigma: float = parameter(
        1.0,
        unit="log standard deviation",
        low=0.0,
        high=4.0,
        source="assumption",
        doc="Spread between providers of what cheating saves (log-normal, mean one).",
    )
    revision_per_day: float = parameter(
        0.1,
        unit="chance a day",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Chance that a provider reconsiders its behaviour on a day.",
    )
    gain_when_caught: Literal["kept", "lost"] = parameter(
        "kept",
        unit="",
        source="assumption: payments are released after an hour, before most canaries are judged",
        doc="Whether a provider who is caught keeps what the day's cheating saved.",
    )
    horizon_days: float = parameter(
        365.0,
        unit="days",
        low=0.0,
        high=36_500.0,
        source="assumption: Shapiro and Stiglitz 1984, 1 / (discount + exit)",
        doc="Days of profit that a provider fears to lose by a ban; 0 counts the slash alone.",
    )
