r"""What investors have and how they see it: stock, calendar, cash and yield by class, and the day's auction.

Every class knows the published calendar: the unlocks of its own allocation within a year are its wealth already, and
the year's emission is counted, by capital, among the tokens that somebody will have to hold, with what other classes
would sell of theirs if it were not locked. It sees the value of the day, news included (`policies/valuation.py`), and
the yield of delegation on the part of all tokens that is delegated; it expects nothing else of the price. Source:
assumption.
"""

from __future__ import annotations

from model.arrays import Array, Values, namespace, ratio, to_quiv
from model.classes import FIRST, by_class
from model.formulas import auction
from model.parameters.investors import CLASSES

MOST_YIELD = 1.0
"""A yearly yield of delegation beyond which investors do not believe it."""

LEAST_QUIV, MOST_QUIV = 1e-9, 1e9
"""A reserve that can be divided by, and an amount that fits the ledger."""

LEAST_USD = 1e-12
"""A quote that has a logarithm."""


def diluted_quiv(params: Values, state: Values) -> Array:
    """Fully diluted supply: minted and still to be minted, less what was burned, QUIV, `(*batch)`."""
    burned = state["burned_nquiv"]
    return to_quiv(params["genesis.minted_nquiv"] + params["genesis.pool_nquiv"] - burned)


def of_investors(params: Values, of_holders: Array) -> Array:
    """What holders have who are investors: who is scripted to make a proposal keeps its tokens for it."""
    return of_holders * params["script.investing"]


def owned_by_class(params: Values, state: Values) -> tuple[Array, Array]:
    """What each class owns and what of it is delegated or unbonding, QUIV, `(*batch, classes)`."""
    bonded = state["holder_delegated_nquiv"] + state["holder_unbonding_nquiv"]
    wallets = of_investors(params, state["holder_wallet_nquiv"])
    staked = to_quiv(by_class(of_investors(params, bonded)))
    return staked + to_quiv(by_class(wallets)), staked


def unlocking(params: Values, state: Values) -> Array:
    """What the calendar unlocks to each class within a year, QUIV, `(*batch, classes)`, as far as it is foreseen."""
    xp = namespace(state)
    locked = to_quiv(state["vesting_nquiv"][..., FIRST : FIRST + len(CLASSES)])
    due = xp.minimum(params["genesis.unlocking_quiv"][..., state["day"], :], locked)
    return params["investors.foresight"][..., None] * due


def issuing(params: Values, state: Values) -> Array:
    """What the schedule mints within a year, under the cap, QUIV, `(*batch)`, as far as it is foreseen."""
    xp = namespace(state)
    room = to_quiv(params["genesis.pool_nquiv"] - (state["minted_nquiv"] - params["genesis.minted_nquiv"]))
    due = xp.minimum(params["genesis.issuing_quiv"][..., state["day"]], xp.maximum(room, 0.0))
    return params["investors.foresight"] * due


def capital_part(params: Values) -> Array:
    """Each class's part of all capital, `(*batch, classes)`; equal parts where there is none."""
    capital = params["investors.capital_share"]
    xp = namespace(capital)
    summed = xp.sum(capital, axis=-1)[..., None]
    return xp.where(summed > 0.0, capital, 1.0) / xp.where(summed > 0.0, summed, 1.0 * len(CLASSES))


def earning(state: Values, tokens: Array, staked: Array) -> Array:
    """The yield of delegation on what investors own, log return over a year, `(*batch, classes)`, the same for each.

    By the part of all their tokens that is delegated: by its own, a class that buys would want less of the token for
    it, and sell to the next on the day after.
    """
    xp = namespace(tokens)
    part = ratio(xp.sum(staked, axis=-1), xp.sum(tokens, axis=-1))
    return (xp.minimum(state["delegator_apr"], MOST_YIELD) * part)[..., None] + xp.zeros_like(tokens)


