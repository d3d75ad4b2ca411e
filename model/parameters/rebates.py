"""Rebates: discounts, cashback, bonuses and referral rewards that the documents promise, and who pays them."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from model.parameters.staking import Tiers
from model.registry import Contract, parameter

Levels = tuple[float, float, float]


class Rebates(Contract):
    reading: Literal["bounded", "stackable"] = parameter(
        "bounded",
        unit="",
        source="assumption: WHITEPAPER's rebates added up can exceed what the network takes",
        doc="At most the day's take, from operations and treasury fees; or all that is promised, from the treasury.",
    )
    tier_discount: Tiers = parameter(
        (0.0, 0.10, 0.20, 0.30),
        unit="share of the take",
        low=0.0,
        high=1.0,
        source="WHITEPAPER, staking tiers (fee discounts 0/10/20/30 %); ROOT has 5 to 20 %",
        doc="Rebate to a provider by tier, of the network's take on its jobs; 0 switches it off.",
    )
    volume_usd: Levels = parameter(
        (1_000.0, 5_000.0, 25_000.0),
        unit="USD a month",
        low=0.0,
        high=1e12,
        source="assumption: WHITEPAPER has volume discounts of 0 to 20 % without thresholds",
        doc="Payments at which each volume discount begins.",
    )
    volume_discount: Levels = parameter(
        (0.05, 0.10, 0.20),
        unit="share of the take",
        low=0.0,
        high=1.0,
        source="WHITEPAPER (volume 0 to 20 %)",
        doc="Rebate to a consumer by volume, of the network's take on its payments; 0 switches it off.",
    )
    cashback_share: float = parameter(
        0.02,
        unit="share of a payment",
        low=0.0,
        high=0.5,
        source="WHITEPAPER (cashback 2 % in QUIV)",
        doc="Cashback to consumers, of what they pay; 0 switches it off.",
        governed="economic",
        target="InferenceMarketplace.cashbackShare",
    )
    prepaid_bonus: float = parameter(
        0.10,
        unit="share of prepaid payments",
        low=0.0,
        high=1.0,
        source="WHITEPAPER (prepaid credits +10 %)",
        doc="Bonus credited to consumers on the prepaid credits that they use; 0 switches it off.",
        governed="economic",
        target="InferenceMarketplace.prepaidBonus",
    )
    prepaid_share: float = parameter(
        0.2,
        unit="share of payments by channel",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Payments by channel that come out of prepaid credits.",
    )
    referral_share: float = parameter(
        0.05,
        unit="share of providers' receipts",
        low=0.0,
        high=0.5,
        source="WHITEPAPER (referral 5 % of provider earnings for a year)",
        doc="Referral reward, paid to whoever referred a provider; 0 switches it off.",
        governed="economic",
        target="InferenceMarketplace.referralRewardShare",
    )
    referral_days: float = parameter(
        365.0,
        unit="days online",
        low=0.0,
        high=36_500.0,
        source="WHITEPAPER (for a year)",
        doc="Time for which a referral pays.",
    )
    referred_share: float = parameter(
        0.3,
        unit="share of providers",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Providers who were referred.",
    )
    developer_share: float = parameter(
        0.05,
        unit="share of payments by API",
        low=0.0,
        high=0.5,
        source="WHITEPAPER (developers 5 % of API fees)",
        doc="Developers' share of what their applications pay; 0 switches it off.",
        governed="economic",
        target="InferenceMarketplace.developerShare",
    )
    api_share: float = parameter(
        0.2,
        unit="share of payments",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Payments that come through developers' applications.",
    )

    @model_validator(mode="after")
    def _rising(self) -> Rebates:
        if list(self.volume_usd) != sorted(self.volume_usd):
            raise ValueError("rebates.volume_usd must not fall from one level to the next")
        return self
