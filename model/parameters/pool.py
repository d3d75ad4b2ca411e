"""Liquidity pool: swap fee, holders' sales into it, and liquidity that follows its yield."""

from __future__ import annotations

from model.registry import Contract, parameter


class Pool(Contract):
    fee: float = parameter(
        0.003,
        unit="share of a trade",
        low=0.0,
        high=0.5,
        source="Uniswap v2's fee",
        doc="Swap fee of the pool, kept in it for its liquidity provider: the network.",
    )
    unlock_sell_share: float = parameter(
        0.1,
        unit="share of unlocks",
        low=0.0,
        high=1.0,
        source="assumption: team, investors and buyers sell a tenth of what unlocks on its day",
        doc="Part of the day's unlocked tokens that holders sell.",
    )
    contributor_sell_share: float = parameter(
        0.3,
        unit="share of what contributors are paid",
        low=0.0,
        high=1.0,
        source="assumption: contributors sell what they need in USD",
        doc="Part of grants and of the operations fund's spending that ecosystem holders sell the day after.",
    )
    reward_sell_share: float = parameter(
        0.2,
        unit="share of delegators' rewards",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Part of the rewards of delegation that holders sell.",
    )
    yield_flow_usd: float = parameter(
        500.0,
        unit="USD a day",
        low=0.0,
        high=1e9,
        source="assumption: less than a tenth of what consumers spend",
        doc="Capital that arrives at a yield of twice the required return, and leaves at none; at most five times it.",
    )
