"""QUIVStaking: tiers, reward classes, the decision to stake, and unbonding."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from model.parameters.rules import broken
from model.registry import Contract, parameter

TIERS = ("bronze", "silver", "gold", "platinum")
"""The axis of every per-tier quantity; tier index 0 is no tier, 1 to 4 are these."""

Tiers = tuple[float, float, float, float]


class Staking(Contract):
    tier_minimum_quiv: Tiers = parameter(
        (10_000.0, 50_000.0, 250_000.0, 1_000_000.0),
        unit="QUIV",
        low=0.0,
        high=1e9,
        source="WHITEPAPER, staking tiers",
        doc="Minimum own stake of each tier; a provider below the first is not active.",
    )
    tier_priority: Tiers = parameter(
        (1.0, 1.0, 1.0, 1.0),
        unit="ratio",
        low=0.0,
        high=100.0,
        source="assumption: WHITEPAPER names no number (ROOT: 1.0, 1.1, 1.25, 1.5)",
        doc="Weight of a provider's capacity when work is shared out, by tier; a tier of weight 0 gets none.",
    )
    direct_share: float = parameter(
        0.70,
        unit="share of staking rewards",
        low=0.0,
        high=1.0,
        source="WHITEPAPER 7.1 (70 direct, 25 delegators, 5 validators)",
        doc="Part of staking rewards paid to providers' own stake.",
        governed="economic",
        target="QUIVStaking.directShare",
    )
    delegator_share: float = parameter(
        0.25,
        unit="share of staking rewards",
        low=0.0,
        high=1.0,
        source="WHITEPAPER 7.1",
        doc="Part of staking rewards paid to delegated stake. Validators get what the two classes leave.",
        governed="economic",
        target="QUIVStaking.delegatorShare",
    )
    rewards: Literal["class_pools", "per_token", "fixed_apy", "lottery"] = parameter(
        "class_pools",
        unit="",
        source="WHITEPAPER 7.1 (70 / 25 / 5), read as pools of classes",
        doc="Reward rule: pools by class, equal per token less commission, promised rates, or one winner a class.",
    )
    fixed_apy: Tiers = parameter(
        (0.08, 0.10, 0.12, 0.15),
        unit="1 / year",
        low=0.0,
        high=5.0,
        source="ROOT, staking tiers (8/10/12/15 %); WHITEPAPER 8-12 %",
        doc="Promised APY on own stake by tier under fixed_apy, paid as far as the staking rewards reach.",
    )
    fixed_delegator_apy: float = parameter(
        0.08,
        unit="1 / year",
        low=0.0,
        high=5.0,
        source="assumption: ROOT's lowest tier",
        doc="Promised APY on delegated stake under fixed_apy.",
    )
    required_return: float = parameter(
        0.12,
        unit="1 / year",
        low=0.0,
        high=5.0,
        source="assumption: the upper end of WHITEPAPER's 8-12 %",
        doc="Yield at which half of an agent's tokens are staked.",
    )
    sensitivity: float = parameter(
        20.0,
        unit="1 / (1 / year)",
        low=0.0,
        high=5000.0,
        source="assumption: one point of yield moves a staked share of a half by five points",
        doc="Steepness of the logistic response of the staked share to the yield.",
    )
    adjustment_per_day: float = parameter(
        0.02,
        unit="share of the gap a day",
        low=0.0,
        high=1.0,
        source="assumption: 35 days to work off half of a gap; undamped responses oscillate",
        doc="Part of the gap to the wanted stake that agents close in a day.",
    )
    unbonding_days: int = parameter(
        21,
        unit="days",
        low=1,
        high=180,
        structural=True,
        source="assumption: SPEC, Staking Security (gradual stake unlock periods) has no number; Cosmos uses 21",
        doc="Time from unstaking to the last release.",
    )
    unbonding_shape: Literal["linear", "cliff"] = parameter(
        "linear",
        unit="",
        source="SPEC, Staking Security (gradual stake unlock periods)",
        doc="Equal releases on each day of unbonding, or one release at its end.",
    )
    restake_share: float = parameter(
        0.0,
        unit="share of rewards",
        low=0.0,
        high=1.0,
        source="assumption: rewards are paid to wallets; agents stake as they decide",
        doc="Part of staking rewards that is compounded into the stake that earned it.",
    )
    price_weight: float = parameter(
        0.01,
        unit="ratio",
        low=0.0,
        high=5.0,
        source="assumption: stakers hardly extrapolate; at 1 they would leave on any fall",
        doc="Weight of the recent price trend, as a yearly rate, against yield in the decision to stake.",
    )
    price_memory_days: float = parameter(
        90.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: a quarter",
        doc="Time constant of the price trend that stakers see.",
    )
    risk_weight: float = parameter(
        1.0,
        unit="ratio",
        low=0.0,
        high=100.0,
        source="assumption: a slash counts as what it takes (Oderbolz et al. 2024: slashing lowers staking)",
        doc="Weight of recent slashing, as a yearly rate, against yield in the decision to stake.",
    )
    lockup_premium: float = parameter(
        0.1,
        unit="1 / year per year locked",
        low=0.0,
        high=10.0,
        source="assumption: Oderbolz et al. 2024, longer lock-ups lower the staked share",
        doc="Extra yield that stakers require for each year of unbonding.",
    )
    initial_share: float = parameter(
        0.4,
        unit="share",
        low=0.0,
        high=1.0,
        source="assumption: providers stake before the network opens",
        doc="Part of providers' genesis tokens staked at genesis (raised to the lowest tier where they can afford it).",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Staking:
        if list(self.tier_minimum_quiv) != sorted(self.tier_minimum_quiv):
            raise ValueError("staking.tier_minimum_quiv must not fall from one tier to the next")
        sentence = broken({"staking.direct_share": self.direct_share, "staking.delegator_share": self.delegator_share})
        if sentence:
            raise ValueError(sentence)
        return self
