"""Consumers: USD budgets, adoption, elasticity, seasons and noise."""

from __future__ import annotations

from pydantic import model_validator

from model.registry import Contract, parameter

Sizes = tuple[float, float, float]


class Demand(Contract):
    budget_usd_per_day: float = parameter(
        60.0,
        unit="USD a day",
        low=0.0,
        high=1e7,
        source="assumption: 2.2 M USD a year at genesis with 100 consumers, so that burn is small against emission",
        doc="Mean of a consumer's spending at genesis, at the reference price.",
    )
    budget_sigma: float = parameter(
        1.2,
        unit="log standard deviation",
        low=0.0,
        high=4.0,
        source="assumption: a few consumers spend most",
        doc="Spread of budgets between consumers (log-normal).",
    )
    adoption_multiple: float = parameter(
        4.0,
        unit="ratio",
        low=1.0,
        high=1000.0,
        source="assumption",
        doc="Demand at saturation over demand at genesis (logistic adoption).",
    )
    adoption_rate: float = parameter(
        1.0,
        unit="1 / year",
        low=0.0,
        high=20.0,
        source="assumption: slower than POKT relays (9 % a month)",
        doc="Growth rate of adoption while it is far from saturation.",
    )
    elasticity: float = parameter(
        1.0,
        unit="ratio",
        low=0.0,
        high=5.0,
        source="assumption: constant spending, the middle between captive and footloose demand",
        doc="Mean price elasticity of demand, positive: 0 fixes tokens, 1 spending; below 1 no price is stable.",
    )
    elasticity_sigma: float = parameter(
        0.25,
        unit="log standard deviation",
        low=0.0,
        high=2.0,
        source="assumption",
        doc="Spread of elasticity between consumers (log-normal).",
    )
    mix_sigma: float = parameter(
        0.5,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption: chat, code and batch users want different models",
        doc="Spread between consumers of the spending on each model size (log-normal).",
    )
    reference_price_usd: float = parameter(
        1e-4,
        unit="USD per token, small model",
        low=1e-9,
        high=1.0,
        source="WHITEPAPER's base rate 0.001 QUIV at REWARDS' 0.10 USD",
        doc="USD price at which consumers spend exactly their budget.",
    )
    size_mix: Sizes = parameter(
        (0.5, 0.3, 0.2),
        unit="share of spending",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Spending on small, medium and large models; scaled to sum to 1.",
    )
    weekend_level: float = parameter(
        0.55,
        unit="ratio",
        low=0.0,
        high=2.0,
        source="Azure LLM inference trace 2024: weekends at 0.5 to 0.55 of weekdays",
        doc="Demand on a weekend day over that on a weekday; the week's mean is unchanged.",
    )
    daily_swing: float = parameter(
        0.33,
        unit="share of the day's mean",
        low=0.0,
        high=1.0,
        source="Azure LLM inference trace 2024: conversation peaks at twice its trough, 1/3 off the mean; code at 11x",
        doc="Height of the day's peak over its mean rate of requests; the trough is as far below.",
    )
    noise_sigma: float = parameter(
        0.35,
        unit="log standard deviation",
        low=0.0,
        high=3.0,
        source="assumption",
        doc="Daily noise of each consumer's demand (log-normal, mean one).",
    )
    trend_sigma: float = parameter(
        0.2,
        unit="1 / sqrt(year)",
        low=0.0,
        high=5.0,
        source="assumption: far below POKT's relays, whose monthly change has a standard deviation of 34 %",
        doc="Spread of lasting changes of all demand over the adoption curve (log-normal, mean one).",
    )
    wallet_days: float = parameter(
        7.0,
        unit="days",
        low=1.0,
        high=365.0,
        source="assumption: a week's spending is bought ahead",
        doc="Spending that consumers keep in QUIV; they buy back up to it each day.",
    )

    @model_validator(mode="after")
    def _some_size(self) -> Demand:
        if sum(self.size_mix) <= 0.0:
            raise ValueError("demand.size_mix is zero for every model size; at least one must be above 0")
        return self
