r"""The token market: daily clearing of purchases and sales, and the price.

Consumers buy back up to `demand.wallet_days` of spending; providers sell what the day costs them in USD and part of
yesterday's profit, validators part of yesterday's income;
holders take the other side, pro rata to their liquid tokens. Everyone trades at the day's opening price, so the order
of trades gains nothing. Where holders have too little, consumers are rationed in proportion.

The closing price, with $r = e^{-1/\tau}$ and $z$ standard normal, is drawn to the equation of exchange's value $F$ or
moves as geometric Brownian motion:

$$ \ln P' = r \ln P + (1 - r) \ln F + s z - \frac{s^2}{2 (1 + r)}, \qquad s = \sigma / \sqrt{365}, \qquad
   F = \frac{\text{USD paid a day} \cdot H}{M} $$

with $H$ the holding days and $M$ the circulating tokens that somebody could pay with: not staked, unbonding,
deposited or waiting in a reward pool, and never the treasury's. The last term makes $F$ the mean price in the long
run, whatever the volatility; Brownian motion has $-s^2/2$ in its place. Source: assumption; no document of QUIVer
says how QUIV gets its price. Equation of exchange: Fisher 1911; Buterin 2017 for tokens.
"""

from __future__ import annotations

from typing import Any

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, scale_down, share_out, to_nquiv, to_quiv
from model.flows import LEDGER
from model.ledger import Account
from policies.capacity import installed_tokens, unit_cost_usd

MOST_WANTED_QUIV = 1e9
"""All consumers together want at most the whole supply: keeps sums within `int64` when the price is next to nothing."""

PRICE_BOUNDS_USD = (1e-12, 1e12)

RESTING = (
    "_stake_nquiv",
    "_delegated_nquiv",
    "_unbonding_nquiv",
    "_rewards_nquiv",
    "_deposits_nquiv",
    "_escrow_nquiv",
    "_channel_nquiv",
)
"""Accounts of circulating tokens that nobody can pay with today."""

MIN_VALUE_USD = 1e-9
"""Value of a token that nobody pays with: the price of an unused network falls towards it."""


def clear_market(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Purchases and sales of the day, nano-QUIV by agent."""
    xp = namespace(previous_state["price_usd"])
    wanted = _wanted(params, previous_state)
    cost, income = _cost(params, previous_state), previous_state["provider_income_nquiv"]
    provider_sale = _sold(params, previous_state["provider_wallet_nquiv"], income, cost)
    earned = previous_state["validator_income_nquiv"]
    validator_sale = _sold(params, previous_state["validator_wallet_nquiv"], earned, 0 * earned)
    demanded = xp.sum(wanted, axis=-1)
    supplied = xp.sum(provider_sale, axis=-1) + xp.sum(validator_sale, axis=-1)
    liquid = previous_state["holder_wallet_nquiv"]
    short = xp.minimum(xp.maximum(demanded - supplied, 0 * demanded), xp.sum(liquid, axis=-1))
    holder_sale = share_out(short, liquid)
    bought = xp.minimum(demanded, supplied + xp.sum(holder_sale, axis=-1))
    wealth = liquid + previous_state["holder_delegated_nquiv"] + 1
    return {
        "provider_sale": provider_sale,
        "validator_sale": validator_sale,
        "holder_sale": holder_sale,
        "consumer_purchase": share_out(bought, wanted),
        "holder_purchase": share_out(xp.maximum(supplied - demanded, 0 * demanded), wealth),
    }


def revert_to_quantity_value(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price, drawn to the equation of exchange's value, USD per QUIV."""
    xp = namespace(previous_state["price_usd"])
    liquid = to_quiv(LEDGER.holdings(previous_state, _spendable))
    value = previous_state["payments_usd"] * params["market.holding_days"] / xp.maximum(liquid, 1.0)
    keep = xp.exp(-1.0 / params["market.reversion_days"])
    ratio = xp.maximum(value, MIN_VALUE_USD) / previous_state["price_usd"]
    drawn = previous_state["price_usd"] * xp.pow(ratio, 1.0 - keep)
    sigma = _daily_sigma(params)
    lift = 0.5 * sigma * sigma * keep / (1.0 + keep) * params["draws.noise"]
    return {"price_usd": _bounded(xp, drawn * _shock(params, previous_state) * xp.exp(lift))}


def follow_brownian_motion(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price of geometric Brownian motion, USD per QUIV."""
    xp = namespace(previous_state["price_usd"])
    drift = xp.exp(params["market.drift_per_year"] / 365.0)
    return {"price_usd": _bounded(xp, previous_state["price_usd"] * drift * _shock(params, previous_state))}


def follow_price_path(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price from a given path, USD per QUIV."""
    xp = namespace(previous_state["price_usd"])
    path = params["exogenous.price_usd"]
    return {
        "price_usd": path[xp.minimum(previous_state["day"] + 1, path.shape[-1] - 1)] + 0.0 * previous_state["price_usd"]
    }


def _spendable(account: Account) -> bool:
    return account.circulating and not account.name.endswith(RESTING)


def _shock(params: Values, state: Values) -> Array:
    """The day's price shock, a factor of mean one."""
    return draws.lognormal(params, "market.price", state["day"], _daily_sigma(params))


def _daily_sigma(params: Values) -> Array:
    return params["market.volatility"] * 365.0**-0.5


def _bounded(xp: Any, price: Array) -> Array:
    """A price that can be divided by: a path of extreme volatility would leave the range of floats in the end."""
    return xp.clip(price, *PRICE_BOUNDS_USD)


def _wanted(params: Values, state: Values) -> Array:
    """What each consumer lacks of a few days' spending, nano-QUIV."""
    xp = namespace(state["price_usd"])
    target = state["spending_usd"] / state["oracle_price_usd"][..., None] * params["demand.wallet_days"][..., None]
    lacking = to_nquiv(xp.minimum(target, MOST_WANTED_QUIV / target.shape[-1])) - state["consumer_wallet_nquiv"]
    return xp.maximum(lacking + _refill(params, state), 0 * lacking)


def _refill(params: Values, state: Values) -> Array:
    """What a channel that will not outlast the day needs tonight, nano-QUIV by consumer."""
    xp = namespace(state["price_usd"])
    held, target = state["consumer_channel_nquiv"], state["channel_target_nquiv"]
    daily = params["channels.share"][..., None] * state["spending_usd"] / state["oracle_price_usd"][..., None]
    return xp.where(to_quiv(held) < 2.0 * daily, xp.maximum(target - held, 0 * held), 0 * held)


def _cost(params: Values, state: Values) -> Array:
    """What a day online costs each provider, nano-QUIV at the day's price."""
    xp = namespace(state["price_usd"])
    cost_usd = unit_cost_usd(params, state) * installed_tokens(params, state) * state["provider_online"]
    most = MOST_WANTED_QUIV / cost_usd.shape[-1]
    return to_nquiv(xp.minimum(cost_usd / state["price_usd"][..., None], most))


def _sold(params: Values, wallet: Array, income: Array, cost: Array) -> Array:
    """The day's cost and part of what yesterday's income leaves, at most what is in the wallet, nano-QUIV."""
    xp = namespace(wallet)
    profit = xp.maximum(income - cost, 0 * cost)
    return xp.minimum(cost + scale_down(profit, params["providers.sell_share"][..., None]), wallet)
