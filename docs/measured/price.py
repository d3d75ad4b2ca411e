"""How the price is made: the market's equations, who knows what, a day's auction, and what changes the price most.

The prose and the equations stand beside this file in `price.md`; what is measured takes the place of its marks.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from docs.markdown import chart, code, page, table
from experiments.analysis.rational import Rational, rational
from experiments.engines.ensemble import execute
from experiments.engines.genesis import genesis
from experiments.inputs.scenario import load_scenario
from experiments.statistics import Estimate, estimate
from experiments.words import counted, exact, figure, percent, signed
from model.formulas import auction
from model.investors import auction_alone
from model.parameters import REGISTRY
from model.shocks import Shock

FILE = "price.md"
PROSE = Path(__file__).with_suffix(".md")

DAYS, RUNS, SEED = 730, 4, 1
LAST, STEP = 30, 14
"""Days at the end over which a price is averaged, and between two points of the path."""

FROZEN = {"mechanisms.proposing": False}
"""Agents' proposals are off: a lever is compared with the same policy."""


@dataclass(frozen=True)
class Lever:
    """A change of the default economy: each parameter times a factor, or set to values where it has none."""

    what: str
    names: tuple[str, ...]
    factor: float = 2.0
    values: tuple[Any, ...] = ()

    @property
    def changes(self) -> dict[str, Any]:
        """The new values by parameter."""
        return dict(zip(self.names, self.values or map(self._times, self.names), strict=True))

    def _times(self, name: str) -> Any:
        default = REGISTRY[name].default
        return [self.factor * item for item in default] if isinstance(default, tuple) else self.factor * default


LEVERS = (
    Lever("Years of take that the market pays", ("valuation.multiple_years",)),
    Lever("Consumers' budgets", ("demand.budget_usd_per_day",)),
    Lever("Demand at saturation", ("demand.adoption_multiple",)),
    Lever("Base rate of inference", ("pricing.base_rate_quiv",)),
    Lever("Limit of the network's take", ("fees.take_limit",), 1.5),
    Lever("Burned part of the network fee", ("fees.burn_share",), 1.5),
    Lever("All unlocked at genesis", ("supply.cliff_days", "supply.vesting_days"), 0.0, ([0] * 7, [0] * 7)),
    Lever("Price of risk", ("investors.risk",)),
    Lever("Price at genesis", ("market.initial_price_usd",)),
)

TRADES = (-0.1, -0.05, -0.01, -0.001, 0.01, 0.05)
"""Net orders of all who do not look at the price, over the circulating supply."""

DRAWN, FAR, POINTS = -0.1, 0.25, 25
"""The trade that the picture shows, how far from the price it goes, over the price, and by how many points."""


AHEAD, EVENT, EVERY = 180, 90, 6
"""Days of the rational market's comparison, the day of what happens in it, and days between two points of a path."""

ASIDE = (
    *("oracle", "conduct", "validation", "challenges", "channels", "slashing", "insurance"),
    *("governance", "proposing"),
)
"""Mechanisms that are off in it: they take half of the time, and no change below is about them."""

ON_ONE_DAY = {"supply.cliff_days": [0, 0, EVENT, EVENT, 0, 0, 0], "supply.vesting_days": [0, 0, 0, 0, 365, 1825, 0]}
"""Team's and investors' tokens are unlocked on one day."""

FORESEEN: dict[str, dict[str, Any]] = {
    "No burn": {"fees.burn_share": 0.0},
    "All of the network fee burned": {"fees.burn_share": 1.0},
    f"Team's and investors' tokens unlocked on day {EVENT}": ON_ONE_DAY,
}
DOUBLED = f"Consumers' budgets twice as large from day {EVENT} on"


@dataclass(frozen=True)
class Measured:
    """Default and changed economies side by side: what was recorded, and how they ended.

    `record` is `(days, metrics, sides, runs)` with the default first; `book` the auctions on the morning after the last
    day, before anybody has ordered. The first of them is the default's first run, whose last price is `close` and
    whose supply is `circulating`, QUIV.
    """

    record: NDArray[Any]
    book: auction.Book
    close: float
    circulating: float


