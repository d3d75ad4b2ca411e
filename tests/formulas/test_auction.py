r"""The day's auction against theory: one price, where purchases meet sales, and what is known of it on paper.

A pool of $x$ QUIV alone meets a net purchase $n$ at $z = -2 \ln(1 - n / x)$. Investors with a share $w$ of their wealth
in the token are at rest at $\ln(V / P) = r - y + \gamma \sigma^2 w$. All else falls with the price, so there is one.
"""

from __future__ import annotations

from typing import Any

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from experiments.engines import device
from model.formulas import amm, auction
from model.parameters.investors import CLASSES

MANY = settings(max_examples=100, derandomize=True, deadline=None)
FEW = settings(max_examples=60, derandomize=True, deadline=None)

AMOUNT = st.one_of(st.just(0.0), st.floats(-9.0, 9.0).map(lambda x: 10.0**x))
"""Nothing, or a nano-QUIV to the whole supply."""
RATE = st.one_of(st.sampled_from([0.0, 1.0]), st.floats(0.0, 1.0))
EDGE = st.floats(-30.0, 30.0)


def per_class(one: st.SearchStrategy[float]) -> st.SearchStrategy[list[float]]:
    return st.lists(one, min_size=len(CLASSES), max_size=len(CLASSES))


@st.composite
def books(draw: st.DrawFn) -> auction.Book:
    """Any day: of nobody and of whales, at any distance from the value, with and without a market maker."""
    many = {name: np.array(draw(per_class(AMOUNT))) for name in ("liquid", "locked", "cash", "coming")}
    wealth = many["liquid"] + many["locked"]
    investing = auction.Investing(
        edge=np.array(draw(per_class(EDGE))),
        wealth=wealth,
        cash=many["cash"],
        free=many["liquid"],
        coming=many["coming"][:1],
        capital=np.array(draw(st.sampled_from([[0.25] * 4, [1.0, 0.0, 0.0, 0.0], [0.1, 0.3, 0.5, 0.1]]))),
        present=np.array(draw(per_class(RATE))),
        risk=np.array([draw(st.floats(0.01, 100.0))]),
        attention=np.array([draw(RATE)]),
    )
    saving, sells, buys = (np.float64(draw(AMOUNT)) for _ in range(3))
    making = auction.Making(sells, np.float64(draw(st.floats(0.0, 3.0))), buys, np.float64(-draw(st.floats(0.0, 3.0))))
    order = draw(AMOUNT) * draw(st.sampled_from([-1.0, 1.0]))
    reserve = np.float64(draw(st.floats(-9.0, 9.0).map(lambda x: 10.0**x)))
    saver = auction.Saving(np.float64(draw(EDGE)), saving, np.float64(draw(RATE)))
    return auction.Book(np.float64(order), investing, saver, making, reserve)


def turnover(book: auction.Book, z: float) -> float:
    """What rounding is measured by: all that the day could trade at a price, QUIV."""
    of = book.investing
    parts = [abs(book.given), of.wealth.sum(), of.coming.sum(), of.cash.sum() * np.exp(-z), book.saving.quiv]
    return float(sum(parts) + book.making.sells + book.making.buys + book.reserve * (1.0 + np.exp(-0.5 * z)))


@MANY
@given(book=books(), places=st.lists(st.floats(-8.0, 8.0), min_size=2, max_size=20))
def test_every_piece_falls_with_the_price(book: auction.Book, places: list[float]) -> None:
    z = np.sort(np.array(places))
    risk = book.investing.risk[..., 0]
    falling = {
        "investors": auction.invested(book.investing, z).T,
        "savers": -auction.saved(book.saving, risk, z)[None],
        "maker": -auction.made(book.making, z)[None],
        "pool": -auction.pooled(book.reserve, z)[None],
        "all": auction.excess(book, z)[None],
    }
    for name, bought in falling.items():
        assert np.all(np.diff(bought, axis=-1) <= 1e-14 * turnover(book, z[0])), name


