r"""One auction a day: the price at which orders that look at it, orders that do not, and the pool come together.

With $z = \ln(P / P_0)$ the way from the opening price, investors of class $c$ (stock $X_c$ of tokens, $C_c$ QUIV worth
of cash at the opening price) want the share of their wealth that an investor without short sales wants who weighs mean
against variance, and go a part $\theta$ of the way to it a day:

$$ w_c = \mathrm{clip}_{[0,1]} \frac{\ln(V / P) + y_c - r_c}{\gamma \sigma^2}, \qquad
   g_c = (1 - o_c)\, w_c\, (X_c + C_c e^{-z}) - X_c, \qquad
   q_c = \theta \Big[ g_c - k_c \Big( D + \sum_j \max(-g_j - L_j, 0) \Big) \Big] $$

bounded by liquid tokens and half of the cash (at the opening price where the price falls, for who buys pays more than
the last price then). $D$ are tokens that are issued within the year, and the sum is what classes would sell beyond
their liquid tokens $L$, as soon as it is unlocked: somebody will have to hold both, by capital $k_c$. $o_c$ is the part
of the class that has dumped its tokens and stays out. Who earns tokens sells $h (1 - w)$ of its savings a day.
Speculators withdraw a part $|z| / \ell$ of what they ordered where the day moves against them, all of it at $\ell$: who
trades for a gain puts a limit to what it pays. The pool sells $x (1 - e^{-z / 2})$, a market maker a lot from its quote
on. All of it falls with $z$, so with the orders $n$ that do not look at the price there is one $z$ with

$$ n + \sum_c q_c(z) - h (1 - w(z)) S - m(z) - x (1 - e^{-z / 2}) = 0, $$

found by narrowing a bracket between $e^{-8}$ and $e^8$ times the opening price. Sources: Brock and Hommes 1998 and
Hong, Scheinkman and Xiong 2006 for demand; Budish, Cramton and Shim 2015 for the batch; Angeris and Chitra 2020 for the
pool.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from model.arrays import Array, namespace, ratio, repeat
from model.formulas import amm

FARTHEST = 8.0
"""How far from the opening price a clearing price is looked for, in logs: farther than anybody's orders reach."""

POOL_PARTS = (3, 4)
"""A day takes at most three of four parts of the pool's QUIV; beyond that all who buy are rationed in proportion."""

PARTS, ROUNDS = 8, 16
"""A round keeps one of so many parts of that range; after all rounds a ten-trillionth is left of it."""


class Investing(NamedTuple):
    """Orders of investors by class, `(*batch, classes)`: amounts in QUIV, rates a day, `edge` in logs at `z` = 0.

    `edge` is the log of value over the opening price, with the yield of delegation, less the required return; `coming`
    are tokens to be issued, `(*batch, 1)`, and `capital` each class's part of all capital.
    """

    edge: Array
    wealth: Array
    cash: Array
    free: Array
    coming: Array
    capital: Array
    present: Array
    risk: Array
    attention: Array


class Saving(NamedTuple):
    """Sales of savings by who earns tokens, `(*batch)`: their `edge` in logs, the savings in QUIV, the hazard a day."""

    edge: Array
    quiv: Array
    hazard: Array


class Making(NamedTuple):
    """A market maker's lots, QUIV, and the `z` from which on it sells and up to which it buys, `(*batch)`."""

    sells: Array
    ask: Array
    buys: Array
    bid: Array


class Speculating(NamedTuple):
    """Orders of speculators, QUIV, `(*batch)`, and the move of the day against them at which they withdraw, in logs."""

    buys: Array
    sells: Array
    limit: Array


NO_SPECULATORS = Speculating(0.0, 0.0, 1.0)


class Book(NamedTuple):
    """A day's auction: `given` is the net purchase whatever the price, `reserve` the pool's QUIV, `(*batch)`."""

    given: Array
    investing: Investing
    saving: Saving
    making: Making
    reserve: Array
    speculating: Speculating = NO_SPECULATORS


def wish(edge: Array, z: Array, risk: Array) -> Array:
    """The share of wealth wanted in the token at `z`, in [0, 1], elementwise."""
    xp = namespace(edge)
    return xp.minimum(xp.maximum((edge - z) / risk, 0.0), 1.0)


def invested(of: Investing, z: Array) -> Array:
    """What each class buys at `z` (sales negative), QUIV, `(*batch, classes)`."""
    xp = namespace(z)
    z = z[..., None]
    cash = of.cash * xp.exp(-z)
    wanted = of.present * wish(of.edge, z, of.risk) * (of.wealth + cash) - of.wealth
    locked = xp.sum(xp.maximum(-wanted - of.free, 0.0), axis=-1)[..., None]
    ordered = of.attention * (wanted - of.capital * (of.coming + locked))
    return xp.minimum(xp.maximum(ordered, -of.free), 0.5 * xp.minimum(cash, of.cash))


def saved(of: Saving, risk: Array, z: Array) -> Array:
    """The part of savings that is sold at `z`, `(*batch)`."""
    return of.hazard * (1.0 - wish(of.edge, z, risk))