def text() -> str:
    """The page."""
    found = measured()
    marks = {"auction": _auction(found), "path": _path(found), "levers": _levers(found), "rational": _rational()}
    prose = PROSE.read_text(encoding="utf-8").strip()
    for mark, part in marks.items():
        prose = prose.replace(f"<!-- {mark} -->", part)
    return page("How the price is made", [prose])


@cache
def measured() -> Measured:
    """All sides in one batch, on the same random numbers."""
    sides = [load_scenario("whitepaper", FROZEN | changes, days=DAYS) for changes in ({}, *(x.changes for x in LEVERS))]
    economies, runs = [side for side in sides for _ in range(RUNS)], list(range(RUNS)) * len(sides)
    metrics = ("price_usd", "value_usd", "circulating_quiv")
    done = execute(economies, SEED, runs, metrics)
    state, (_, params) = done["state"], genesis(economies, SEED, runs)
    book = auction_alone(params, state, np.zeros(len(runs)))
    record = done["record"].reshape(DAYS + 1, len(metrics), len(sides), RUNS)
    return Measured(record, book, *(float(record[-1, place, 0, 0]) for place in (0, 2)))


def _auction(found: Measured) -> str:
    """The picture of one auction, and how deep it is."""
    sale = -DRAWN * found.circulating
    prices = np.linspace(1.0 - FAR, 1.0 + FAR, POINTS)
    bought = [float(auction.excess(found.book, np.array(math.log(price)))[0]) for price in prices]
    intro = (
        f"The picture is the auction of one run of the default economy on the morning after {DAYS} days, when the last "
        f"price is {figure(found.close, 3)} USD. The blue line is what investors, savers and the pool buy in all at "
        f"each price (below zero they sell), the orange one what they are asked to take: a sale of {percent(-DRAWN)} "
        f"of the circulating supply, {figure(sale / 1e6, 3)} M QUIV. The lines cross at the day's price; where the "
        "blue one crosses zero is the price without the sale."
    )
    lines = [[value / 1e6 for value in bought], [sale / 1e6] * POINTS]
    across = ("price, USD", found.close * (1.0 - FAR), found.close * (1.0 + FAR))
    drawn = chart("Bought at each price, and a sale", across, "million QUIV", lines)
    heads = [
        "Net order at any price",
        "Of the circulating supply",
        "Price of the day, against none",
        "Taken by the pool",
    ]
    return "\n\n".join(
        [intro, drawn, "Other orders in the same auction:", table(heads, map(partial(_depth, found), TRADES))]
    )


def _depth(found: Measured, share: float) -> list[str]:
    """What a net order of a share of the circulating supply does to the day's price, and how much the pool takes."""
    quiv = share * found.circulating
    alone, way = (_cleared(found, order) for order in (0.0, quiv))
    taken = [float(auction.pooled(found.book.reserve, np.array(z))[0]) for z in (alone, way)]
    what, moved = "sale" if share < 0 else "purchase", f"{signed(100.0 * math.expm1(way - alone))} %"
    pooled = percent((taken[1] - taken[0]) / quiv, 1)
    return [f"{what} of {figure(abs(quiv) / 1e6, 3)} M QUIV", percent(abs(share), 1), moved, pooled]


def _cleared(found: Measured, quiv: float) -> float:
    """The log of the day's price over the last one, if so much is bought at any price."""
    return float(auction.clearing(found.book._replace(given=np.full_like(found.book.given, quiv)))[0])


def _path(found: Measured) -> str:
    """One run's price and value."""
    price, value = (found.record[::STEP, place, 0, 0] for place in (0, 1))
    intro = (
        f"One default run, one point every {STEP} days: the price in blue and the value in orange. "
        "The price follows the value's news on the day. The gap between them is what investors require for holding the "
        "token, less what delegation yields."
    )
    return "\n\n".join([intro, chart("Price and value", ("day", 0, DAYS), "USD per QUIV", [list(price), list(value)])])


