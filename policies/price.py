r"""The token's closing price, by process.

With $r = e^{-1/\tau}$, $s = \sigma / \sqrt{365}$ and $z$ standard normal, the **quantity** process is drawn to the
equation of exchange's value $F$,

$$ \ln P' = r \ln P + (1 - r) \ln F + s z - \frac{s^2}{2 (1 + r)}, \qquad F = \frac{\text{USD paid a day} \cdot H}{M} $$

with $H$ the holding days and $M$ the circulating tokens that somebody could pay with: not staked, unbonding,
deposited or waiting in a reward pool, and never the treasury's. The last term makes $F$ the mean price in the long
run, whatever the volatility. **Burn and mint** is drawn in the same way to the price at which as much is burned as is
minted, $P\,\text{burn} / \text{mint}$: the USD burned over the QUIV minted. If consumers spend, or a full network
charges, a sum of USD, that is one price whatever $P$; if a full network charges QUIV and burns less than is minted, it
is below every $P$, and the token loses its price. **Brownian motion** has $-s^2/2$ in place of the pull, and a drift;
with **jumps** it is also multiplied, with a chance of $\lambda/365$ a day, by $e^J$, $J$ normal, in the mean by
nothing. The **pool**'s price is what its trades leave (`policies/pool.py`). Elsewhere a scenario's price jump
multiplies the price, its volatility regime $\sigma$. Source: assumption; no document of QUIVer says how QUIV gets its
price. Equation of exchange: Fisher 1911; Buterin 2017 for tokens. Burn and mint: Helium 2019. Jumps: Merton 1976.
"""

from __future__ import annotations

from typing import Any

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, to_quiv
from model.block import Block, Choice, Mechanism
from model.flows import LEDGER
from model.launch import begun
from model.ledger import Account

PRICE_BOUNDS_USD = (1e-12, 1e12)

RESTING = (
    "_stake_nquiv",
    "_delegated_nquiv",
    "_unbonding_nquiv",
    "_rewards_nquiv",
    "_deposits_nquiv",
    "_bonds_nquiv",
    "_escrow_nquiv",
    "_channel_nquiv",
)
"""Accounts of circulating tokens that nobody can pay with today."""

MIN_VALUE_USD = 1e-9
"""Value of a token that nobody pays with: the price of an unused network falls towards it."""


def revert_to_quantity_value(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price, drawn to the equation of exchange's value, USD per QUIV."""
    xp = namespace(previous_state)
    liquid = to_quiv(LEDGER.holdings(previous_state, _spendable))
    value = previous_state["payments_usd"] * params["market.holding_days"] / xp.maximum(liquid, 1.0)
    return {"price_usd": _drawn_to(params, previous_state, value)}


def balance_burn_and_mint(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price, drawn to USD burned over QUIV minted, USD per QUIV; as it is where none is minted."""
    xp = namespace(previous_state)
    burned = to_quiv(LEDGER.today(previous_state, "receipt_burn", "slash_burn"))
    minted = to_quiv(LEDGER.today(previous_state, "emission_to_staking", "emission_to_work"))
    some = minted > 0.0
    ratio = xp.where(some, burned, 1.0) / xp.where(some, minted, 1.0)
    return {"price_usd": _drawn_to(params, previous_state, previous_state["price_usd"] * ratio)}


def follow_brownian_motion(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price of geometric Brownian motion, USD per QUIV."""
    return {"price_usd": _bounded(namespace(previous_state), _brownian(params, previous_state))}


def follow_jumps(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price of geometric Brownian motion with jumps, USD per QUIV."""
    xp = namespace(previous_state)
    mean, sigma = params["market.jump_mean"], params["market.jump_sigma"]
    chance = params["market.jumps_per_year"] / 365.0
    jumped = xp.astype(draws.happens(params, "market.jump", previous_state["day"], chance), xp.float64)
    size = xp.exp(mean + sigma * draws.normal(params, "market.jump_size", previous_state["day"]))
    usual = chance * (xp.exp(mean + 0.5 * sigma * sigma) - 1.0) * params["draws.noise"]
    factor = (1.0 + jumped * (size - 1.0)) / (1.0 + usual)
    return {"price_usd": _bounded(xp, _brownian(params, previous_state) * factor)}


def close_at_pool(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price of the pool, USD per QUIV: all that trades there pays by it, so it has no upper bound."""
    xp = namespace(previous_state)
    reserve = xp.maximum(to_quiv(previous_state["pool_nquiv"]), 1e-9)
    return {"price_usd": xp.maximum(previous_state["pool_usd"] / reserve, PRICE_BOUNDS_USD[0])}


def follow_price_path(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The closing price from a given path, USD per QUIV."""
    xp = namespace(previous_state)
    path = params["exogenous.price_usd"]
    return {
        "price_usd": path[..., xp.minimum(previous_state["day"] + 1, path.shape[-1] - 1)]
        + xp.zeros_like(previous_state["price_usd"])
    }


def _spendable(account: Account) -> bool:
    return account.circulating and not account.name.endswith(RESTING)


def _drawn_to(params: Values, state: Values, value: Array) -> Array:
    """The price after a day's pull to a value and the day's shock, whose mean in the long run is that value.

    Before payments begin no value is known, and nothing pulls.
    """
    xp = namespace(value)
    value = xp.where(begun(params, state, "launch.payments_day") > 0.0, value, state["price_usd"])
    keep = xp.exp(-1.0 / params["market.reversion_days"])
    ratio = xp.maximum(value, MIN_VALUE_USD) / state["price_usd"]
    drawn = state["price_usd"] * xp.pow(ratio, 1.0 - keep)
    sigma = _daily_sigma(params, state)
    lift = 0.5 * sigma * sigma * keep / (1.0 + keep) * params["draws.noise"]
    return _bounded(xp, drawn * _shock(params, state) * xp.exp(lift))


def _brownian(params: Values, state: Values) -> Array:
    """The price after a day of geometric Brownian motion."""
    xp = namespace(state)
    return state["price_usd"] * xp.exp(params["market.drift_per_year"] / 365.0) * _shock(params, state)


def _shock(params: Values, state: Values) -> Array:
    """The day's price shock: a factor of mean one, times a scenario's jump."""
    xp = namespace(state)
    drawn = draws.lognormal(params, "market.price", state["day"], _daily_sigma(params, state))
    return drawn * xp.exp(params["shocks.price_jump"][state["day"]])


def _daily_sigma(params: Values, state: Values) -> Array:
    return params["market.volatility"] * params["shocks.volatility"][state["day"]] * 365.0**-0.5


def _bounded(xp: Any, price: Array) -> Array:
    """A price that can be divided by: a path of extreme volatility would leave the range of floats in the end."""
    return xp.clip(price, *PRICE_BOUNDS_USD)


BLOCK = Block(
    "price",
    "The token's price closes.",
    Choice(
        "price_rule",
        {
            "given": follow_price_path,
            "pool": close_at_pool,
            "quantity": revert_to_quantity_value,
            "gbm": follow_brownian_motion,
            "jumps": follow_jumps,
            "burn_mint": balance_burn_and_mint,
        },
    ),
    phase="token",
    why="A token that exists has a price.",
    mechanism=Mechanism("price", "Movement of the token's price; off, the initial price holds."),
)
