"""Metrics of attacks: what attackers spend and gain, and the wealth of everyone else."""

from __future__ import annotations

from model.arrays import Array, to_quiv
from model.attacks import CLASSES
from model.flows import LEDGER
from model.metrics import auctioned
from model.metrics.metric import Chapter, Metric, Read, moved_by, value_of
from model.metrics.reading import Reading

CHAPTER = Chapter(
    "attacks",
    "Attacks",
    "What crews of attackers spend and gain, and what becomes of everyone else's wealth meanwhile.",
)


SEEN = dict.fromkeys(CLASSES, "") | {
    "consumers": "; what a service is worth to them is not counted",
    "holders": "; what outside capital pays for tokens counts as paid by its class, so capital that comes is no gain",
}
"""What has to be known of a class's wealth."""


def attackers_tokens(r: Reading, own: str) -> Array:
    """All tokens of a class's attackers, QUIV."""
    return r.xp.sum(to_quiv(r.owned_nquiv(own)) * r.params[f"attacks.crew_{own}"], axis=-1)


def _attackers_tokens(r: Reading) -> Array:
    """All tokens of all attackers, QUIV."""
    first, *others = [attackers_tokens(r, own) for own in CLASSES]
    return sum(others, start=first)


def _attackers_cash(r: Reading) -> Array:
    """Cash of all attackers, USD."""
    cash = r.state["cash_usd"]
    return sum((cash[..., place] for place in range(1, len(CLASSES))), start=cash[..., 0])


def _attackers_wealth(r: Reading) -> Array:
    """Cash of all attackers, and what their tokens would bring in one auction, USD."""
    return _attackers_cash(r) + auctioned.proceeds(r, _attackers_tokens(r), auctioned.without_crews(r))


def _attack_profit(r: Reading) -> Array:
    """What executed treasury proposals have paid, sold in one auction, less what attackers paid for tokens, USD."""
    got = auctioned.proceeds(r, r.state["payments_made_quiv"], auctioned.without_payments(r))
    return got - r.state["attack_spent_usd"]


def _others_cash(place: int) -> Read:
    """Cash of the agents of a class who are no attackers, USD; it follows that of attackers."""
    return lambda r: r.state["cash_usd"][..., len(CLASSES) + place]


def _others_wealth(own: str, place: int) -> Read:
    """Cash and tokens of the agents of a class who are no attackers, USD."""

    def read(r: Reading) -> Array:
        tokens = r.xp.sum(to_quiv(r.owned_nquiv(own)) * (1.0 - r.params[f"attacks.crew_{own}"]), axis=-1)
        return _others_cash(place)(r) + tokens * r.state["price_usd"]

    return read


def _own(r: Reading, own: str) -> Array:
    """All tokens of a class of agents, QUIV."""
    return r.xp.sum(to_quiv(r.owned_nquiv(own)), axis=-1)


def _at_the_price(usd: str, account: str) -> Read:
    """An account's tokens at the closing price, and its USD."""
    return lambda r: r.held(account) * r.state["price_usd"] + r.state[usd]


def _liquidity_providers_wealth(r: Reading) -> Array:
    """The pool's tokens and USD and what has been withdrawn from it, USD."""
    tokens = r.held("pool_nquiv", "lp_nquiv")
    return tokens * r.state["price_usd"] + r.state["pool_usd"] + r.state["lp_cash_usd"]


def _network_wealth(r: Reading) -> Array:
    """Tokens of nobody named: locked, owed, in escrow, put aside for the market; at the closing price, USD."""
    named = ("pool_nquiv", "lp_nquiv", "maker_nquiv", "treasury_nquiv", "speculator_wallet_nquiv")
    agents = sum((_own(r, own) for own in CLASSES[1:]), start=_own(r, CLASSES[0]))
    return (r.held(*LEDGER.accounts) - r.held(*named) - agents) * r.state["price_usd"]


METRICS = [
    Metric("crew_cash_usd", "Cash of attackers", "USD", "What the crews of attacks have got for tokens so far, less what tokens and work have cost them.", _attackers_cash),
    Metric("crew_wealth_usd", "Wealth of attackers", "USD", "Cash that the crews of attacks have made so far, and what all their tokens would bring in one auction.", _attackers_wealth),
    Metric("crew_quiv", "Tokens of attackers", "QUIV", "All tokens that the crews of attacks own.", _attackers_tokens),
    Metric("attack_spent_usd", "Spent by attackers", "USD", "What attackers of governance have paid for tokens so far.", value_of("attack_spent_usd")),
    Metric("attack_profit_usd", "Profit of attackers", "USD", "What executed treasury proposals have paid so far, sold in one auction, less what attackers paid for tokens.", _attack_profit),
    Metric("wash_quiv", "Wash payments", "QUIV a day", "Paid today for jobs that nobody asked for; part of the payments.", moved_by("wash_payment")),
    *[Metric(f"wealth_usd_{name}", f"Wealth of {name}", "USD", f"Cash that {name} who are of no crew have made so far, and their tokens at the closing price{SEEN[name]}.", _others_wealth(name, i)) for i, name in enumerate(CLASSES)],
    *[Metric(f"cash_usd_{name}", f"Cash of {name}", "USD", f"What {name} who are of no crew have got for tokens so far, less what tokens and work have cost them.", _others_cash(i)) for i, name in enumerate(CLASSES)],
    Metric("wealth_usd_treasury", "Wealth of the treasury", "USD", "The treasury's tokens at the closing price, and its USD.", _at_the_price("treasury_usd", "treasury_nquiv")),
    Metric("wealth_usd_pool", "Wealth of the pool", "USD", "The pool's tokens at the closing price and its USD, with what was withdrawn from it: what its liquidity providers own.", _liquidity_providers_wealth),
    Metric("wealth_usd_maker", "Wealth of the market maker", "USD", "The market maker's tokens at the closing price, and its cash.", _at_the_price("maker_usd", "maker_nquiv")),
    Metric("wealth_usd_network", "Tokens of the network", "USD", "All other tokens at the closing price: locked, owed, in escrow, put aside for the market. With every other wealth, speculators' and attackers' cash and tokens, it changes by no more than the price of all tokens and what agents pay for hardware, tasks and transactions.", _network_wealth),
]  # fmt: skip
