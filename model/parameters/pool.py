"""Liquidity pool: what it opens with, its swap fee, who may leave it, and what contributors sell into it."""

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
        doc="Swap fee of the pool, kept in it for its liquidity providers.",
    )
    withdrawable_share: float = parameter(
        0.5,
        unit="share of the opening liquidity",
        low=0.0,
        high=0.99,
        source="assumption: no document says who provides liquidity beside the network's allocation",
        doc="Part of the pool's liquidity that belongs to providers who may leave; the network's own stays.",
    )
    required_return: float = parameter(
        0.0,
        unit="1 / year",
        low=-1.0,
        high=1.0,
        source="assumption: fees just pay for the loss versus rebalancing (Milionis et al. 2022)",
        doc="Return, fees less loss versus rebalancing, at which all liquidity providers stay.",
    )
    return_tolerance: float = parameter(
        0.5,
        unit="1 / year",
        low=0.001,
        high=100.0,
        source="assumption: liquidity providers ask different returns; a volatile token loses them (Capponi, Jia 2021)",
        doc="How far below it the last of them leaves: their required returns are spread evenly in between.",
    )
    return_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: a month",
        doc="Time constant with which liquidity providers smooth the pool's return.",
    )
    adjustment_days: float = parameter(
        10.0,
        unit="days",
        low=0.1,
        high=3650.0,
        source="assumption",
        doc="Time constant with which liquidity providers move what they want to move.",
    )
    contributor_sell_share: float = parameter(
        0.3,
        unit="share of what contributors are paid",
        low=0.0,
        high=1.0,
        source="assumption: contributors sell what they need in USD",
        doc="Part of grants and of the operations fund's spending that ecosystem holders sell the day after.",
    )
