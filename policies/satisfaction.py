r"""Consumers' satisfaction, and churn on it.

$$ u_t = \frac{w_1 \min(1, p^o_t / p_t) + w_2 \min(1, \bar T / T_t) + w_3\, n_t}{w_1 + w_2 + w_3}, \qquad
   S' = S + (1 - e^{-1/\tau}) (u_t - S) $$

with $p_t$ the USD price of a small-model token and $p^o_t$ that of the outside option, $T_t$ the wait for a free server
and $\bar T$ its bar, $n_t$ completed jobs over those that ended (1 if none did), less what cheating
took of their value. Of a consumer's demand the part $a$
is with the network; below its tolerance $\theta_i$ it leaves, above it returns:

$$ a' = a - \kappa \max(\theta_i - S_i, 0)\, a + \rho \max(S_i - \theta_i, 0)\, (1 - a) $$

Source: SPEC, Off-chain Metrics (ConsumerSatisfaction); the formula is an assumption.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Mechanism
from policies.demand import small_price_usd
from policies.outside import outside_price_usd


def judge_and_churn(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Satisfaction in [0, 1] and the share of demand that is with the network, by consumer."""
    xp = namespace(previous_state)
    satisfaction, active = previous_state["satisfaction"], previous_state["consumer_active"]
    pull = 1.0 - xp.exp(-1.0 / params["satisfaction.memory_days"])
    today = _experience(params, previous_state)
    now = satisfaction + pull[..., None] * (today[..., None] - satisfaction)
    gap = params["agents.tolerance"] - now
    leave = params["satisfaction.churn_speed"][..., None] * xp.maximum(gap, 0.0)
    back = params["satisfaction.return_speed"][..., None] * xp.maximum(-gap, 0.0)
    return {"satisfaction": now, "consumer_active": active - leave * active + back * (1.0 - active)}


def _experience(params: Values, state: Values) -> Array:
    """Today's experience of the network, in [0, 1]."""
    xp = namespace(state)
    price = small_price_usd(params, state)
    cheap = outside_price_usd(params, state) / xp.maximum(price, outside_price_usd(params, state))
    bar = params["satisfaction.latency_bar_s"]
    quick = bar / xp.maximum(state["wait_s"], bar)
    completed = xp.astype(xp.sum(state["completed_jobs"], axis=-1), xp.float64)
    ended = completed + xp.sum(state["failed_jobs"], axis=-1) + xp.sum(state["expired_jobs"], axis=-1)
    some = xp.where(ended > 0.0, ended, 1.0)
    done = xp.where(ended > 0.0, completed / some, 1.0)
    done = done * (1.0 - state["harm_share"])
    weights = params["satisfaction.weights"]
    total = xp.sum(weights, axis=-1)
    return (weights[..., 0] * cheap + weights[..., 1] * quick + weights[..., 2] * done) / total


BLOCK = Block(
    "satisfaction",
    "Consumers judge, leave, return.",
    judge_and_churn,
    phase="payments",
    why="Consumers judge what they pay for.",
    mechanism=Mechanism("satisfaction", "Satisfaction and churn; off, nobody leaves."),
)