@MANY
@given(book=books())
def test_the_clearing_is_where_nothing_is_left_over(book: auction.Book) -> None:
    """Just below it too much is wanted and just above it too little: at a zero, at a maker's step or at the end.

    And nobody trades beyond the means: liquid tokens, and half of the cash at the dearer of the day's two ends.
    """
    z, beside = auction.clearing(book), 1e-9
    dust = 1e-8 * turnover(book, z)
    assert abs(z) <= auction.FARTHEST
    if z + beside < auction.FARTHEST:
        assert auction.excess(book, z + beside) <= dust
    if z - beside > -auction.FARTHEST:
        assert auction.excess(book, z - beside) >= -dust
    steps = (book.making.ask, book.making.bid, -auction.FARTHEST, auction.FARTHEST)
    if min(abs(z - step) for step in steps) > 2.0 * beside:
        assert abs(auction.excess(book, z)) <= dust
    ordered = auction.invested(book.investing, z)
    assert np.all(ordered >= -book.investing.free)
    assert np.all(ordered <= 0.5 * book.investing.cash)


def nobody(batch: tuple[int, ...] = (), **more: Any) -> auction.Book:
    """A day on which nobody looks at the price and no market maker quotes; `more` are parts of the book."""
    none, classes = np.zeros(batch), np.zeros((*batch, len(CLASSES)))
    book = auction.Book(
        given=none,
        investing=auction.Investing(
            edge=classes,
            wealth=classes,
            cash=classes,
            free=classes,
            coming=none[..., None],
            capital=classes + 0.25,
            present=classes + 1.0,
            risk=none[..., None] + 1.5,
            attention=none[..., None],
        ),
        saving=auction.Saving(none, none, none),
        making=auction.Making(none, none, none, none),
        reserve=none + 1e6,
    )
    return book._replace(**more)


def investing(share: float, wealth: float, cash: float, **more: float) -> auction.Investing:
    """One class of investors who want a share of their wealth in the token at `z` = 0; the others have nothing."""
    own = np.array([1.0, 0.0, 0.0, 0.0])
    values = {"present": 1.0, "attention": 0.5, "risk": 1.5, "coming": 0.0, "capital": 1.0, "free": wealth} | more
    rates = {name: np.array([values.pop(name)]) for name in ("risk", "attention", "coming")}
    kept = {name: value * own for name, value in values.items()}
    return auction.Investing(
        edge=np.full(4, share * rates["risk"]), wealth=wealth * own, cash=cash * own, **kept, **rates
    )


@pytest.mark.parametrize("part", [-3.0, -0.5, -1e-12, 0.0, 1e-12, 0.1, 0.5])
def test_a_pool_alone_meets_an_order(part: float) -> None:
    """z = -2 ln(1 - n / x), and then the pool's own formula has it at that price."""
    z = auction.clearing(nobody(given=np.float64(part * 1e6)))
    assert z == pytest.approx(max(-2.0 * np.log1p(-part), -auction.FARTHEST), abs=1e-13)
    if z > 1e-12 - auction.FARTHEST:
        usd = amm.usd_for_net(np.float64(part * 1e6), np.float64(1e6), np.float64(1e5), np.float64(0.0))
        assert (1e5 + usd) / (1e6 * (1.0 - part)) == pytest.approx(0.1 * np.exp(z), rel=1e-12)


def test_investors_with_the_share_that_they_want_are_at_rest() -> None:
    """30 of 120 QUIV worth of wealth at a wish of a quarter; a half dumped and out, at half of the position."""
    for present in (1.0, 0.5):
        at_rest = investing(0.25, 30.0 * present, 120.0 - 30.0 * present, present=present)
        np.testing.assert_allclose(auction.invested(at_rest, np.float64(0.0)), 0.0, atol=1e-12)
        assert auction.clearing(nobody(investing=at_rest)) == pytest.approx(0.0, abs=1e-12)


