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
    sell_share: float = parameter(
        0.6,
        unit="share of income",
        low=0.0,
        high=1.0,
        source="assumption: hardware and power are paid in USD",
        doc="Part of yesterday's income that providers and validators sell.",
    )
