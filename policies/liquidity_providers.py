r"""Liquidity providers: what of the pool's liquidity may leave goes when it loses, and comes back when it earns.

What liquidity loses against a portfolio that holds the pool's QUIV at every moment, fees included, is `lvr_usd`
(Milionis, Moallemi, Roughgarden and Zhang 2022); its yearly return is smoothed over $\tau$ days,

$$ r' = r + \big(1 - e^{-1/\tau}\big) \Big( -365\, \frac{\Delta \text{LVR}}{y + P x} - r \Big) . $$

Of the pool's opening liquidity $\phi$ belongs to liquidity providers whose required returns are spread evenly over a
tolerance $b$ below $\bar r$; the network's own part stays. So they want $w$ of it in the pool, and go a part of the
way a day:

$$ w = \phi\, \mathrm{clip}_{[0,1]} \Big( 1 + \frac{r - \bar r}{b} \Big), \qquad
   u' = u + \big(1 - e^{-1/\kappa}\big) (w - u) $$

with $u$ what is in it, as pools count it: both legs move by the same factor $(1 - \phi + u') / (1 - \phi + u)$, so the
price does not move and nobody is the richer for it. Outside, tokens and USD are held as they came; when they go back,
the leg that is scarcer at the day's price says how much can, and the rest waits. That a volatile token loses its
liquidity: Capponi and Jia 2021. The rule is an assumption.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace, ratio, to_nquiv, to_quiv
from model.block import Block

YEAR = 365.0


def move_liquidity(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Tokens and USD out of the pool or into it, nano-QUIV and USD, and the return by which it is decided."""
    state = previous_state
    xp = namespace(state)
    earned = _return(params, state)
    part = _part(params, state, earned)
    pooled = state["pool_nquiv"]
    moved = to_nquiv(xp.abs(part) * to_quiv(pooled))
    withdrawn = xp.minimum(moved, pooled) * (part < 0.0)
    added = xp.minimum(moved, state["lp_nquiv"]) * (part > 0.0)
    factor = ratio(xp.astype(added - withdrawn, xp.float64), xp.astype(pooled, xp.float64))
    inflow = xp.minimum(factor * state["pool_usd"], state["lp_cash_usd"])
    return {
        "liquidity_withdrawn": withdrawn,
        "liquidity_added": added,
        "pool_inflow_usd": inflow,
        "lp_cash_usd": state["lp_cash_usd"] - inflow,
        "lp_liquidity": state["lp_liquidity"] + factor * _liquidity(params, state),
        "lp_return": earned,
        "lp_seen_lvr_usd": state["lvr_usd"],
    }


def _liquidity(params: Values, state: Values) -> Array:
    """All liquidity in the pool, in that of its opening: what the network keeps there, and liquidity providers'."""
    return 1.0 - params["pool.withdrawable_share"] + state["lp_liquidity"]


def _return(params: Values, state: Values) -> Array:
    """Fees less the loss versus rebalancing, over the pool's value, smoothed, a year."""
    xp = namespace(state)
    pull = 1.0 - xp.exp(-1.0 / params["pool.return_days"])
    worth = state["pool_usd"] + to_quiv(state["pool_nquiv"]) * state["price_usd"]
    lost = ratio(state["lvr_usd"] - state["lp_seen_lvr_usd"], worth)
    return state["lp_return"] + pull * (-YEAR * lost - state["lp_return"])


def _part(params: Values, state: Values, earned: Array) -> Array:
    """The part of the pool by which it is to grow, as far as both legs reach; negative where liquidity leaves."""
    xp = namespace(state)
    enough = 1.0 + (earned - params["pool.required_return"]) / params["pool.return_tolerance"]
    wanted = params["pool.withdrawable_share"] * xp.minimum(xp.maximum(enough, 0.0), 1.0)
    pull = 1.0 - xp.exp(-1.0 / params["pool.adjustment_days"])
    change = ratio(pull * (wanted - state["lp_liquidity"]), _liquidity(params, state))
    tokens = ratio(to_quiv(state["lp_nquiv"]), to_quiv(state["pool_nquiv"]))
    return xp.minimum(change, xp.minimum(tokens, ratio(state["lp_cash_usd"], state["pool_usd"])))


BLOCK = Block(
    "liquidity_providers",
    "Liquidity comes and goes.",
    move_liquidity,
    phase="token",
    why="Whoever lends to the pool can leave it from the token's first day.",
    where="pooled",
)