def test_they_go_a_part_of_the_way() -> None:
    """At a wish of a half, with 30 of 120: half of the way to 60. Tokens to come are held already."""
    bought = auction.invested(investing(0.5, 30.0, 90.0), np.float64(0.0))
    np.testing.assert_allclose(bought, [15.0, 0.0, 0.0, 0.0])
    expected = auction.invested(investing(0.5, 30.0, 90.0, coming=10.0), np.float64(0.0))
    np.testing.assert_allclose(expected, [10.0, 0.0, 0.0, 0.0])


@pytest.mark.parametrize(("share", "bought"), [(-1.0, -8.0), (3.0, 20.0)])
def test_no_short_sales_and_half_of_the_cash_at_most(share: float, bought: float) -> None:
    whole = investing(share, 100.0, 40.0, free=8.0, attention=1.0)
    np.testing.assert_allclose(auction.invested(whole, np.float64(0.0)), [bought, 0.0, 0.0, 0.0])


@FEW
@given(
    tokens=st.floats(1e3, 1e9),
    cash=st.floats(1e2, 1e8),
    value=st.floats(1e-4, 1e2),
    required=st.floats(-1.0, 1.0),
    earned=st.floats(0.0, 1.0),
    risk=st.floats(0.05, 5.0),
)
def test_the_price_in_equilibrium(
    tokens: float, cash: float, value: float, required: float, earned: float, risk: float
) -> None:
    """Auctions without end come to rest at ln(V / P) = r - y + risk x PX / (PX + K), whatever the first price was.

    Tokens only change hands with a pool so small that it does not count.
    """
    price = value
    for _ in range(200):
        edge = np.log(value / price) + earned - required
        own = investing(edge / risk, tokens, cash / price, risk=risk)
        z = float(auction.clearing(nobody(investing=own, reserve=np.float64(1e-6))))
        price *= np.exp(z)
        if abs(z) < 1e-13:
            break
    share = price * tokens / (price * tokens + cash)
    premium = auction.premium(*(np.float64(x) for x in (share, required, earned, risk)))
    assert np.log(value / price) == pytest.approx(float(premium), abs=1e-9)


def rest(tokens: float, cash: float = 1e6, risk: float = 1.5) -> float:
    """The log of the price at rest of a value of 1 USD, no return required."""
    low, high = -20.0, 0.0
    for _ in range(200):
        middle = 0.5 * (low + high)
        own = investing(-middle / risk, tokens, cash * np.exp(-middle), risk=risk)
        short = auction.excess(nobody(investing=own, reserve=np.float64(1e-9)), np.float64(0.0)) > 0.0
        low, high = (middle, high) if short else (low, middle)
    return low


@pytest.mark.parametrize("tokens", [1e4, 1e6, 1e8])
def test_more_float_is_a_lower_price_by_the_known_elasticity(tokens: float) -> None:
    r"""With $w = PX / (PX + K)$, $d\ln P / d\ln X = -g w (1 - w) / (1 + g w (1 - w))$, $g = \gamma \sigma^2$."""
    step = 1e-4
    price = np.exp(rest(tokens))
    share = price * tokens / (price * tokens + 1e6)
    slope = 1.5 * share * (1.0 - share)
    moved = (rest(tokens * np.exp(step)) - rest(tokens * np.exp(-step))) / (2.0 * step)
    assert moved == pytest.approx(-slope / (1.0 + slope), rel=1e-4)
    assert moved < 0.0


