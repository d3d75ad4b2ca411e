r"""The token market by a constant-product pool: one netted batch a day.

All orders of a day, in QUIV, are netted, and only the net $n$ trades with the pool's reserves of $x$ QUIV and $y$ USD;
everybody gets the price of the net,

$$ \bar p = \frac{\Delta y}{n}, \qquad \Delta y = \frac{y}{\gamma} \frac{n}{x - n} \text{ bought}, \qquad
   \Delta y = y \frac{\gamma n}{x + \gamma n} \text{ sold} $$

(the pool's own price where $n = 0$). Within a batch nobody is first, so there is nothing to be gained by trading ahead
of somebody. Consumers buy; providers and validators sell for costs and profit; holders sell part of what unlocked, of
their rewards and of what contributors were paid yesterday, and buy or sell more as the yield of delegation is above or
below the return that stakers require; speculators do either (`policies/speculators.py`); the treasury steadies the
price if it is told to (`policies/intervention.py`), and who attacks governance buys votes; a scenario's fire sale and
its exit of whales are sales whatever the price, and no sign of value. A market maker takes part of the net where its
quote is better than the pool (`policies/maker.py`). A batch takes at most a quarter of the pool's QUIV: beyond that all
who buy are rationed in proportion. Source: assumption; a batch as in Budish, Cramton and Shim 2015.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from model.arrays import (
    Array,
    Signals,
    Unread,
    Values,
    namespace,
    part_of,
    scale_down,
    share_out,
    sum_by,
    take_rate,
    to_nquiv,
    to_quiv,
)
from model.flows import LEDGER
from model.formulas import amm
from model.launch import begun
from model.parameters.supply import ALLOCATIONS
from policies.cash import tally
from policies.orders import orders

TEAM, INVESTORS = ALLOCATIONS.index("team"), ALLOCATIONS.index("investors")

LEAST_USD, MOST_QUIV = 1e-12, 1e9
"""A quote that can be divided by, and an amount that fits the ledger."""

LEAST_RETURN, MOST_EXCESS = 1e-6, 5.0
"""A required return that can be divided by, and a yield beyond which no more capital comes."""

MOST_PARTS = 4
"""A batch takes at most one part in so many of the pool's QUIV."""


@dataclass(frozen=True)
class Orders:
    """Orders for the day's batch, nano-QUIV, by the flow that would move them.

    Purchases are those of agents, `support` is the treasury's. `attack` is the part of holders' purchases that
    attackers of governance make. What the economy itself trades is summed in `economy_bought` and `economy_sold`.
    """

    sales: dict[str, Array]
    purchases: dict[str, Array]
    support: Array
    attack: Array
    economy_bought: Array
    economy_sold: Array


