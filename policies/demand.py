r"""Consumers' demand for inference.

$$ b_{i,t} = \beta_i\, a(t)\, s(t)\, \varepsilon_{i,t}, \qquad
   x_{i,t} = (1 - o_t)\, b_{i,t} \left( \frac{p_t P_t}{p^*} \right)^{1-\eta}, \qquad
   D_{m,t} = \frac{\mu_m \sum_i x_{i,t}}{p_{m,t} P_t} $$

Budget $\beta_i$ (USD a day) grows with logistic adoption $a$, follows the week $s$ and is noisy; spending $x$
responds to the USD price of a small-model token against the reference price with elasticity $\eta$; tokens demanded
of size $m$ are the spending on it, share $\mu_m$, over its price $p_m$ (QUIV) times the token's price $P$ (USD).
Of it, $o_t$ goes elsewhere (`policies/outside.py`); consumers who left for want of satisfaction
(`policies/satisfaction.py`) have no budget here. Source: assumption; the spec has no demand side.
"""

from __future__ import annotations

from typing import Any

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace


def want_inference(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Budgets and spending by consumer (USD a day), tokens demanded by model size (tokens a day)."""
    xp = namespace(previous_state["price_usd"])
    day = previous_state["day"]
    consumers = previous_state["budget_usd"].shape[-1]
    level = _adoption(params, xp, day) * _week(params, xp, day)
    noise = draws.lognormal(params, "demand.noise", day, params["demand.noise_sigma"], consumers)
    budget = params["agents.budget_usd"] * level[..., None] * noise * previous_state["consumer_active"]
    ratio = small_price_usd(params, previous_state) / params["demand.reference_price_usd"]
    response = xp.pow(ratio, 1.0 - params["demand.elasticity"]) * (1.0 - previous_state["outside_share"])
    spending = budget * response[..., None]
    mix = params["demand.size_mix"] / xp.sum(params["demand.size_mix"], axis=-1, keepdims=True)
    prices = previous_state["order_price_quiv"] * previous_state["oracle_price_usd"][..., None]
    return {
        "budget_usd": budget,
        "spending_usd": spending,
        "demand_tokens": xp.sum(spending, axis=-1)[..., None] * mix / prices,
    }


def follow_demand_path(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """A given number of tokens a day in place of the process above, divided over consumers by budget."""
    xp = namespace(previous_state["price_usd"])
    path = params["exogenous.demand_tokens"]
    tokens = path[xp.minimum(previous_state["day"], path.shape[-1] - 1)]
    mix = params["demand.size_mix"] / params["pricing.complexity"]
    by_size = tokens * mix / xp.sum(mix, axis=-1, keepdims=True) + 0.0 * previous_state["demand_tokens"]
    prices = previous_state["order_price_quiv"] * previous_state["oracle_price_usd"][..., None]
    weights = params["agents.budget_usd"]
    total = xp.sum(weights, axis=-1, keepdims=True)
    some = xp.where(total > 0.0, total, 1.0 + 0.0 * total)
    share = xp.where(total > 0.0, weights / some, 1.0 / weights.shape[-1] + 0.0 * weights)
    spending = xp.sum(by_size * prices, axis=-1)[..., None] * share
    return {"budget_usd": spending, "spending_usd": spending, "demand_tokens": by_size}


def small_price_usd(params: Values, state: Values) -> Array:
    """USD per small-model token, or its equivalent in compute."""
    return state["order_price_quiv"][..., 0] / params["pricing.complexity"][..., 0] * state["oracle_price_usd"]


def _adoption(params: Values, xp: Any, day: Array) -> Array:
    """Logistic adoption: 1 at genesis, `demand.adoption_multiple` in the limit."""
    multiple = params["demand.adoption_multiple"]
    left = xp.exp(-params["demand.adoption_rate"] * (day / 365.0))
    return multiple / (1.0 + (multiple - 1.0) * left)


def _week(params: Values, xp: Any, day: Array) -> Array:
    """Weekdays and weekends with a mean of one over a week; day 0 is a Monday."""
    weekday = 7.0 / (5.0 + 2.0 * params["demand.weekend_level"])
    return xp.where(day % 7 >= 5, weekday * params["demand.weekend_level"], weekday)
