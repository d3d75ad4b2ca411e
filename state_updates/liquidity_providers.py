"""Liquidity providers: what they have in the pool and beside it, and the return that they go by."""

from __future__ import annotations

from model.variable import Variable
from state_updates.common import constant

VARIABLES = [
    Variable("pool_inflow_usd", "", "USD", "USD that came into the pool today beside tokens; what left is negative."),
    Variable("lp_cash_usd", "", "USD", "USD that liquidity providers have withdrawn and not returned."),
    Variable(
        "lp_liquidity",
        "",
        "share of opening liquidity",
        "Liquidity that its providers have in the pool, in that of its opening; the network's own comes beside.",
        start=constant("pool.withdrawable_share"),
    ),
    Variable(
        "lp_return",
        "",
        "1 / year",
        "Fees of the pool less its loss versus rebalancing, over its value, smoothed: what liquidity providers go by.",
        start=constant("pool.required_return"),
    ),
    Variable("lp_seen_lvr_usd", "", "USD", "Loss of the pool against rebalancing that its providers saw yesterday."),
]
