"""Providers: capacity by model size, cost, margin, downtime, quality, entry and sales of income."""

from __future__ import annotations

from pydantic import model_validator

from model.registry import Contract, parameter

Sizes = tuple[float, float, float]


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
    size_mix: Sizes = parameter(
        (0.5, 0.3, 0.2),
        unit="share of capacity",
        low=0.0,
        high=1.0,
        source="assumption: as consumers spend",
        doc="Split of providers' compute between small, medium and large models; scaled to sum to 1.",
    )
    size_sigma: float = parameter(
        0.5,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption: few serve every size alike",
        doc="Spread between providers of the compute for each model size (log-normal).",
    )
    downtime: float = parameter(
        0.0066,
        unit="share of days",
        low=0.0,
        high=1.0,
        source="Lido CSM, 1,225 validators of permissionless operators: 99.34 % up on average",
        doc="Mean chance that a provider who is online is down for a day.",
    )
    downtime_sigma: float = parameter(
        1.94,
        unit="log standard deviation",
        low=0.0,
        high=4.0,
        source="Lido CSM: median 99.90 % up against a mean of 99.34 %",
        doc="Spread of downtime between providers (log-normal).",
    )
    speed_sigma: float = parameter(
        0.3,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption",
        doc="Spread between providers of the time that they take for a job (log-normal).",
    )
    quality_sigma: float = parameter(
        0.8,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption",
        doc="Spread between providers of the chance that a job of theirs fails (log-normal).",
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
        doc="Mean cost of capacity, used or not, at genesis.",
    )
    margin: float = parameter(
        0.1,
        unit="share of cost",
        low=0.0,
        high=10.0,
        source="assumption: a tenth over cost",
        doc="Mean return over cost that a provider requires: it enters for it, and bids it.",
    )
    margin_sigma: float = parameter(
        0.5,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption",
        doc="Spread of the margin between providers (log-normal).",
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
        doc="Time constant of providers' expected income.",
    )
    sell_share: float = parameter(
        0.6,
        unit="share of profit",
        low=0.0,
        high=1.0,
        source="assumption: some of the profit is kept in QUIV",
        doc="Part of yesterday's profit that providers sell beside what covers cost; validators sell it of income.",
    )

    @model_validator(mode="after")
    def _some_size(self) -> Providers:
        if sum(self.size_mix) <= 0.0:
            raise ValueError("providers.size_mix is zero for every model size; at least one must be above 0")
        return self
