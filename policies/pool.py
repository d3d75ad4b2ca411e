r"""The token market by a constant-product pool: one auction a day, whose net trades with the pool.

Orders that do not look at the price are given: consumers buy what they will spend, providers and validators sell the
day's costs, contributors part of yesterday's pay; speculators trade (`policies/speculators.py`), the treasury steadies
the price if it is told to (`policies/intervention.py`), who attacks governance buys votes, and a scenario's fire sale
and its exit of whales are dumped. Investors, and what providers and validators have saved, trade by the price
(`model/investors.py`), at that which clears the day (`model/formulas/auction.py`). Then orders are whole and netted,
and only the net $n$ trades with the pool's reserves of $x$ QUIV and $y$ USD; everybody gets the price of the net,

$$ \bar p = \frac{\Delta y}{n}, \qquad \Delta y = \frac{y}{\gamma} \frac{n}{x - n} \text{ bought}, \qquad
   \Delta y = y \frac{\gamma n}{x + \gamma n} \text{ sold} $$

(the pool's own price where $n = 0$). Within a day nobody is first, so there is nothing to be gained by trading ahead
of somebody or in parts. A market maker takes part of the net where its quote is better than the pool
(`policies/maker.py`). A day takes at most three quarters of the pool's QUIV: beyond that all who buy are rationed in
proportion. Investors' cash is a stock: it pays for what they buy and gets what they sell (`policies/capital.py` for
what comes and goes beside). Who has dumped stays out, and comes back in time. Source: assumption; a batch as in Budish,
Cramton and Shim 2015.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from model import investors
from model.arrays import (
    Array,
    Signals,
    Unread,
    Values,
    namespace,
    part_of,
    ratio,
    scale_down,
    share_out,
    sum_by,
    take_rate,
    to_nquiv,
    to_quiv,
)
from model.classes import by_class, share_by_class
from model.flows import LEDGER
from model.formulas import amm, auction
from model.parameters.supply import ALLOCATIONS
from policies.cash import tally
from policies.orders import needs

TEAM, INVESTORS = ALLOCATIONS.index("team"), ALLOCATIONS.index("investors")

LEAST_USD, MOST_QUIV = 1e-12, 1e9
"""A quote that can be divided by, and an amount that fits the ledger."""

STEADY = 1e6
"""Parts in which speculators withdraw their orders, so that what a price of sixteen digits leaves open stays there."""

LOTS = 1e9
"""Parts of the supply's cap in which investors order, a QUIV of the white paper's: whatever the token's denomination,
they order the same."""

SMALL = 1e3
"""No more than one part in so many of the pool's QUIV is left over by rounding, however little the pool has."""

SAVERS = {"provider_sale": "provider_wallet_nquiv", "validator_sale": "validator_wallet_nquiv"}
"""Sales of who earns tokens, and the wallets that they come from."""


@dataclass(frozen=True)
class Orders:
    """Orders of a day, nano-QUIV, by the flow that would move them.

    Purchases are those of agents, `support` is the treasury's, `attack` what attackers of governance buy, by holder. Of
    holders' sales `needed` is what is sold for a living, whose cash is spent; `left` is the part of each class of
    investors that is not out of the market. Speculators `bid` and `offered` what they may yet withdraw.
    """

    sales: dict[str, Array]
    purchases: dict[str, Array]
    support: Array
    attack: Array
    needed: Array
    left: Array
    offered: Array
    bid: Array


