"""Liquidity pool: what it opens with, its swap fee, and what contributors sell into it."""

from __future__ import annotations

from model.registry import Contract, parameter


class Pool(Contract):
    liquidity_usd: float = parameter(
        1_000_000.0,
        unit="USD",
        low=1.0,
        high=1e10,
        source="assumption: pools of DePIN tokens hold one to a few million USD",
        doc="USD with which the pool opens, beside tokens of the same worth as far as the allocation reaches.",
    )
    fee: float = parameter(
        0.003,
        unit="share of a trade",
        low=0.0,
        high=0.5,
        source="Uniswap v2's fee",
        doc="Swap fee of the pool, kept in it for its liquidity provider: the network.",
    )
    contributor_sell_share: float = parameter(
        0.3,
        unit="share of what contributors are paid",
        low=0.0,
        high=1.0,
        source="assumption: contributors sell what they need in USD",
        doc="Part of grants and of the operations fund's spending that ecosystem holders sell the day after.",
    )
