r"""Price-stability interventions of the treasury: off by default.

With $\bar p$ the price smoothed over `treasury.support_days` and $b$ the band, the treasury sells a part of its tokens
a day where $p > (1 + b) \bar p$, and spends the same part of the USD that it has from such sales where $p < (1 - b)
\bar p$; both in the day's batch. A band of zero is none. Source: assumption; the documents name market stability and
no rule.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, to_nquiv, to_quiv
from model.block import Block, Mechanism

MOST_QUIV = 1e9


def steady(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The treasury's order of the day, nano-QUIV (purchases positive), and the price that it compares with, USD."""
    state = previous_state
    price = state["price_usd"]
    xp = namespace(price)
    pull = 1.0 - xp.exp(-1.0 / params["treasury.support_days"])
    known = state["treasury_reference_usd"]
    reference = known + pull * (price - known)
    band, part = params["treasury.support_band"], params["treasury.support_share"]
    sold = to_quiv(state["treasury_nquiv"]) * part * ((band > 0.0) & (price > (1.0 + band) * reference))
    low = (band > 0.0) & (price < (1.0 - band) * reference)
    bought = xp.minimum(xp.maximum(state["treasury_usd"], 0.0) * part / price, MOST_QUIV) * low
    return {"treasury_order_nquiv": to_nquiv(bought) - to_nquiv(sold), "treasury_reference_usd": reference}


BLOCK = Block(
    "intervention",
    "The treasury steadies.",
    steady,
    phase="integration",
    why="Connects the treasury with the market.",
    goes_on=("treasury_reference_usd",),
    mechanism=Mechanism("intervention", "The treasury's trades to steady the price, if it is given a band."),
    where="pooled",
)