def trade_in_batch(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Purchases and sales of the day, nano-QUIV by agent; the pool's USD, the batch's price, everybody's cash."""
    state = previous_state
    xp = namespace(state)
    wanted = _by_price(params, state, _given(params, state))
    sold = _total(wanted.sales)
    parts, of = auction.POOL_PARTS
    demanded = _total(wanted.purchases) + wanted.support + xp.sum(wanted.attack, axis=-1)
    reach = _reach(xp, demanded, sold + parts * (state["pool_nquiv"] // of))
    bought = {flow: part_of(amount, reach[..., None]) for flow, amount in wanted.purchases.items()}
    attack = part_of(wanted.attack, reach[..., None])
    bought = bought | {"holder_purchase": bought["holder_purchase"] + attack}
    supported = part_of(wanted.support, reach)
    traded = wanted.sales | bought | {"treasury_purchase": supported}
    net = _total(bought) + supported - sold
    made, maker_usd = _made(params, state, net)
    usd = amm.usd_for_net(to_quiv(net - made), _reserve(state), _reserve_usd(state), params["pool.fee"])
    price = _batch_price(xp, usd + maker_usd, net, state["price_usd"])
    invested = bought["holder_purchase"] - attack - (wanted.sales["holder_sale"] - wanted.needed)
    spent = to_quiv(by_class(invested)) * price[..., None]
    return {
        **traded,
        **_by_pool(state, net - made, usd),
        **_by_maker(state, made, maker_usd),
        **_cash(params, state, traded, price),
        "investor_cash_usd": state["investor_cash_usd"] + state["investor_inflow_usd"] - spent,
        "dumped_share": 1.0 - wanted.left,
        "attack_spent_usd": state["attack_spent_usd"] + to_quiv(xp.sum(attack, axis=-1)) * price,
        "batch_price_usd": price,
    }


def _given(params: Values, state: Values) -> Orders:
    """The orders that do not look at the price."""
    xp = namespace(state)
    consumers, providers, validators = needs(params, state)
    speculators, treasury = state["speculator_order_nquiv"], state["treasury_order_nquiv"]
    by_speculators = xp.minimum(xp.maximum(-speculators, 0), state["speculator_wallet_nquiv"])
    needed = _needed(params, state)
    speculators_dump, holders_dump = _dumped(params, state, by_speculators, needed)
    return Orders(
        sales={
            "provider_sale": providers,
            "validator_sale": validators,
            "holder_sale": needed + holders_dump,
            "speculator_sale": speculators_dump,
            "treasury_sale": xp.maximum(-treasury, 0),
        },
        purchases={"consumer_purchase": consumers},
        support=xp.maximum(treasury, 0),
        attack=_attack(params, state),
        needed=needed,
        left=_left(params, state, holders_dump),
        offered=by_speculators,
        bid=xp.maximum(speculators, 0),
    )


def _by_price(params: Values, state: Values, given: Orders) -> Orders:
    """The same with the orders of investors and the sales of savings, at the price that clears the day.

    Investors order whole lots: what a price of sixteen digits leaves open would otherwise reach the ledger, as their
    wishes are far larger than the pool.
    """
    xp = namespace(state)
    net = _total(given.purchases) + given.support + xp.sum(given.attack, axis=-1) - _total(given.sales)
    of_holders = given.sales["holder_sale"]
    kept = {flow: state[wallet] - given.sales[flow] for flow, wallet in SAVERS.items()}
    bid, offered = (to_quiv(xp.sum(orders, axis=-1)) for orders in (given.bid, given.offered))
    speculating = auction.Speculating(bid, offered, params["speculators.limit"])
    book = investors.auction_book(params, state, to_quiv(net), of_holders, _total(kept), given.left, speculating)
    z = auction.clearing(book)
    steady = xp.maximum(STEADY, xp.maximum(bid, offered) / book.reserve * SMALL)
    buy, sell = (xp.round(part * steady) / steady for part in auction.stands(speculating, z))
    lot = xp.minimum(params["supply.cap_quiv"] / LOTS, book.reserve / SMALL)[..., None]
    ordered = xp.round(auction.invested(book.investing, z) / lot) * lot
    part = auction.saved(book.saving, params["investors.risk"], z)[..., None]
    liquid = investors.of_investors(params, state["holder_wallet_nquiv"] - of_holders)
    leaving = xp.minimum(to_nquiv(-ordered), by_class(liquid))
    saved = {flow: given.sales[flow] + scale_down(amount, part) for flow, amount in kept.items()}
    sold = {
        "holder_sale": of_holders + share_by_class(params, leaving, liquid),
        "speculator_sale": given.sales["speculator_sale"] + part_of(given.offered, sell[..., None]),
    }
    bought = {
        "holder_purchase": share_by_class(params, to_nquiv(ordered), _wealth(params, state)),
        "speculator_purchase": part_of(given.bid, buy[..., None]),
    }
    return replace(given, sales=given.sales | saved | sold, purchases=given.purchases | bought)


def _total(amounts: Mapping[str, Array]) -> Array:
    """The sum of some flows over agents and flows, nano-QUIV."""
    moved = [LEDGER.moved(flow, amount) for flow, amount in amounts.items()]
    return sum(moved[1:], start=moved[0])


def _by_pool(state: Values, net: Array, usd: Array) -> Signals:
    """Trades of the pool with the net, its USD, and its loss versus rebalancing so far."""
    xp = namespace(state)
    return {
        "pool_sale": xp.maximum(net, 0),
        "pool_purchase": xp.maximum(-net, 0),
        "pool_usd": _reserve_usd(state) + usd,
        "lvr_usd": state["lvr_usd"] + _rebalancing(state, net, usd),
    }


def _by_maker(state: Values, made: Array, usd: Array) -> Signals:
    """Trades of the market maker, and its USD."""
    xp = namespace(state)
    return {
        "maker_sale": xp.maximum(made, 0),
        "maker_purchase": xp.maximum(-made, 0),
        "maker_usd": state["maker_usd"] + usd,
    }


def _cash(params: Values, state: Values, traded: Mapping[str, Array], price: Array) -> Signals:
    """USD of the treasury, of speculators and of each class of agents after the batch."""
    holders = traded["holder_sale"] - traded["holder_purchase"]
    by_class = (traded["provider_sale"], -traded["consumer_purchase"], traded["validator_sale"], holders)
    treasury = to_quiv(traded["treasury_sale"] - traded["treasury_purchase"])
    speculators = to_quiv(traded["speculator_purchase"] - traded["speculator_sale"])
    return {
        "cash_usd": tally(params, state, by_class, price),
        "treasury_usd": state["treasury_usd"] + treasury * price,
        "speculator_cash_usd": state["speculator_cash_usd"]
        + state["speculator_inflow_usd"]
        - speculators * price[..., None],
    }


def _made(params: Values, state: Values, net: Array) -> tuple[Array, Array]:
    """The market maker's sale (positive) or purchase of the net, nano-QUIV, and the USD that it gets or pays for it.

    The pool trades first until its price has reached the quote; the maker at most a lot, as far as it has the means.
    """
    xp = namespace(state)
    pool = (_reserve(state), _reserve_usd(state), params["pool.fee"])
    ask, bid = xp.maximum(state["maker_ask_usd"], LEAST_USD), xp.maximum(state["maker_bid_usd"], LEAST_USD)
    lot = to_nquiv(params["maker.budget_quiv"] / params["maker.lots"])
    left = net - to_nquiv(amm.purchase_until(ask, *pool))
    sold = xp.minimum(xp.minimum(xp.maximum(left, 0), state["maker_nquiv"]), lot) * (net > 0)
    over = -net - to_nquiv(xp.minimum(amm.sale_until(bid, *pool), MOST_QUIV))
    affordable = to_nquiv(xp.minimum(state["maker_usd"] / bid, MOST_QUIV))
    bought = xp.minimum(xp.minimum(xp.maximum(over, 0), affordable), lot) * (net < 0)
    return sold - bought, to_quiv(sold) * ask - to_quiv(bought) * bid


def _reserve(state: Values) -> Array:
    """QUIV in the pool, never zero."""
    xp = namespace(state)
    return xp.maximum(to_quiv(state["pool_nquiv"]), 1e-9)


def _reserve_usd(state: Values) -> Array:
    """USD in the pool, with what came or left today beside the tokens."""
    return state["pool_usd"] + state["pool_inflow_usd"]


def _attack(params: Values, state: Values) -> Array:
    """Purchases of attackers of governance on the day before they propose, nano-QUIV by holder."""
    xp = namespace(state)
    due = xp.where(params["script.day"] - 1 == state["day"], params["script.buys_nquiv"], 0)
    lead = state["price_usd"].shape
    wallets = state["holder_wallet_nquiv"]
    return sum_by(
        xp.broadcast_to(due, lead + due.shape[-1:]),
        xp.broadcast_to(params["script.proposer"], lead + due.shape[-1:]),
        wallets.shape[-1],
    )


def _wealth(params: Values, state: Values) -> Array:
    """Tokens of investors, nano-QUIV, and one unit each, so that somebody can begin."""
    return investors.of_investors(params, state["holder_wallet_nquiv"] + state["holder_delegated_nquiv"]) + 1.0


def _needed(params: Values, state: Values) -> Array:
    """Sales of holders for a living: a part of what contributors were paid yesterday, by liquid tokens, nano-QUIV."""
    xp = namespace(state)
    liquid = investors.of_investors(params, state["holder_wallet_nquiv"])
    wanted = scale_down(state["contributors_nquiv"], params["pool.contributor_sell_share"])
    return share_out(xp.minimum(wanted, xp.sum(liquid, axis=-1)), liquid)


def _dumped(params: Values, state: Values, speculator_sale: Array, holder_sale: Array) -> tuple[Array, Array]:
    """A scenario's sales: of the liquid tokens that speculators' and holders' own sales leave, nano-QUIV."""
    everyone, insiders = (params[name][state["day"]] for name in ("shocks.fire_sale", "shocks.whale_exit"))
    allocation = params["agents.holder_allocation"]
    inside = (allocation == TEAM) | (allocation == INVESTORS)
    of_holders = everyone + (1.0 - everyone) * insiders * inside
    return (
        take_rate(state["speculator_wallet_nquiv"] - speculator_sale, everyone),
        take_rate(state["holder_wallet_nquiv"] - holder_sale, of_holders),
    )


def _left(params: Values, state: Values, dumped: Array) -> Array:
    """The part of each class of investors that is not out of the market, after what is dumped today."""
    xp = namespace(state)
    back = xp.exp(-1.0 / params["investors.return_days"])
    tokens, _ = investors.owned_by_class(params, state)
    gone = xp.minimum(ratio(to_quiv(by_class(investors.of_investors(params, dumped))), tokens), 1.0)
    return (1.0 - state["dumped_share"] * back[..., None]) * (1.0 - gone)


def _reach(xp: Any, demanded: Array, most: Array) -> Array:
    """The part of all purchases that can be had: one where there is enough."""
    some = xp.astype(xp.maximum(demanded, 1), xp.float64)
    return xp.where(demanded <= most, 1.0, xp.astype(most, xp.float64) / some)


def _batch_price(xp: Any, usd: Array, net: Array, price: Array) -> Array:
    """USD over QUIV of the net; the pool's price where nothing is left over."""
    quiv = to_quiv(net)
    return xp.where(net == 0, price, usd) / xp.where(net == 0, 1.0, quiv)


def _rebalancing(state: Values, net: Array, usd: Array) -> Array:
    """Loss versus rebalancing of the day: gain of the pool's QUIV held, less the pool's gain, USD."""
    xp = namespace(usd)
    before, after = to_quiv(state["pool_nquiv"]), to_quiv(state["pool_nquiv"] - net)
    reserve = _reserve_usd(state)
    closing = (reserve + usd) / xp.maximum(after, 1e-9)
    held = before * (closing - state["price_usd"])
    pooled = reserve + usd + after * closing - reserve - before * state["price_usd"]
    return held - pooled