def contented(params: Values, state: Values) -> Array:
    """The log of value over price at which investors are content with what they hold and will hold, `(*batch)`."""
    xp = namespace(state)
    tokens, staked = owned_by_class(params, state)
    wealth = tokens + unlocking(params, state)
    present = 1.0 - state["dumped_share"]
    capital = present * (wealth + state["investor_cash_usd"] / state["price_usd"][..., None])
    held, whole = xp.sum(wealth, axis=-1) + issuing(params, state), xp.sum(capital, axis=-1)
    part = capital / xp.maximum(whole, LEAST_QUIV)[..., None]
    required = xp.sum(part * params["investors.required"], axis=-1)
    earned = xp.sum(part * earning(state, tokens, staked), axis=-1)
    share = xp.minimum(held / xp.maximum(whole, LEAST_QUIV), 1.0)
    return auction.premium(share, required, earned, params["investors.risk"])


def auction_book(
    params: Values,
    state: Values,
    given: Array,
    sold: Array,
    saved: Array,
    left: Array,
    speculating: auction.Speculating = auction.NO_SPECULATORS,
) -> auction.Book:
    """The auction of a day whose other orders are known.

    `given` is the net purchase of who does not look at the price, QUIV, `(*batch)`; `sold` is what holders sell of it,
    nano-QUIV, `(*batch, holders)`, `saved` what providers and validators have beyond the day's costs, nano-QUIV,
    `(*batch)`, and `left` the part of each class that is not out of the market after it, `(*batch, classes)`;
    `speculating` are speculators' orders.
    """
    xp = namespace(given)
    price = state["price_usd"]
    tokens, staked = owned_by_class(params, state)
    gone = to_quiv(by_class(of_investors(params, sold)))
    wealth = tokens - gone + unlocking(params, state)
    known = xp.log(state["value_usd"] / price)
    investing = auction.Investing(
        edge=known[..., None] + earning(state, tokens, staked) - params["investors.required"],
        wealth=wealth,
        cash=xp.minimum(state["investor_cash_usd"] / price[..., None], MOST_QUIV),
        free=to_quiv(by_class(of_investors(params, state["holder_wallet_nquiv"]))) - gone,
        coming=issuing(params, state)[..., None],
        capital=capital_part(params),
        present=left,
        risk=params["investors.risk"][..., None],
        attention=params["investors.attention"][..., None],
    )
    saving = auction.Saving(
        edge=known - params["investors.saver_required"],
        quiv=to_quiv(saved),
        hazard=params["investors.savings_hazard"],
    )
    reserve = xp.maximum(to_quiv(state["pool_nquiv"]), LEAST_QUIV)
    return auction.Book(given, investing, saving, _making(params, state), reserve, speculating)


def auction_alone(params: Values, state: Values, given: Array) -> auction.Book:
    """One more auction after the day's last, to which investors, savers, maker and pool come.

    `given` is the net purchase of who does not look at the price, QUIV, `(*batch)`: nobody else is there.
    """
    xp = namespace(state)
    savings = sum(xp.sum(state[f"{who}_wallet_nquiv"], axis=-1) for who in ("provider", "validator"))
    nothing = 0 * state["holder_wallet_nquiv"]
    return auction_book(params, state, given, nothing, savings, 1.0 - state["dumped_share"])


def _making(params: Values, state: Values) -> auction.Making:
    """The market maker's lots, as far as its tokens and its cash reach, and where the pool's price meets its quotes.

    It sells into a net purchase and buys into a net sale, wherever the pool's fee puts its quotes.
    """
    xp = namespace(state)
    lot = params["maker.budget_quiv"] / params["maker.lots"]
    ask, bid = (xp.maximum(state[name], LEAST_USD) for name in ("maker_ask_usd", "maker_bid_usd"))
    kept, price = 1.0 - params["pool.fee"], state["price_usd"]
    return auction.Making(
        sells=xp.minimum(to_quiv(state["maker_nquiv"]), lot),
        ask=xp.maximum(xp.log(ask * kept / price), 0.0),
        buys=xp.minimum(xp.minimum(state["maker_usd"] / bid, MOST_QUIV), lot),
        bid=xp.minimum(xp.log(bid / (kept * price)), 0.0),
    )