def _levers(found: Measured) -> str:
    """What changes of the default economy do to the price."""
    logs = np.log(found.record[-LAST:, 0]).mean(axis=0)
    measured_levers = [(lever, estimate(logs[place] - logs[0])) for place, lever in enumerate(LEVERS, start=1)]
    measured_levers.sort(key=lambda pair: -abs(pair[1].mean))
    intro = (
        "Each row changes one thing in the default economy; both sides of a comparison meet the same chance events "
        f"({RUNS} runs of {DAYS} days, seed {SEED}, agents' proposals off). The price is the mean over the last {LAST} "
        "days, the change a geometric mean over the runs with Student's interval at 95 %. The elasticity is the "
        "percentage by which the price changes for one percent of the parameter. Where the interval holds zero, the "
        "runs are too few to tell the sign."
    )
    heads = ["Change", "Parameter", "Price", "95 % interval", "Elasticity"]
    return "\n\n".join([intro, table(heads, [_lever(*pair) for pair in measured_levers])])


def _lever(lever: Lever, moved: Estimate) -> list[str]:
    mean, low, high = (f"{signed(100.0 * math.expm1(end))} %" for end in (moved.mean, moved.low, moved.high))
    what = f"{lever.what}, times {exact(lever.factor)}" if lever.factor else lever.what
    names = ", ".join(code(name) for name in lever.names)
    elasticity = signed(moved.mean / math.log(lever.factor), 2) if lever.factor else "-"
    return [what, names, mean, f"{low} to {high}", elasticity]


def _rational() -> str:
    """What investors would pay who know the take that comes, beside what they pay by rule."""
    off = {f"mechanisms.{name}": False for name in ASIDE}
    sides = [load_scenario("whitepaper", off | changes, days=AHEAD) for changes in ({}, *FORESEEN.values())]
    stepped = replace(sides[0], shocks=(Shock(EVENT, "demand_surge", 1.0, days=AHEAD),))
    default, *changed = [*rational(sides), *rational([stepped])]
    rows = [_foreseen(what, case, default) for what, case in zip((*FORESEEN, DOUBLED), changed, strict=True)]
    worst, most = max(case.change for case in changed), max(case.rounds for case in changed)
    intro = (
        f"The table has {AHEAD} days of the default economy without {', '.join(ASIDE[:-1])} and {ASIDE[-1]}, and "
        "without chance events. Each row is a change that is there, or decided, on the first day. A figure is the "
        f"price against that of the same market without the change, on the day before day {EVENT} and on the last. "
        f"Without any change the rational price is {_ratio(default, 30)} of that by rule on day 30, "
        f"{_ratio(default, EVENT)} on day {EVENT} and {_ratio(default, AHEAD)} on day {AHEAD}. It took at most "
        f"{counted(most, 'round')} to find values that come true, to {percent(worst, 1)} or better."
    )
    heads = ["Change", "By rule, the day before", "Rational, the day before", "By rule, last day", "Rational, last day"]
    lines = [list(side["price_usd"][::EVERY]) for side in (changed[-1].rule, changed[-1].rational)]
    drawn = chart("Budgets that are known to double", ("day", 0, AHEAD), "USD per QUIV", lines)
    seen = f"The picture is the last row: the price by rule in blue, the rational one in orange, every {EVERY} days."
    return "\n\n".join([intro, table(heads, rows), seen, drawn])


def _ratio(found: Rational, day: int) -> str:
    return percent(float(found.ratio[day]))


def _foreseen(what: str, found: Rational, default: Rational) -> list[str]:
    """What a change does to the price by rule and to the rational one, before the day and in the end."""
    pairs = ((found.rule, default.rule), (found.rational, default.rational))
    moved = [(one["price_usd"] / other["price_usd"] - 1.0)[day] for day in (EVENT - 1, -1) for one, other in pairs]
    return [what, *(f"{signed(100.0 * float(change))} %" for change in moved)]
