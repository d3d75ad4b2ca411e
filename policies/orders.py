r"""Orders of those who use the network: what consumers would buy of the token, and what providers and validators sell.

Consumers buy back up to `demand.wallet_days` of spending; providers sell what the day costs them in USD and part of
yesterday's profit, validators what their tasks cost and part of the rest (`policies/market.py`). Where there is a pool
only the costs are sold whatever the price, and what is saved by the price (`policies/pool.py`). Source: assumption; no
document has a market.
"""

from __future__ import annotations

from model.arrays import Array, Values, namespace, scale_down, to_nquiv, to_quiv
from model.attacks import today
from policies.capacity import running_cost_usd
from policies.cash import task_cost_usd
from policies.channels import streaming_share

MOST_WANTED_QUIV = 1e9
"""All consumers together want at most the whole supply: keeps sums within `int64` when the price is next to nothing."""


def orders(params: Values, state: Values) -> tuple[Array, Array, Array]:
    """Orders: purchases that consumers want, sales of providers and of validators, nano-QUIV by agent."""
    cost, income = _cost(params, state), state["provider_income_nquiv"]
    earned = state["validator_income_nquiv"]
    return (
        _wanted(params, state),
        _sold(params, state["provider_wallet_nquiv"], income, cost),
        _sold(params, state["validator_wallet_nquiv"], earned, _task_cost(params, state)),
    )


def needs(params: Values, state: Values) -> tuple[Array, Array, Array]:
    """What cannot wait: purchases of consumers; sales of providers and validators for the day's costs, nano-QUIV."""
    xp = namespace(state)
    return (
        _wanted(params, state),
        xp.minimum(_cost(params, state), state["provider_wallet_nquiv"]),
        xp.minimum(_task_cost(params, state), state["validator_wallet_nquiv"]),
    )


def _wanted(params: Values, state: Values) -> Array:
    """Purchase that each consumer wants: what it lacks of a few days' spending, nano-QUIV."""
    xp = namespace(state)
    target = state["spending_usd"] / state["oracle_price_usd"][..., None] * params["demand.wallet_days"][..., None]
    lacking = to_nquiv(xp.minimum(target, MOST_WANTED_QUIV / target.shape[-1])) - state["consumer_wallet_nquiv"]
    wash = to_nquiv(today(params, "wash_paid_quiv", state["day"]))
    return xp.maximum(lacking + wash + _refill(params, state), 0)


def _refill(params: Values, state: Values) -> Array:
    """Deposit that a channel which will not outlast the day needs tonight, nano-QUIV by consumer."""
    xp = namespace(state)
    held, target = state["consumer_channel_nquiv"], state["channel_target_nquiv"]
    daily = streaming_share(params, state["day"]) * state["spending_usd"] / state["oracle_price_usd"][..., None]
    return xp.where(to_quiv(held) < 2.0 * daily, xp.maximum(target - held, 0), 0)


def _cost(params: Values, state: Values) -> Array:
    """Cost of a day online to each provider, from the first day of work on, nano-QUIV at the day's price."""
    xp = namespace(state)
    cost_usd = running_cost_usd(params, state)
    most = MOST_WANTED_QUIV / cost_usd.shape[-1]
    return to_nquiv(xp.minimum(cost_usd / state["price_usd"][..., None], most))


def _task_cost(params: Values, state: Values) -> Array:
    """Cost of yesterday's tasks to each attentive validator, nano-QUIV at the day's price."""
    xp = namespace(state)
    cost_usd = task_cost_usd(params, state)
    return to_nquiv(xp.minimum(cost_usd / state["price_usd"][..., None], MOST_WANTED_QUIV / cost_usd.shape[-1]))


def _sold(params: Values, wallet: Array, income: Array, cost: Array) -> Array:
    """The day's cost and part of what yesterday's income leaves, at most what is in the wallet, nano-QUIV."""
    xp = namespace(wallet)
    profit = xp.maximum(income - cost, 0)
    return xp.minimum(cost + scale_down(profit, params["providers.sell_share"][..., None]), wallet)
