"""Interests: QUIV a year that a change of a governed parameter moves, and each group's part of it.

They are the reasons for which agents propose and vote. Each entry names what a unit of change moves in a year, whether
the change is relative, and which part of that each group gains or loses. The groups: `work` is paid to providers by
their work, `stake` to providers by their own stake, `delegation` to holders by what they delegate, `spending` to
consumers by what they pay, `contribution` to ecosystem holders who are paid by grants and operations, `tokens` to all
by the tokens they own (dilution and burn). Assumption: agents reckon by the first effect of a change, at today's flows,
and not by what others will do about it.
"""

from __future__ import annotations

from dataclasses import dataclass

GROUPS = ("work", "stake", "delegation", "spending", "contribution", "tokens")
BASES = (
    "payments",
    "scaled_payments",
    "bound_payments",
    "network_fee",
    "clamped_fee",
    "emission",
    "staking_rewards",
    "one",
)
"""What a change moves in a year: payments; payments times the fee multiplier while the limit on the take does not bind;
payments while it does; the network fee as it is taken; that fee while the multiplier is at its upper clamp and the
limit does not bind; emission; staking rewards; and one QUIV."""


@dataclass(frozen=True)
class Interest:
    """QUIV a year that a unit of change moves (`base`), and the part of it that each group gains."""

    base: str
    gains: dict[str, float]
    relative: bool = False


INTERESTS: dict[str, Interest] = {
    "emission.growth_cap": Interest("emission", {"work": 0.07, "stake": 0.021, "delegation": 0.0075, "tokens": -0.1}),
    "emission.staking_share": Interest("emission", {"stake": 0.7, "delegation": 0.25, "work": -1.0}),
    "pricing.base_rate_quiv": Interest("payments", {"work": 0.8, "tokens": 0.1, "spending": -1.0}, relative=True),
    "pricing.multiplier_high": Interest("payments", {"work": 0.2, "tokens": 0.02, "spending": -0.25}, relative=True),
    "fees.network_share": Interest("scaled_payments", {"work": -1.0, "tokens": 0.5, "contribution": 0.5}),
    "fees.treasury_share": Interest("payments", {"work": -1.0, "contribution": 0.2, "tokens": 0.2}),
    "fees.burn_share": Interest("network_fee", {"tokens": 1.0, "contribution": -1.0}),
    "fees.stakers_share": Interest("network_fee", {"stake": 0.7, "delegation": 0.25, "contribution": -1.0}),
    "fees.base_burn_share": Interest("payments", {"tokens": 1.0, "work": -1.0}),
    "fees.multiplier_high": Interest("clamped_fee", {"work": -1.0, "tokens": 0.5, "contribution": 0.5}, relative=True),
    "fees.take_limit": Interest("bound_payments", {"work": -1.0, "tokens": 0.5, "contribution": 0.5}),
    "rebates.cashback_share": Interest("payments", {"spending": 1.0, "contribution": -1.0}),
    "rebates.developer_share": Interest("payments", {"contribution": 0.2, "tokens": -0.05}),
    "staking.direct_share": Interest("staking_rewards", {"stake": 1.0}),
    "staking.delegator_share": Interest("staking_rewards", {"delegation": 1.0}),
    "treasury.grants_quiv_per_year": Interest("one", {"contribution": 1.0, "tokens": -0.3}),
}
"""Interests by governed parameter; one from which nobody gains at first hand is proposed by scripts alone."""

IDEAS: tuple[str, ...] = tuple(INTERESTS)
