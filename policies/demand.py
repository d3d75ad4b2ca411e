r"""Consumers' demand for inference.

$$ b_{i,t} = \beta_i\, a(t)\, e^{\ell_t}\, s(t)\, \varepsilon_{i,t}, \qquad
   x_{i,t} = (1 - o_t)\, b_{i,t} \left( \frac{p_t P_t}{p^*} \right)^{1-\eta_i}, \qquad
   D_{m,t} = \frac{\sum_i \mu_{m,i}\, x_{i,t}}{p_{m,t} P_t} $$

Budget $\beta_i$ (USD a day) grows with logistic adoption $a$, follows the week $s$ and is noisy, and a scenario's
surges and collapses of demand are factors on it. Around the curve the level of all demand walks,
$\ell_{t+1} = \ell_t + s z_t - s^2 / 2$ with $s$ the day's spread and $z$ standard normal: what changes stays, and
today's level is the best forecast of any later one. Spending $x$ responds to the USD price of a small-model token
against the reference price with the consumer's elasticity $\eta_i$; tokens demanded of size $m$ are the spending on it,
share $\mu_{m,i}$, over its price $p_m$ (QUIV) times the token's price $P$ (USD). A consumer here is a segment: users
with a budget, an elasticity, a mix and a tolerance in common. Of it, $o_t$ goes elsewhere (`policies/outside.py`);
consumers who left for want of satisfaction (`policies/satisfaction.py`) have no budget here. Source: assumption; the
spec has no demand side.
"""

from __future__ import annotations

from typing import Any

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Choice, Mechanism
from model.formulas.adoption import logistic

MOST_WANTED_QUIV = 1e9
"""Nobody would spend more than the worth of the whole supply, however little inference costs."""

MOST_LOG_RESPONSE = 300.0
"""Beyond it the response to a price is no float any more."""


def want_inference(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Budgets and spending by consumer (USD a day), tokens demanded by model size (tokens a day)."""
    xp = namespace(previous_state)
    day = previous_state["day"]
    consumers = previous_state["budget_usd"].shape[-1]
    walked = _walked(params, previous_state)
    use = logistic(params["demand.adoption_multiple"], params["demand.adoption_rate"], day) * xp.exp(walked)
    level = use * _week(params, xp, day) * params["shocks.demand"][day]
    noise = draws.lognormal(params, "demand.noise", day, params["demand.noise_sigma"], consumers)
    budget = params["agents.budget_usd"] * level[..., None] * noise * previous_state["consumer_active"]
    ratio = small_price_usd(params, previous_state) / params["demand.reference_price_usd"]
    response = xp.exp(xp.minimum(xp.log(ratio)[..., None] * (1.0 - params["agents.elasticity"]), MOST_LOG_RESPONSE))
    wanted = xp.minimum(budget * response, MOST_WANTED_QUIV * previous_state["oracle_price_usd"][..., None])
    spending = wanted * (1.0 - previous_state["outside_share"])[..., None]
    prices = previous_state["order_price_quiv"] * previous_state["oracle_price_usd"][..., None]
    ordered = spending[..., None, :] * params["agents.size_mix"] / prices[..., None]
    return {
        "demand_level": walked,
        "budget_usd": budget,
        "spending_usd": spending,
        "ordered_tokens": ordered,
        "demand_tokens": xp.sum(ordered, axis=-1),
    }


def follow_demand_path(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """A given number of tokens a day in place of the process above, divided over consumers by budget."""
    xp = namespace(previous_state)
    path = params["exogenous.demand_tokens"]
    tokens = path[..., xp.minimum(previous_state["day"], path.shape[-1] - 1)]
    weights = params["agents.budget_usd"]
    total = xp.sum(weights, axis=-1, keepdims=True)
    some = xp.where(total > 0.0, total, 1.0)
    share = xp.where(total > 0.0, weights / some, 1.0 / weights.shape[-1])
    mix = share[..., None, :] * params["agents.size_mix"] / params["pricing.complexity"][..., None]
    ordered = mix * (tokens / xp.sum(xp.sum(mix, axis=-1), axis=-1))[..., None, None]
    prices = previous_state["order_price_quiv"] * previous_state["oracle_price_usd"][..., None]
    spending = xp.sum(ordered * prices[..., None], axis=-2)
    return {
        "demand_level": previous_state["demand_level"],
        "budget_usd": spending,
        "spending_usd": spending,
        "ordered_tokens": ordered,
        "demand_tokens": xp.sum(ordered, axis=-1),
    }


def small_price_usd(params: Values, state: Values) -> Array:
    """USD per small-model token, or its equivalent in compute."""
    return state["order_price_quiv"][..., 0] / params["pricing.complexity"][..., 0] * state["oracle_price_usd"]


def _walked(params: Values, state: Values) -> Array:
    """The log of demand's level over the adoption curve after a day's step; the level is a martingale."""
    sigma = params["demand.trend_sigma"] * 365.0**-0.5
    drift = 0.5 * sigma * sigma * params["draws.noise"]
    return state["demand_level"] + sigma * draws.normal(params, "demand.trend", state["day"]) - drift


def _week(params: Values, xp: Any, day: Array) -> Array:
    """Weekdays and weekends with a mean of one over a week; day 0 is a Monday."""
    weekday = 7.0 / (5.0 + 2.0 * params["demand.weekend_level"])
    return xp.where(day % 7 >= 5, weekday * params["demand.weekend_level"], weekday)


BLOCK = Block(
    "demand",
    "Consumers decide what to spend.",
    Choice("demand_given", {False: want_inference, True: follow_demand_path}),
    phase="payments",
    why="Orders are payments.",
    goes_on=("demand_level",),
    mechanism=Mechanism("demand", "Consumers' demand for inference."),
)
