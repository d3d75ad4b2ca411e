"""PricingOracle: the price of inference in QUIV."""

from __future__ import annotations

from typing import Literal

from model.registry import Contract, parameter

SIZES = ("small", "medium", "large")
"""The axis of every per-model-size quantity."""

Sizes = tuple[float, float, float]


class Pricing(Contract):
    base_rate_quiv: float = parameter(
        0.001,
        unit="QUIV per token",
        low=1e-9,
        high=10.0,
        source="WHITEPAPER, pricing (base rate 0.001 QUIV per token)",
        doc="Base rate of a small model.",
        governed="economic",
        target="PricingOracle.baseRate",
    )
    numeraire: Literal["quiv", "usd"] = parameter(
        "usd",
        unit="",
        source="WHITEPAPER, pricing, has a number of QUIV and no rule for a token that moves",
        doc="Currency in which the base rate holds still: the token's, or USD by way of the oracle's price.",
    )
    peg_price_usd: float = parameter(
        0.05,
        unit="USD per QUIV",
        low=1e-9,
        high=1e9,
        source="assumption: with WHITEPAPER's base rate 5e-5 USD a token, and then three quarters of capacity in use",
        doc="Token price at which a base rate held in USD is as many QUIV as the base rate says.",
    )
    peg_decline: float = parameter(
        0.0,
        unit="1 / year",
        low=-2.0,
        high=3.0,
        source="assumption: none, for the supply factor already lowers the quote as machines grow",
        doc="Rate at which a base rate held in USD falls.",
    )
    complexity: Sizes = parameter(
        (1.0, 3.0, 10.0),
        unit="ratio",
        low=0.01,
        high=1000.0,
        source="WHITEPAPER, pricing (model complexity 1x / 3x / 10x)",
        doc="Base rate, and compute, of a token of each model size over that of a small one.",
    )
    multiplier_low: float = parameter(
        0.8,
        unit="ratio",
        low=0.01,
        high=1.0,
        source="WHITEPAPER, pricing (demand multiplier 0.8x-2x)",
        doc="Lower clamp of the demand multiplier.",
        governed="economic",
        target="PricingOracle.multiplierLow",
    )
    multiplier_high: float = parameter(
        2.0,
        unit="ratio",
        low=1.0,
        high=100.0,
        source="WHITEPAPER, pricing (demand multiplier 0.8x-2x)",
        doc="Upper clamp of the demand multiplier.",
        governed="economic",
        target="PricingOracle.multiplierHigh",
    )
    target_utilisation: float = parameter(
        0.6,
        unit="share of capacity",
        low=0.05,
        high=1.0,
        source="assumption: the middle of the fee controller's dead zone",
        doc="Demand over reference capacity at which the demand multiplier is one.",
    )
    smoothing_days: float = parameter(
        7.0,
        unit="days",
        low=1.0,
        high=365.0,
        source="assumption: a week, so that weekends do not move prices",
        doc="Time constant of the exponential average of demand that the oracle reads.",
    )
    supply_reading: Literal["capacity", "providers"] = parameter(
        "capacity",
        unit="",
        source="WHITEPAPER, pricing, says number of providers; its price would then fall as 1/N",
        doc="Supply factor: capacity over the reference capacity, or the number of active providers.",
    )
    supply_floor: float = parameter(
        0.01,
        unit="ratio",
        low=1e-9,
        high=1.0,
        source="assumption: the smallest supply that the spec's integer code does not divide by zero on",
        doc="Lowest supply factor that the price is divided by.",
    )
    price_floor_quiv: float = parameter(
        1e-18,
        unit="QUIV per token",
        low=0.0,
        high=1.0,
        source="assumption: one unit of the token's 18 decimals",
        doc="Lowest price of a token.",
    )
