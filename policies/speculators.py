r"""Speculators: three groups who trade on value or on the trend, and change sides.

With $g = \ln F - \ln P$ the misalignment of the price from the one at which investors are content, $m_i$ group $i$'s
trend and $f_i$ the part of it that goes by value,

$$ d_i = f_i (\phi g + \sigma_f \varepsilon_f) + (1 - f_i)(\chi m_i + \sigma_c \varepsilon_c), \qquad
   f_i' = \frac{1}{1 + e^{-a_i}}, \qquad a_i = \alpha_0 + \alpha_n (2 f_i - 1) + \alpha_p g^2 $$

(Franke and Westerhoff 2012: discrete choice with predisposition, herding and misalignment, and a volatility that
follows from who is in the majority). Group $i$ orders a part of its wealth in proportion to $d_i$, larger on active
days (Clark 1973), as far as its tokens and half of its cash reach. The price $F$ is the value of the day
(`policies/valuation.py`) less the premium that investors ask for what they hold (`model/investors.py`): compared with
the value itself every price is too low, and everybody would be a fundamentalist who buys for ever. A scenario's
volatility regime is a factor on $\sigma_f$ and $\sigma_c$. No holding time is assumed. Source: assumption.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, to_nquiv, to_quiv
from model.block import Block, Mechanism
from model.investors import contented

FARTHEST = 3.0
"""Misalignments beyond a factor of 20 are as good as this, in logs."""


def place_orders(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Orders of the day by group, nano-QUIV (purchases positive); who goes by value; trends."""
    price, day = previous_state["price_usd"], previous_state["day"]
    xp = namespace(price)
    worth = xp.log(previous_state["value_usd"] / price) - contented(params, previous_state)
    gap = xp.clip(worth, -FARTHEST, FARTHEST)[..., None]
    returned = xp.log(price / previous_state["speculator_last_price_usd"])[..., None]
    trend = previous_state["speculator_trend"]
    trend = trend + (returned - trend) / params["speculators.horizons_days"]
    by_value = params["speculators.pull"][..., None] * gap
    by_trend = params["speculators.trend"][..., None] * trend
    doubt = _noise(params, "speculators.fundamental_noise", day)
    fancy = _noise(params, "speculators.chartist_noise", day)
    share = previous_state["fundamentalist_share"]
    demand = share * (by_value + doubt[..., None]) + (1.0 - share) * (by_trend + fancy[..., None])
    return {
        "speculator_order_nquiv": _order(params, previous_state, demand),
        "fundamentalist_share": _switched(params, share, gap),
        "speculator_trend": trend,
        "speculator_last_price_usd": price,
    }


def _order(params: Values, state: Values, demand: Array) -> Array:
    """A part of wealth in proportion to demand, as far as tokens and half of the cash reach, nano-QUIV."""
    xp = namespace(demand)
    tokens = to_quiv(state["speculator_wallet_nquiv"])
    affordable = xp.minimum(state["speculator_cash_usd"] / state["price_usd"][..., None], 1e9)
    activity = draws.lognormal(params, "speculators.activity", state["day"], params["speculators.activity_sigma"])
    wanted = (params["speculators.size"] * activity)[..., None] * demand * (tokens + affordable)
    bought, sold = xp.minimum(xp.maximum(wanted, 0.0), 0.5 * affordable), xp.minimum(xp.maximum(-wanted, 0.0), tokens)
    return to_nquiv(bought) - to_nquiv(sold)


def _switched(params: Values, share: Array, gap: Array) -> Array:
    """The part of each group that goes by value tomorrow."""
    xp = namespace(share)
    attraction = (
        params["speculators.predisposition"][..., None]
        + params["speculators.herding"][..., None] * (2.0 * share - 1.0)
        + params["speculators.misalignment"][..., None] * gap * gap
    )
    return 1.0 / (1.0 + xp.exp(-xp.clip(attraction, -50.0, 50.0)))


def _noise(params: Values, name: str, day: Array) -> Array:
    """The day's noise of a parameter's standard deviation, from the stream of the same name."""
    return _spread(params, name, day) * draws.normal(params, name, day)


def _spread(params: Values, name: str, day: Array) -> Array:
    """A standard deviation, as the day's volatility regime has it."""
    return params[name] * params["shocks.volatility"][day]


BLOCK = Block(
    "speculators",
    "Speculators decide.",
    place_orders,
    phase="token",
    why="Nobody needs the network to trade its token.",
    mechanism=Mechanism("speculators", "Speculators in the pool; off, only the economy itself trades there."),
    where="pooled",
)
