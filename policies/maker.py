r"""The market maker: quotes for the day's batch, around the pool's price.

In percent of the pool's price, with inventory $q$ in lots above or below the budget and the variance of a day's return,
it asks and bids by Avellaneda and Stoikov (`model/formulas/quoting.py`) with a day to go, but never asks less nor bids
more than the pool's price, at which the pool itself trades. In the batch
(`policies/pool.py`) the pool trades until its price has reached the quote, the maker as far as its tokens or its cash
reach, and the pool the rest. Source: SPEC, Testing Strategy (market-maker strategies); the rule is an assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, to_quiv
from model.block import Block, Mechanism
from model.formulas import quoting

PERCENT = 100.0

LEAST_QUOTE = 1.0
"""Percent of the price below which it does not bid."""


def quote(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Ask and bid, USD per QUIV, and the variance of returns behind them, percent squared a day."""
    price = previous_state["price_usd"]
    xp = namespace(price)
    pull = 1.0 - xp.exp(-1.0 / params["maker.memory_days"])
    returned = PERCENT * xp.log(price / previous_state["maker_last_price_usd"])
    known = previous_state["maker_variance"]
    variance = known + pull * (returned * returned - known)
    lot = xp.maximum(params["maker.budget_quiv"] / params["maker.lots"], 1e-9)
    inventory = (to_quiv(previous_state["maker_nquiv"]) - params["maker.budget_quiv"]) / lot
    aversion = params["maker.aversion"]
    middle = quoting.reservation(PERCENT, inventory, aversion, variance, 1.0)
    half = 0.5 * quoting.spread(aversion, variance, 1.0, params["maker.decay"])
    return {
        "maker_ask_usd": xp.maximum(middle + half, PERCENT) / PERCENT * price,
        "maker_bid_usd": xp.clip(middle - half, LEAST_QUOTE, PERCENT) / PERCENT * price,
        "maker_variance": variance,
        "maker_last_price_usd": price,
    }


BLOCK = Block(
    "maker",
    "The market maker quotes.",
    quote,
    phase="integration",
    why="Connects the treasury with the market.",
    goes_on=("maker_variance", "maker_last_price_usd"),
    mechanism=Mechanism("market_maker", "A market maker around the pool, if it is given a budget."),
    where="pooled",
)