def stands(of: Speculating, z: Array) -> tuple[Array, Array]:
    """The parts of speculators' purchases and of their sales that they do not withdraw at `z`, `(*batch)`.

    As the limit is at most one, what they buy costs no more than it would have at the opening price.
    """
    xp = namespace(z)
    moved = z / of.limit
    return xp.minimum(xp.maximum(1.0 - moved, 0.0), 1.0), xp.minimum(xp.maximum(1.0 + moved, 0.0), 1.0)


def made(of: Making, z: Array) -> Array:
    """What a market maker sells at `z` (purchases negative), QUIV, `(*batch)`."""
    return of.sells * (z > of.ask) - of.buys * (z < of.bid)


def pooled(reserve: Array, z: Array) -> Array:
    """What the pool sells until its price has moved by `z` (purchases negative), QUIV, `(*batch)`."""
    return reserve * -namespace(z).expm1(-0.5 * z)


def excess(book: Book, z: Array) -> Array:
    """Purchases over sales, the pool's included, at `z`, QUIV, `(*batch)`: it falls with `z`."""
    xp = namespace(z)
    risk = book.investing.risk[..., 0]
    buy, sell = stands(book.speculating, z)
    ordered = book.given + book.speculating.buys * buy - book.speculating.sells * sell
    bought = ordered + xp.sum(invested(book.investing, z), axis=-1)
    sold = saved(book.saving, risk, z) * book.saving.quiv + made(book.making, z)
    return bought - sold - pooled(book.reserve, z)


def clearing(book: Book) -> Array:
    """The log of the clearing price over the opening price, `(*batch)`, within `FARTHEST`.

    All bounds of a round's parts are looked at together: as the excess falls, it is positive at the first of them only.
    """
    xp = namespace(book.given)
    many = _along_prices(book)
    inner = xp.arange(1, PARTS, dtype=book.given.dtype)

    def narrow(bracket: tuple[Array, Array]) -> tuple[Array, Array]:
        low, width = bracket
        part = width / PARTS
        short = excess(many, low[..., None] + part[..., None] * inner) > 0.0
        return low + part * xp.sum(short, axis=-1), part

    still = xp.zeros_like(book.given)
    low, left = repeat(narrow, (still - FARTHEST, still + 2.0 * FARTHEST), ROUNDS)
    return low + 0.5 * left


def _along_prices(book: Book) -> Book:
    """The same book with an axis for prices behind those of the batch."""
    xp = namespace(book.given)

    def wider(amounts: Iterable[Array]) -> list[Array]:
        return [xp.asarray(each)[..., None] for each in amounts]

    given, reserve = wider((book.given, book.reserve))
    investing = Investing(*(each[..., None, :] for each in book.investing))
    saving, making = Saving(*wider(book.saving)), Making(*wider(book.making))
    return Book(given, investing, saving, making, reserve, Speculating(*wider(book.speculating)))


class Fill(NamedTuple):
    """What an auction makes of its orders: the price that all get over the opening one, the part that buyers get."""

    price: Array
    part: Array


def fill(book: Book, fee: Array) -> Fill:
    """The price of the auction's batch, the pool's fee included, and the part of all purchases that it delivers.

    What nobody sells comes out of the pool, and what nobody buys goes into it, along its curve; a market maker takes
    what the clearing leaves to it, at its quote.
    """
    xp = namespace(book.given)
    z = clearing(book)
    orders = xp.concat([invested(book.investing, z), book.given[..., None]], axis=-1)
    sold = saved(book.saving, book.investing.risk[..., 0], z) * book.saving.quiv
    demanded, offered = xp.sum(xp.maximum(orders, 0.0), axis=-1), sold + xp.sum(xp.maximum(-orders, 0.0), axis=-1)
    parts, of = POOL_PARTS
    part = xp.minimum(ratio(offered + book.reserve * parts / of, demanded), 1.0)
    net = part * demanded - offered
    by_maker = xp.clip(net - pooled(book.reserve, z), -book.making.buys, book.making.sells)
    ask, bid = xp.exp(book.making.ask) / (1.0 - fee), xp.exp(book.making.bid) * (1.0 - fee)
    paid = amm.usd_for_net(net - by_maker, book.reserve, book.reserve, fee) + by_maker * xp.where(net > 0.0, ask, bid)
    some = net != 0.0
    return Fill(xp.where(some, paid, 1.0) / xp.where(some, net, 1.0), part)


def purchase_to(book: Book, z: Array | float) -> Array:
    """The purchase beyond the book's orders that takes the clearing price from the opening one to `z`, QUIV."""
    still = namespace(book.given).zeros_like(book.given)
    return excess(book, still) - excess(book, still + z)


def premium(share: Array, required: Array, earned: Array, risk: Array) -> Array:
    r"""Log of value over price, $r - y + \gamma \sigma^2 w$, at which investors with a share of wealth are content."""
    return required - earned + risk * share
