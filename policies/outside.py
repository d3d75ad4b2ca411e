r"""The outside option: what goes to a cheaper offer elsewhere.

$$ o = \frac{1}{1 + (p^o_t / p_t)^\theta}, \qquad p^o_t = p^o_0 e^{-\delta t} $$

with $p_t$ the USD price of a small-model token here and $p^o_t$ elsewhere, $\theta$ the steepness of the choice and
$\delta$ the rate at which inference gets cheaper elsewhere: a logit choice on log prices (McFadden 1974), half of
demand where prices are equal, all or nothing as $\theta$ grows. Source: assumption; the spec has no demand side.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Mechanism
from policies.demand import small_price_usd

RATIO_BOUNDS = (1e-6, 1e6)
"""Price ratios beyond which the choice is as good as made: keeps their power within the range of floats."""


def compare_prices(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The share of demand that goes elsewhere today."""
    xp = namespace(previous_state)
    ratio = outside_price_usd(params, previous_state) / small_price_usd(params, previous_state)
    away = 1.0 / (1.0 + xp.pow(xp.clip(ratio, *RATIO_BOUNDS), params["outside.switching"]))
    return {"outside_share": away}


def outside_price_usd(params: Values, state: Values) -> Array:
    """Price of a small-model token elsewhere today, USD."""
    xp = namespace(state)
    falling = xp.exp(-params["outside.decline"] * (state["day"] / 365.0))
    return params["outside.price_usd"] * falling + xp.zeros_like(state["price_usd"])


BLOCK = Block(
    "outside",
    "Some go elsewhere.",
    compare_prices,
    phase="payments",
    why="Who cannot pay compares nothing.",
    mechanism=Mechanism("outside_option", "The choice of a cheaper offer elsewhere; off, consumers have none."),
    where="demand_made",
)
