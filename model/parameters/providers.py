"""Providers and validators: capacity, and what they sell of their income."""

from __future__ import annotations

from model.registry import Contract, parameter


class Providers(Contract):
    capacity_tokens_per_day: float = parameter(
        1.1e6,
        unit="small-model tokens a day",
        low=0.0,
        high=1e13,
        source="assumption: 200 providers run at about a third of capacity at genesis",
        doc="Mean capacity of a provider at genesis.",
    )
    capacity_sigma: float = parameter(
        0.8,
        unit="log standard deviation",
        low=0.0,
        high=4.0,
        source="assumption",
        doc="Spread of capacity between providers (log-normal).",
    )
    capacity_growth: float = parameter(
        0.4,
        unit="1 / year",
        low=-2.0,
        high=5.0,
        source="assumption: providers add hardware more slowly than early demand grows",
        doc="Growth rate of each provider's capacity.",
    )
    cost_usd_per_token: float = parameter(
        5e-5,
        unit="USD a day per small-model token a day",
        low=0.0,
        high=1.0,
        source="assumption: half of what capacity earns at genesis",
        doc="Mean cost of having capacity, used or not, at genesis.",
    )
    cost_sigma: float = parameter(
        0.3,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption",
        doc="Spread of cost between providers (log-normal).",
    )
    cost_decline: float = parameter(
        0.3,
        unit="1 / year",
        low=-2.0,
        high=3.0,
        source="assumption: hardware gets a quarter cheaper a year",
        doc="Rate at which costs fall.",
    )
    initial_online: float = parameter(
        0.75,
        unit="share of providers",
        low=0.0,
        high=1.0,
        source="assumption: some wait and see",
        doc="Chance that a provider is online at genesis.",
    )
    entry_speed: float = parameter(
        0.02,
        unit="probability a day per unit of margin",
        low=0.0,
        high=10.0,
        source="assumption: one in a hundred a day at a margin of a half (POKT's nodes moved 24 % a month)",
        doc="Readiness to enter at a profit and to leave at a loss.",
    )
    income_days: float = parameter(
        14.0,
        unit="days",
        low=1.0,
        high=365.0,
        source="assumption: two weeks of income are looked at",
        doc="Time constant of the income that providers expect.",
    )
    sell_share: float = parameter(
        0.6,
        unit="share of income",
        low=0.0,
        high=1.0,
        source="assumption: hardware and power are paid in USD",
        doc="Part of yesterday's income that providers and validators sell.",
    )
