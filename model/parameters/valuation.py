"""Valuation: what the token is worth by what the network pays holders, and the news about it."""

from __future__ import annotations

from model.registry import Contract, parameter


class Valuation(Contract):
    multiple_years: float = parameter(
        250.0,
        unit="years",
        low=0.0,
        high=100_000.0,
        source="assumption: burn over emission below 0.2, as of FIL, GEODNET and RENDER, means 100 and more",
        doc="Years of the take expected at the horizon that the whole supply is worth: 1 / (discount rate - growth).",
    )
    discount: float = parameter(
        0.2,
        unit="1 / year",
        low=0.001,
        high=10.0,
        source="assumption: what venture funds ask of a network that works",
        doc="Rate at which growth on the way to saturation is discounted.",
    )
    retained_weight: float = parameter(
        0.5,
        unit="ratio",
        low=0.0,
        high=1.0,
        source="assumption: half of what is kept is lost on its way to holders; at one, payout does not matter "
        "(Miller and Modigliani 1961)",
        doc="What a unit kept by treasury, operations or insurance is worth to holders, over a unit burned.",
    )
    smoothing_days: float = parameter(
        60.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: two months of receipts are looked at",
        doc="Time constant of the average of the take from which the token is valued.",
    )
    first_take_usd: float = parameter(
        0.0,
        unit="USD a day",
        low=0.0,
        high=1e12,
        source="the chain's receipts of the last two months, for a start from a snapshot",
        doc="Take before the first day; zero stands for what consumers' budgets promise at the base shares.",
    )
    news_sigma: float = parameter(
        0.88,
        unit="1 / sqrt(year)",
        low=0.0,
        high=10.0,
        source="assumption: daily and yearly changes of the price then vary as those of FIL, HNT and ETH",
        doc="Volatility of news about growth and the discount rate: value is a martingale in it.",
    )
    volatility_sigma: float = parameter(
        0.75,
        unit="log standard deviation",
        low=0.0,
        high=2.0,
        source="assumption: clustering of daily returns as in FIL, HNT, ETH and LPT; form as in Taylor 1986",
        doc="Spread of the log volatility of news.",
    )
    volatility_days: float = parameter(
        20.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: busy weeks last a month",
        doc="Time constant of the volatility of news.",
    )
