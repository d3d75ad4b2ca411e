r"""The token market by daily clearing: purchases meet sales at the day's opening price.

Holders take the other side of what consumers buy and of what providers and validators sell (`policies/orders.py`), pro
rata to their liquid tokens. Everyone trades at the day's opening price, so the order of trades gains nothing. Where
holders have too little, consumers are rationed in proportion. This is the market of every price process but the pool's
(`policies/pool.py`), which stands in its place where there is one. Source: assumption; no document has a market.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, share_out
from model.block import Block, Choice, Mechanism
from policies.cash import tally
from policies.orders import orders
from policies.pool import trade_in_batch

STEADYING = ("treasury_sale", "treasury_purchase")

OF_THE_POOL = (
    *("pool_usd", "lvr_usd", "treasury_usd", "attack_spent_usd", "maker_usd", "batch_price_usd", "speculator_cash_usd"),
    *("investor_cash_usd", "dumped_share"),
)
"""Figures that nothing changes where there is no pool."""


def clear_market(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Purchases and sales of the day, nano-QUIV by agent."""
    xp = namespace(previous_state)
    wanted, provider_sale, validator_sale = orders(params, previous_state)
    demanded = xp.sum(wanted, axis=-1)
    supplied = xp.sum(provider_sale, axis=-1) + xp.sum(validator_sale, axis=-1)
    liquid = previous_state["holder_wallet_nquiv"]
    short = xp.minimum(xp.maximum(demanded - supplied, 0), xp.sum(liquid, axis=-1))
    holder_sale = share_out(short, liquid)
    bought = xp.minimum(demanded, supplied + xp.sum(holder_sale, axis=-1))
    wealth = liquid + previous_state["holder_delegated_nquiv"] + 1
    consumer_purchase = share_out(bought, wanted)
    holder_purchase = share_out(xp.maximum(supplied - demanded, 0), wealth)
    traded = (provider_sale, -consumer_purchase, validator_sale, holder_sale - holder_purchase)
    return {
        **{name: previous_state[name] for name in OF_THE_POOL},
        "cash_usd": tally(params, previous_state, traded, previous_state["price_usd"]),
        "provider_sale": provider_sale,
        "validator_sale": validator_sale,
        "holder_sale": holder_sale,
        "consumer_purchase": consumer_purchase,
        "holder_purchase": holder_purchase,
        **dict.fromkeys(
            ("pool_sale", "pool_purchase", "maker_sale", "maker_purchase", *STEADYING), xp.zeros_like(demanded)
        ),
        **dict.fromkeys(
            ("speculator_sale", "speculator_purchase"), xp.zeros_like(previous_state["speculator_wallet_nquiv"])
        ),
    }


BLOCK = Block(
    "market",
    "Purchases meet sales, in the pool or by daily clearing.",
    Choice("pooled", {True: trade_in_batch, False: clear_market}),
    phase="token",
    why="A token that exists is traded.",
    mechanism=Mechanism("market", "Daily clearing of token purchases and sales."),
)
