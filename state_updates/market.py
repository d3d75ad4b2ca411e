"""The token market: the pool's money, cash of each class, trade of the economy."""

from __future__ import annotations

from model.arrays import Array, to_quiv
from model.variable import Opening, Variable
from state_updates.common import first_price


def _at_the_first_price(opening: Opening) -> Array:
    """As much as the pool's tokens are worth, USD."""
    return opening.params["market.initial_price_usd"] * to_quiv(opening.balances["pool_nquiv"])


def _shared_out(opening: Opening) -> Array:
    """An equal part of all speculators' cash for each group, USD; nothing without a pool."""
    groups = len(opening.economy.parameters.speculators.horizons_days)
    return (opening.params["speculators.capital_share"] * opening.worth_usd / groups)[..., None]


def _first_capital(opening: Opening) -> Array:
    """A part of the whole supply's value for each class, USD; nothing without a pool."""
    return opening.params["investors.capital_share"] * opening.worth_usd[..., None]


VARIABLES = [
    Variable("pool_usd", "", "USD", "USD in the liquidity pool.", start=_at_the_first_price),
    Variable("lvr_usd", "", "USD", "Loss of the pool against rebalancing, cumulative, fees included."),
    Variable("treasury_usd", "", "USD", "USD that the treasury has from steadying the price."),
    Variable("attack_spent_usd", "", "USD", "What attackers of governance have paid for tokens so far."),
    Variable(
        "cash_usd",
        "sides",
        "USD",
        "USD that each class has got for tokens less what it has paid for them and for work, so far: attackers, then "
        "all others.",
    ),
    Variable(
        "maker_usd",
        "",
        "USD",
        "The market maker's cash.",
        start=lambda opening: opening.params["maker.budget_usd"] * opening.economy.market_made,
    ),
    Variable("batch_price_usd", "", "USD per QUIV", "Price of the day's batch.", start=first_price),
    Variable("speculator_cash_usd", "speculators", "USD", "Speculators' cash.", start=_shared_out),
    Variable(
        "investor_cash_usd",
        "investors",
        "USD",
        "Cash of each class of investors, its own and that beside it, for tokens.",
        start=_first_capital,
    ),
    Variable(
        "dumped_share",
        "investors",
        "share of wealth",
        "Part of each class of investors that has dumped its tokens and stays out of the market.",
    ),
]