def test_what_cannot_be_sold_yet_is_for_others_to_hold() -> None:
    """One class of 100 QUIV, all locked, wishes for none; the other, of a fifth of capital, wishes for what it has.

    So the other sells a half of a fifth of the 100, as if they were to be issued; less what the first can sell.
    """
    edge, risk = np.array([-9.0, 0.75, -9.0, -9.0]), np.array([1.5])
    wealth, cash = np.array([100.0, 50.0, 0.0, 0.0]), np.array([0.0, 50.0, 0.0, 0.0])
    capital, ones = np.array([0.8, 0.2, 0.0, 0.0]), np.ones(4)
    for liquid in (0.0, 30.0):
        free = np.array([liquid, 50.0, 0.0, 0.0])
        of = auction.Investing(edge, wealth, cash, free, np.zeros(1), capital, ones, risk, np.array([0.5]))
        bought = auction.invested(of, np.float64(0.0))
        np.testing.assert_allclose(bought, [-liquid, -0.5 * 0.2 * (100.0 - liquid), 0.0, 0.0], atol=1e-12)


def test_savers_sell_what_they_do_not_wish_to_keep() -> None:
    """A wish of 0.4 at z = 0, 0.2 at z = 0.3: 3 % of the rest a day."""
    saver = auction.Saving(np.float64(0.6), np.float64(1e6), np.float64(0.03))
    risk = np.float64(1.5)
    assert auction.saved(saver, risk, np.float64(0.0)) == pytest.approx(0.03 * 0.6)
    assert auction.saved(saver, risk, np.float64(0.3)) == pytest.approx(0.03 * 0.8)


@pytest.mark.parametrize(("order", "z"), [(9e3, None), (3e4, 0.02), (-3e4, -0.04), (2e5, None)])
def test_a_market_maker_takes_what_its_lot_reaches_at_its_quote(order: float, z: float | None) -> None:
    """The pool of 1 M QUIV has sold 9,950 when its price is 2 % up and bought 20,201 when it is 4 % down.

    Orders between that and a lot more clear at the quote; beyond the lot the pool goes on alone.
    """
    lot = 25_000.0
    making = auction.Making(*(np.float64(x) for x in (lot, 0.02, lot, -0.04)))
    found = float(auction.clearing(nobody(given=np.float64(order), making=making)))
    alone = -2.0 * np.log1p(-(order - lot * (order > lot)) / 1e6)
    assert found == pytest.approx(alone if z is None else z, abs=1e-12)


def wild(many: int) -> auction.Book:
    """Days drawn at random, `(many,)` with four classes."""
    rng = np.random.default_rng(3)

    def amounts(*own: int) -> NDArray[np.float64]:
        return 10.0 ** rng.uniform(-3.0, 9.0, (many, *own))

    liquid, locked, cash, coming = (amounts(4) for _ in range(4))
    wealth = liquid + locked
    rates = rng.uniform(0.01, 2.0, (many, 1)), rng.uniform(0.0, 1.0, (many, 1))
    present = rng.uniform(0.0, 1.0, (many, 4))
    edge = rng.normal(0.0, 2.0, (many, 4))
    part = coming / coming.sum(axis=-1)[:, None]
    own = auction.Investing(edge, wealth, cash, liquid, coming[:, :1], part, present, *rates)
    saver = auction.Saving(rng.normal(0.0, 2.0, many), amounts(), rng.uniform(0.0, 1.0, many))
    making = auction.Making(amounts(), rng.uniform(0.0, 0.1, many), amounts(), rng.uniform(-0.1, 0.0, many))
    given, reserve = amounts() * rng.choice([-1.0, 1.0], many), amounts()
    speculating = auction.Speculating(amounts(), amounts(), rng.uniform(0.01, 1.0, many))
    return auction.Book(given, own, saver, making, reserve, speculating)


def test_one_day_alone_is_as_among_many_and_as_jax_has_it() -> None:
    book = wild(64)
    together = auction.clearing(book)
    assert together.shape == (64,)
    for row in range(64):
        alone = auction.clearing(jax.tree.map(lambda x, row=row: np.asarray(x[row])[()], book))
        assert np.shape(alone) == ()
        assert alone == together[row]
    with device.ready() as ready:
        np.testing.assert_allclose(ready.jit(auction.clearing)(book), together, atol=1e-12, rtol=0.0)
