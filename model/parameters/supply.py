"""QUIVToken: the supply cap, the seven allocations and their vesting."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from model.registry import Contract, parameter

ALLOCATIONS = ("provider_rewards", "treasury", "team", "investors", "public", "ecosystem", "liquidity")
"""The axis of every per-allocation quantity. Provider rewards are minted as they are emitted, the rest at genesis."""

Shares = tuple[float, float, float, float, float, float, float]
Days = tuple[int, int, int, int, int, int, int]


class Supply(Contract):
    cap_quiv: int = parameter(
        1_000_000_000,
        unit="QUIV",
        low=1_000_000,
        high=1_000_000_000,
        source="SPEC, Core Contracts (Total Supply: 1,000,000,000)",
        doc="Cap on cumulative mint: a burn never re-opens room to mint.",
        target="QUIVToken.cap",
    )
    allocation_share: Shares = parameter(
        (0.35, 0.20, 0.15, 0.10, 0.10, 0.05, 0.05),
        unit="share of the cap",
        low=0.0,
        high=1.0,
        source="WHITEPAPER, allocation table",
        doc="Provider rewards, treasury, team, investors, public sale, ecosystem, liquidity; they sum to 1.",
    )
    tge_share: Shares = parameter(
        (0.0, 1.0, 0.0, 0.0, 0.25, 0.0, 1.0),
        unit="share of the allocation",
        low=0.0,
        high=1.0,
        source="WHITEPAPER, allocation table (public sale 25 % at once, liquidity at once)",
        doc="Part of each allocation that unlocks at genesis.",
    )
    cliff_days: Days = parameter(
        (0, 0, 365, 182, 0, 0, 0),
        unit="days",
        low=0,
        high=3650,
        source="WHITEPAPER, allocation table (team one year, investors six months)",
        doc="Cliff by allocation: nothing of the vesting part unlocks before this day.",
    )
    vesting_days: Days = parameter(
        (0, 0, 1460, 1095, 365, 1825, 0),
        unit="days",
        low=0,
        high=7300,
        source="WHITEPAPER, allocation table (team 4 years, investors 3, public 1, ecosystem 5)",
        doc="Vesting term by allocation: all is unlocked on this day; 0 unlocks it at the cliff.",
    )
    cliff_reading: Literal["accrue_at_cliff", "linear_after_cliff"] = parameter(
        "accrue_at_cliff",
        unit="",
        source="assumption: the usual reading (a four-year vest with a one-year cliff pays a quarter at month 12)",
        doc="Whether the time before the cliff counts towards vesting.",
    )
    treasury_circulates: bool = parameter(
        False,
        unit="",
        source="assumption: DAO tokens do not circulate until a decision pays them out",
        doc="Whether the treasury counts as circulating supply.",
    )

    @model_validator(mode="after")
    def _shares_sum_to_one(self) -> Supply:
        total = sum(self.allocation_share)
        if abs(total - 1.0) > 1e-9:
            raise ValueError(f"supply.allocation_share sums to {total:.6g}; the seven shares must sum to 1")
        return self
