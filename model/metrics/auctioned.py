"""What the day's auction would pay and ask: one more after the day's last, with investors, savings, maker and pool.

Nobody else comes to it: no consumers, no speculators, no costs that must be sold. So a purchase meets all who would sell
into it, and a sale all who would buy.
"""

from __future__ import annotations

from collections.abc import Mapping

from model.arrays import Array, ratio, sum_by, to_nquiv
from model.attacks import CLASSES
from model.formulas import auction
from model.investors import auction_alone, owned_by_class
from model.metrics.reading import Reading

PRICED = {"providers": ("provider_wallet_nquiv",), "validators": ("validator_wallet_nquiv",)} | {
    "holders": ("holder_wallet_nquiv", "holder_delegated_nquiv", "holder_unbonding_nquiv")
}
"""Accounts that decide what those who look at the price buy and sell, by class."""


def purchase(r: Reading, quiv: Array) -> tuple[Array, Array]:
    """What a purchase costs, USD, and the part of it that one auction delivers; without a pool nothing at all."""
    filled = auction.fill(auction_alone(r.params, r.state, quiv), r.params["pool.fee"])
    there = r.held("pool_nquiv") > 0.0
    part = r.xp.where(there, filled.part, 0.0)
    return quiv * part * filled.price * r.state["price_usd"], part


def proceeds(r: Reading, quiv: Array, others: Mapping[str, Array]) -> Array:
    """What a sale in one piece brings, USD: in the auction of all `others`, or without a pool at the price."""
    price = r.state["price_usd"]
    filled = auction.fill(auction_alone(r.params, others, -quiv), r.params["pool.fee"])
    return quiv * price * r.xp.where(r.held("pool_nquiv") > 0.0, filled.price, 1.0)


def without_crews(r: Reading) -> Mapping[str, Array]:
    """The state without the tokens of the crews of attacks."""
    kept = {
        name: r.xp.where(r.params[f"attacks.crew_{own}"] > 0.0, 0, r.state[name])
        for own in CLASSES
        for name in PRICED.get(own, ())
    }
    return dict(r.state) | kept


def without_payments(r: Reading) -> Mapping[str, Array]:
    """The state without what proposals of a scenario have paid to their proposers, as far as these have it."""
    wallets = r.state["holder_wallet_nquiv"]
    listed = r.state["price_usd"].shape + r.params["script.proposer"].shape[-1:]
    shape = {name: r.xp.broadcast_to(r.params[f"script.{name}"], listed) for name in ("day", "proposer")}
    asked = sum_by((shape["day"] >= 0) * 1, shape["proposer"], wallets.shape[-1]) > 0
    paid = to_nquiv(r.state["payments_made_quiv"])[..., None] * asked
    return dict(r.state) | {"holder_wallet_nquiv": r.xp.maximum(wallets - paid, 0)}


def depth(r: Reading, rise: float) -> Array:
    """What the purchase costs that raises the clearing price by a part, USD, without fee; without a pool nothing."""
    factor = 1.0 + rise
    nothing = 0.0 * r.state["price_usd"]
    quiv = auction.purchase_to(auction_alone(r.params, r.state, nothing), r.xp.log(nothing + factor))
    return r.xp.where(r.held("pool_nquiv") > 0.0, quiv * r.state["price_usd"] * factor**0.5, 0.0)


def share_held(r: Reading) -> Array:
    """Holders' tokens over their tokens and capital, at the closing price; zero where they have neither."""
    tokens, _ = owned_by_class(r.params, r.state)
    held = r.xp.sum(tokens, axis=-1) * r.state["price_usd"]
    return ratio(held, held + r.summed("investor_cash_usd"))
