r"""Matching: what a token of inference costs today, by the format of the market.

- **Spot**: what the pricing oracle quotes.
- **Auction**: a reverse auction a day and model size. Every provider asks for its cost and margin, $a_i$; the lowest
  asks are filled first, and all are paid the lowest ask among those who get nothing, at most the oracle's quote:

$$ p_m = \min( q_m,\; c_m a_{(j+1)} ), \qquad j = \min\Big\{ j : \sum_{i \le j} k_{m,(i)} \ge Q_m \Big\} $$

  with $Q_m$ the compute wanted and $k_{m,(i)}$ the offers in order of asks: Vickrey's second price where one provider
  can do it all. Whoever asks more than the quote stays out.
- **Contract**: a fixed price for `matching.contract_days`, at a discount on the quote. Contracts are renewed evenly, so
  the average price moves by $1/T$ of the gap a day (Calvo 1983).

Consumers order at the last price that they know; in the auction they pay what the day's auction finds. Source: SPEC,
Core Contracts (InferenceMarketplace: job posting/bidding); WHITEPAPER names spot, auction and contract prices; the
formats are assumptions (Vickrey 1961).
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Choice
from policies.capacity import unit_cost_usd

LEAST_PRICE_QUIV = 1e-18
"""One unit of the token's 18 decimals: what the auction pays providers who ask for nothing."""


def pay_the_quote(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The quote is tomorrow's price; today's orders pay the price at which they were made."""
    return _agreed(previous_state, previous_state["inference_price_quiv"])


def pay_the_contract(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The average price of the contracts that run."""
    known = previous_state["order_price_quiv"]
    agreed = previous_state["inference_price_quiv"] * (1.0 - params["matching.contract_discount"][..., None])
    return _agreed(previous_state, known + (agreed - known) / params["matching.contract_days"][..., None])


def pay_the_auction(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Prices of the day's auctions, QUIV, and the capacity of those who take part."""
    xp = namespace(previous_state)
    quote = previous_state["inference_price_quiv"] / params["pricing.complexity"]
    order, ahead = merit_order(params, previous_state)
    asks = xp.take_along_axis(ask_quiv(params, previous_state)[..., None, :], order, axis=-1)
    offers = xp.take_along_axis(previous_state["offered_tokens"], order, axis=-1)
    idle = (ahead - offers >= _wanted(params, previous_state)[..., None]) & (offers > 0.0)
    first = xp.min(xp.where(idle, asks, xp.inf), axis=-1)
    unit = xp.minimum(first, quote)
    partake = xp.where(asks <= quote[..., None], offers, 0.0)
    paid = xp.maximum(unit * params["pricing.complexity"], LEAST_PRICE_QUIV)
    return {
        "order_price_quiv": paid,
        "paid_price_quiv": paid,
        "admitted_tokens": xp.sum(partake, axis=-1),
    }


def ask_quiv(params: Values, state: Values) -> Array:
    """Ask of each provider for a small-model token, QUIV `(*batch, providers)`: cost and margin."""
    cost = unit_cost_usd(params, state) * (1.0 + params["agents.margin"])
    return cost / state["oracle_price_usd"][..., None]


def merit_order(params: Values, state: Values) -> tuple[Array, Array]:
    """Providers by ask, `(*batch, 1, providers)`, and the offers up to each of them, `(*batch, sizes, providers)`."""
    offered = state["offered_tokens"]
    xp = namespace(offered)
    order = xp.argsort(ask_quiv(params, state), axis=-1, stable=True)[..., None, :]
    return order, xp.cumulative_sum(xp.take_along_axis(offered, order, axis=-1), axis=-1)


def _agreed(state: Values, price: Array) -> Signals:
    """A price for tomorrow's orders, while today's pay that at which they were made."""
    xp = namespace(price)
    return {
        "order_price_quiv": price,
        "paid_price_quiv": state["order_price_quiv"],
        "admitted_tokens": xp.sum(state["offered_tokens"], axis=-1),
    }


def _wanted(params: Values, state: Values) -> Array:
    """Compute ordered today and waiting, by model size, small-model tokens `(*batch, sizes)`."""
    xp = namespace(state)
    waiting = xp.sum(state["queued_tokens"], axis=-2)
    return (state["demand_tokens"] + waiting) * params["pricing.complexity"]


BLOCK = Block(
    "matching",
    "Orders find a price.",
    Choice("matching.format", {"spot": pay_the_quote, "auction": pay_the_auction, "contract": pay_the_contract}),
    phase="payments",
    why="The price of an order, from its first day on.",
)
