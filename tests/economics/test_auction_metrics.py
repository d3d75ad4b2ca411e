r"""What metrics read off the day's auction: the cost of capture, the depth of the market, what a sale brings.

Theory: where nobody looks at the price there is only the pool, whose curve is known ($y (\sqrt{1.1} - 1)$ for a tenth,
$y A / (x - A)$ for $A$). Where investors do, what a metric says a purchase would cost is what the next day's auction
asks of somebody who makes it, for it is the same auction.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from model.economy import Economy, ScriptedProposal
from model.formulas import amm, auction
from model.investors import auction_alone
from model.metrics import METRICS, Reading, auctioned
from model.parameters.investors import Investors
from model.parameters.market import Market
from model.parameters.valuation import Valuation
from tests.economics.limits import by_day, economy

BLIND = Investors(attention=0.0, savings_hazard=0.0)
"""Nobody looks at the price: the pool alone makes it."""

X, Y, FEE = 10e6, 1e6, 0.003


def market(days: int = 1, **contracts: Any) -> Economy:
    """Investors, savers and the pool, with a token whose value is above its price."""
    given = {"market": Market(price_process="pool"), "valuation": Valuation(first_take_usd=1500.0)}
    return economy("market", "price", "governance", days=days, **(given | contracts))


def opened(**contracts: Any) -> Reading:
    return next(by_day(market(**contracts)))


def cost(of: Reading, quiv: float) -> tuple[float, float]:
    usd, part = auctioned.purchase(of, np.asarray([quiv]))
    return float(usd[0]), float(part[0])


def test_where_nobody_looks_at_the_price_the_pool_alone_answers() -> None:
    first = opened(investors=BLIND)
    assert METRICS["depth_usd"].read(first)[0] == pytest.approx(Y * (1.1**0.5 - 1.0), rel=1e-12)
    for quiv in (1.0, 1e5, 6e6):
        assert cost(first, quiv)[0] == pytest.approx(float(amm.usd_for_purchase(np.float64(quiv), X, Y, FEE)), rel=1e-9)
        got = auctioned.proceeds(first, np.asarray([quiv]), first.state)
        assert got[0] == pytest.approx(float(amm.usd_for_sale(np.float64(quiv), X, Y, FEE)), rel=1e-9)


def test_what_an_auction_cannot_deliver_is_not_in_the_cost() -> None:
    """Of 30 M asked of a pool of 10 M, 7.5 M; and no more is paid for more."""
    usd, part = cost(opened(investors=BLIND), 30e6)
    assert part == pytest.approx(0.25, rel=1e-12)
    assert usd == pytest.approx(Y * 7.5e6 / (2.5e6 * (1.0 - FEE)), rel=1e-12)
    assert cost(opened(investors=BLIND), 60e6) == pytest.approx((usd, 0.125), rel=1e-12)


@pytest.mark.parametrize("quiv", [1e5, 5e6, 60e6, 500e6])
def test_a_purchase_costs_what_the_metric_says(quiv: float) -> None:
    """An attacker of governance who buys it on the next day pays just that, for just that part of it."""
    attack = ScriptedProposal(
        day=1, parameter="treasury.payment_quiv", value=1e6, type="treasury", support=0.0, proposer=2, hostile=True,
        buys_quiv=quiv,
    )  # fmt: skip
    case = Economy(**{**vars(market(days=1)), "proposals": (attack,)})
    before, after = by_day(case)
    usd, part = cost(valued_on_the_day(before, after), quiv)
    assert after.state["attack_spent_usd"][0] == pytest.approx(usd, rel=1e-6)
    assert (part == 1.0) == (quiv < 50e6)


def valued_on_the_day(before: Reading, after: Reading) -> Reading:
    """The eve, with the value that is known when the auction is held."""
    return Reading(dict(before.state) | {"value_usd": after.state["value_usd"]}, before.params)


def test_depth_is_the_purchase_that_raises_the_price_by_a_tenth() -> None:
    """It is what comes on top of orders that balance at the opening price; investors make most of it."""
    first = opened()
    book = auction_alone(first.params, first.state, np.zeros(1))
    balanced = book._replace(given=-auction.excess(book, np.zeros(1)))
    quiv = auction.purchase_to(book, np.log(1.1))
    assert auction.clearing(balanced)[0] == pytest.approx(0.0, abs=1e-12)
    assert auction.clearing(balanced._replace(given=balanced.given + quiv))[0] == pytest.approx(np.log(1.1), abs=1e-12)
    assert METRICS["depth_usd"].read(first)[0] > 10.0 * Y * (1.1**0.5 - 1.0)


def test_more_that_is_sold_brings_less_each() -> None:
    first = opened()
    each = [
        float(auctioned.proceeds(first, np.asarray([quiv]), first.state)[0]) / quiv for quiv in (1e5, 1e7, 1e8, 4e8)
    ]
    assert all(more < less for less, more in pairwise(each))
    assert each[-1] > 0.0
