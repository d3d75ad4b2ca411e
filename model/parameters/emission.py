"""EmissionController: the release schedule of provider rewards and its growth multiplier."""

from __future__ import annotations

from typing import Literal

from model.registry import Contract, parameter

Years = tuple[float, float, float, float, float, float, float, float, float, float]


class Emission(Contract):
    schedule: Literal["table", "pure_halving"] = parameter(
        "table",
        unit="",
        source="WHITEPAPER 2.3 (table); SPEC, Core Contracts (halving events)",
        doc="Ten yearly amounts and a tail, or a schedule that halves from the first year and sums to the pool.",
    )
    yearly_quiv: Years = parameter(
        (70e6, 52.5e6, 35e6, 35e6, 21e6, 21e6, 21e6, 21e6, 21e6, 21e6),
        unit="QUIV a year",
        low=0.0,
        high=350e6,
        source="WHITEPAPER 2.3",
        doc="Provider rewards emitted in each of the first ten years, uniform over the days of a year.",
    )
    tail_first_rate_quiv: float = parameter(
        10.5e6,
        unit="QUIV a year",
        low=0.0,
        high=350e6,
        source="WHITEPAPER 2.3 (then halving every 4 years), read as half of year ten's 21 M from year eleven",
        doc="Yearly emission when the tail begins; 21000000 halves first after year 14, 3937500 fits 350 M.",
    )
    halving_years: int = parameter(
        4,
        unit="years",
        low=1,
        high=20,
        structural=True,
        source="WHITEPAPER 2.3 (halving every 4 years)",
        doc="Years between two halvings.",
    )
    growth_reading: Literal["ratio", "rate"] = parameter(
        "ratio",
        unit="",
        source="assumption: SPEC, Emission Rate Control, leaves networkGrowth undefined",
        doc="networkGrowth: the ratio of tokens served in two windows, or that ratio less one.",
    )
    growth_window_days: int = parameter(
        90,
        unit="days",
        low=7,
        high=365,
        structural=True,
        source="assumption: a quarter, as governance's own limit on change",
        doc="Length of the two windows whose served tokens are compared; the multiplier is 1 until both are full.",
    )
    growth_smoothing_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=365.0,
        source="assumption: a month smooths weekly cycles",
        doc="Time constant of the exponential average of network growth.",
    )
    growth_floor: float = parameter(
        0.0,
        unit="ratio",
        low=0.0,
        high=1.0,
        source="assumption: an emission cannot be negative",
        doc="Lower clamp of the growth multiplier.",
        governed="economic",
        target="EmissionController.growthFloor",
    )
    growth_cap: float = parameter(
        2.0,
        unit="ratio",
        low=0.0,
        high=2.0,
        source="SPEC, Emission Rate Control (math.Min(networkGrowth, 2.0))",
        doc="Upper clamp of the growth multiplier.",
        governed="economic",
        target="EmissionController.growthCap",
    )
    speed_bonus: float = parameter(
        1.2,
        unit="ratio",
        low=1.0,
        high=10.0,
        source="WHITEPAPER (speed 1.2x), read as a weight in sharing out work rewards: no payment has 144 %",
        doc="Weight of the work of a provider whose first token comes in time; 1 switches it off.",
    )
    speed_bar_s: float = parameter(
        1.0,
        unit="seconds",
        low=0.0,
        high=3600.0,
        source="assumption: bars are 100 ms (WHITEPAPER), 300 ms (README), 2 s (ROOT) and 5 s (REWARDS)",
        doc="Time to the first token that earns the speed bonus.",
    )
    quality_bonus: float = parameter(
        1.5,
        unit="ratio",
        low=1.0,
        high=10.0,
        source="WHITEPAPER (quality up to 1.5x), read as a weight in sharing out work rewards",
        doc="Weight of the work of a provider all of whose jobs succeed, rising from 1 at none; 1 switches it off.",
    )
    staking_share: float = parameter(
        0.30,
        unit="share of emission",
        low=0.0,
        high=1.0,
        source="assumption: no document says how staking yield is funded; 30 % to stake, 70 % to work",
        doc="Part of emission paid to stakers; the rest is paid for work.",
        governed="economic",
        target="EmissionController.stakingShare",
    )