def trade_in_batch(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Purchases and sales of the day, nano-QUIV by agent; the pool's USD, the batch's price, speculators' cash."""
    state = previous_state
    xp = namespace(state)
    wanted = _orders(params, state)
    sold = _total(wanted.sales)
    reach = _reach(xp, _total(wanted.purchases) + wanted.support, sold + state["pool_nquiv"] // MOST_PARTS)
    bought = {flow: part_of(amount, reach[..., None]) for flow, amount in wanted.purchases.items()}
    supported = part_of(wanted.support, reach)
    traded = wanted.sales | bought | {"treasury_purchase": supported}
    net = _total(bought) + supported - sold
    made, maker_usd = _made(params, state, net)
    usd = amm.usd_for_net(to_quiv(net - made), _reserve(state), state["pool_usd"], params["pool.fee"])
    price = _batch_price(xp, usd + maker_usd, net, state["price_usd"])
    attack = xp.sum(part_of(wanted.attack, reach[..., None]), axis=-1)
    return {
        **traded,
        **_by_pool(state, net - made, usd),
        **_by_maker(state, made, maker_usd),
        **_cash(params, state, traded, price),
        "attack_spent_usd": state["attack_spent_usd"] + to_quiv(attack) * price,
        "batch_price_usd": price,
        **_flow_value(params, state, wanted.economy_bought, wanted.economy_sold),
    }


def _orders(params: Values, state: Values) -> Orders:
    """Sales and purchases as they are wanted: a scenario's sales come on top of what speculators and holders sell."""
    xp = namespace(state)
    consumers, providers, validators = orders(params, state)
    speculators, treasury = state["speculator_order_nquiv"], state["treasury_order_nquiv"]
    investors = _investors_order(params, state)
    by_speculators = xp.minimum(xp.maximum(-speculators, 0), state["speculator_wallet_nquiv"])
    by_holders = _holder_sale(params, state, xp.maximum(-investors, 0))
    speculators_dump, holders_dump = _dumped(params, state, by_speculators, by_holders)
    followed = share_out(xp.maximum(investors, 0), _wealth(state))
    attack = _attack(params, state)
    return Orders(
        sales={
            "provider_sale": providers,
            "validator_sale": validators,
            "holder_sale": by_holders + holders_dump,
            "speculator_sale": by_speculators + speculators_dump,
            "treasury_sale": xp.maximum(-treasury, 0),
        },
        purchases={
            "consumer_purchase": consumers,
            "holder_purchase": followed + attack,
            "speculator_purchase": xp.maximum(speculators, 0),
        },
        support=xp.maximum(treasury, 0),
        attack=attack,
        economy_bought=_total({"consumer_purchase": consumers, "holder_purchase": followed}),
        economy_sold=_total({"provider_sale": providers, "validator_sale": validators, "holder_sale": by_holders}),
    )


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
        "pool_usd": state["pool_usd"] + usd,
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
        "speculator_cash_usd": state["speculator_cash_usd"] - speculators * price[..., None],
    }


def _made(params: Values, state: Values, net: Array) -> tuple[Array, Array]:
    """The market maker's sale (positive) or purchase of the net, nano-QUIV, and the USD that it gets or pays for it.

    The pool trades first until its price has reached the quote; the maker at most a lot, as far as it has the means.
    """
    xp = namespace(state)
    pool = (_reserve(state), state["pool_usd"], params["pool.fee"])
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


def _investors_order(params: Values, state: Values) -> Array:
    """Order of investors: in for the yield of delegation, or out for want of it, nano-QUIV; sales are negative."""
    xp = namespace(state)
    required = xp.maximum(params["staking.required_return"], LEAST_RETURN)
    excess = xp.clip(state["delegator_apr"] / required - 1.0, -1.0, MOST_EXCESS)
    open_ = begun(params, state, "genesis.staked_day")
    wanted = open_ * xp.abs(excess) * params["pool.yield_flow_usd"] / state["price_usd"]
    amount = to_nquiv(xp.minimum(wanted, MOST_QUIV))
    return xp.where(excess > 0.0, amount, -amount)


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


def _wealth(state: Values) -> Array:
    """Wealth of holders, nano-QUIV, and one unit each, so that somebody can begin."""
    return state["holder_wallet_nquiv"] + state["holder_delegated_nquiv"] + 1.0


def _holder_sale(params: Values, state: Values, leaving: Array) -> Array:
    """Sales of holders: of unlocks, rewards and yesterday's pay, and to leave, by liquid tokens, nano-QUIV."""
    xp = namespace(state)
    parts = [
        scale_down(LEDGER.today(state, "vesting_to_holders"), params["pool.unlock_sell_share"]),
        scale_down(LEDGER.today(state, "delegator_reward"), params["pool.reward_sell_share"]),
        scale_down(state["contributors_nquiv"], params["pool.contributor_sell_share"]),
        leaving,
    ]
    liquid = state["holder_wallet_nquiv"]
    total = sum(parts[1:], start=parts[0])
    return share_out(xp.minimum(total, xp.sum(liquid, axis=-1)), liquid)


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
    closing = (state["pool_usd"] + usd) / xp.maximum(after, 1e-9)
    held = before * (closing - state["price_usd"])
    pooled = state["pool_usd"] + usd + after * closing - state["pool_usd"] - before * state["price_usd"]
    return held - pooled


def _flow_value(params: Values, state: Values, bought: Array, sold: Array) -> Signals:
    """Flows behind the flow-implied price: what the economy itself buys (USD) and sells (QUIV) a day, smoothed.

    Neither the treasury's trades nor those of who attacks governance, nor a scenario's sales, are the economy's. Before
    payments begin nothing is learnt: the expectation of genesis, that consumers will spend, stands.
    """
    xp = namespace(state)
    pull = (1.0 - xp.exp(-1.0 / params["speculators.value_days"])) * begun(params, state, "launch.payments_day")
    today = {"economy_bought_usd": to_quiv(bought) * state["price_usd"], "economy_sold_quiv": to_quiv(sold)}
    return {name: state[name] + pull * (amount - state[name]) for name, amount in today.items()}
