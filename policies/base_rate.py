r"""The base rate of inference, QUIV per token by model size: fixed in QUIV, or in USD by way of the oracle.

$$ b_m = p_0\, c_m \quad\text{or}\quad b_m = p_0\, c_m \frac{P^* e^{-\delta t}}{P^o_t} $$

with $p_0$ the rate that governance sets, $c_m$ a model's complexity, $P^*$ the price of the token at which the rate is
itself, $\delta$ its decline as hardware gets cheaper and $P^o$ the oracle's price: a wrong feed misprices inference.
Source: WHITEPAPER, pricing, for $p_0$ and $c_m$; that it is held in USD is an assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values
from model.block import Block, Choice
from model.formulas.pricing import pegged_rate


def hold_in_quiv(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same number of QUIV, whatever QUIV is worth."""
    return {"base_price_quiv": previous_state["pricing.base_rate_quiv"][..., None] * params["pricing.complexity"]}


def hold_in_usd(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """What is worth the same in USD at the oracle's price, less the decline since the first day."""
    rate, years = previous_state["pricing.base_rate_quiv"], previous_state["day"] / 365.0
    known, decline = previous_state["oracle_price_usd"], params["pricing.peg_decline"]
    rate = pegged_rate(rate, params["pricing.peg_price_usd"], known, decline, years)
    return {"base_price_quiv": rate[..., None] * params["pricing.complexity"]}


BLOCK = Block(
    "base_rate",
    "The base rate of inference is put into QUIV.",
    Choice("pricing.numeraire", {"quiv": hold_in_quiv, "usd": hold_in_usd}),
    phase="token",
    why="It needs no more than the oracle's price.",
)
