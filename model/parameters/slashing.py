"""Slashing: bands of severity, caps by tier, cooldown, and the split of slashed stake."""

from __future__ import annotations

from pydantic import model_validator

from model.parameters.rules import broken
from model.registry import Contract, parameter

Causes = tuple[float, float, float]
Tiers = tuple[float, float, float, float]


class Slashing(Contract):
    band_low: Causes = parameter(
        (0.01, 0.05, 0.15),
        unit="share of stake",
        low=0.0,
        high=0.9,
        source="WHITEPAPER, slash bands (1-5, 5-15, 15-20 % and ban)",
        doc="Lower ends of minor, major and severe slashes; the size is uniform within the band.",
    )
    band_high: Causes = parameter(
        (0.05, 0.15, 0.20),
        unit="share of stake",
        low=0.0,
        high=0.9,
        source="WHITEPAPER, slash bands",
        doc="Upper ends of minor, major and severe slashes.",
    )
    tier_cap: Tiers = parameter(
        (0.05, 0.10, 0.15, 0.20),
        unit="share of stake",
        low=0.0,
        high=0.9,
        source="WHITEPAPER, staking tiers; SPEC, Staking Security (maximum slash percentages)",
        doc="Largest slash by tier; below the lowest tier its cap holds.",
    )
    cooldown_days: int = parameter(
        1,
        unit="days",
        low=0,
        high=365,
        source="ROOT: 24 hours",
        doc="Days after a slash in which downtime is not slashed; verdicts are, of which a provider has one at a time.",
    )
    strikes: int = parameter(
        1,
        unit="failed canary days",
        low=1,
        high=30,
        source="WHITEPAPER by omission; CODE slashes after 3 canary failures",
        doc="Days with a failed canary within the memory of reputation after which a case is opened.",
    )
    ban_severe: bool = parameter(
        True,
        unit="",
        source="WHITEPAPER, slash bands (severe: 15-20 % and ban)",
        doc="Whether a severe slash also bans the provider for good.",
    )
    uptime_bar: float = parameter(
        0.95,
        unit="share of a day",
        low=0.0,
        high=1.0,
        source="WHITEPAPER: below 95 % in 24 hours is a minor fault",
        doc="Uptime of a day below which a provider is slashed; 0 switches it off.",
        governed="technical",
        target="QUIVStaking.uptimeBar",
    )
    burn_share: float = parameter(
        1.0,
        unit="share of slashed stake",
        low=0.0,
        high=1.0,
        source="WHITEPAPER, ROOT: 100 % burned",
        doc="Part of slashed stake that is burned.",
        governed="economic",
        target="QUIVStaking.slashBurnShare",
    )
    challenger_share: float = parameter(
        0.0,
        unit="share of slashed stake",
        low=0.0,
        high=1.0,
        source="assumption: WHITEPAPER burns all; the preset slash_split has 0.3",
        doc="Part of slashed stake for the challenger, or insurance where a canary found the fault; the rest insures.",
        governed="economic",
        target="QUIVStaking.slashChallengerShare",
    )
    memory_days: float = parameter(
        90.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: a quarter",
        doc="Time constant of the rate of slashing that stakers expect.",
    )

    @model_validator(mode="after")
    def _in_order(self) -> Slashing:
        if any(low > high for low, high in zip(self.band_low, self.band_high, strict=True)):
            raise ValueError("slashing.band_low must not be above slashing.band_high in any band")
        shares = {"slashing.burn_share": self.burn_share, "slashing.challenger_share": self.challenger_share}
        sentence = broken(shares)
        if sentence:
            raise ValueError(sentence)
        return self
