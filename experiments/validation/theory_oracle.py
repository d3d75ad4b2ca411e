"""T19 and T20: what the oracle's median is worth, and how often its breaker trips in vain."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.validation.limits import SEED, YEAR, each_day, economy
from experiments.validation.rows import Figure, TheoryRow, estimated, holds
from model.economy import Economy
from model.parameters.oracle import Oracle

SIGMA, PRICE, RUNS, DAYS = 0.01, 0.1, 150, 80
TRUSTING: dict[str, Any] = {
    "stale_chance": 0.0,
    "fault_chance": 0.0,
    "outlier_z": 1e9,
    "breaker_width": 1e9,
    "feed_noise": SIGMA,
}


def oracle_alone(days: int = DAYS, **settings: Any) -> Economy:
    """An economy in which only the oracle moves, at a constant market price."""
    path = {"price_usd": np.array([PRICE])}
    return economy("oracle", "price", days=days, noise=True, exogenous=path, oracle=Oracle(**(TRUSTING | settings)))


def errors(case: Economy) -> NDArray[Any]:
    """The oracle's price over the market's, less one, in every run and day after genesis."""
    taken = execute([case] * RUNS, SEED, range(RUNS), ["oracle_price_usd"])["record"]
    return np.asarray(taken[1:, 0].ravel() / PRICE - 1.0)


def _median() -> list[Figure]:
    found = []
    for feeds, part in ((3, 0.4487), (5, 0.2868), (7, 0.2104)):
        seen = errors(oracle_alone(feeds=feeds, fewest_feeds=1))
        name = f"variance of the median of {feeds} honest feeds"
        found.append(estimated(name, part, seen.var() / SIGMA**2, part * np.sqrt(2.0 / seen.size), "of one's variance"))
    for feeds, liars, bias in ((5, 1, 0.297), (5, 2, 0.846), (7, 1, 0.2015), (7, 2, 0.495), (7, 3, 1.029)):
        seen = errors(oracle_alone(feeds=feeds, corrupt_feeds=liars, corrupt_bias=9.0)) / SIGMA
        error = seen.std() / np.sqrt(seen.size)
        name = f"bias by {liars} one-sided of {feeds}"
        found.append(estimated(name, bias, seen.mean(), error, "standard deviations of a feed", allowance=SIGMA))
    bounds = ((5, 2, True), (5, 3, False), (4, 1, True), (4, 2, False))
    return found + [
        holds(
            f"bounded with {liars} of {feeds} corrupt",
            np.abs(errors(oracle_alone(feeds=feeds, corrupt_feeds=liars, corrupt_bias=9.0))).max() < 0.1,
            bounded,
        )
        for feeds, liars, bounded in bounds
    ]


DAILY = 0.0575
RATES = {
    "normal": {0.10: 29.9, 0.20: 0.18, 0.25: 0.005},
    "Student t3": {0.10: 20.8, 0.20: 3.3, 0.25: 1.77, 0.50: 0.23},
}
"""False trips a year by width."""

YEARS = 400


def drawn_returns(kind: str, days: int) -> NDArray[Any]:
    """Independent daily returns of the given spread, `(days, YEARS)`; none loses all."""
    draw = np.random.default_rng(20)
    size = (days, YEARS)
    drawn = draw.normal(0.0, DAILY, size) if kind == "normal" else draw.standard_t(3, size) * DAILY / np.sqrt(3.0)
    return np.maximum(drawn, -0.99)


def trips(moves: NDArray[Any], width: float) -> float:
    """False trips a year of a market with these returns."""
    settings = Oracle(**(TRUSTING | {"feed_noise": 0.0, "breaker_width": width}))
    reading = None
    for reading in each_day(economy("oracle", days=len(moves) + 1, noise=True, oracle=settings), runs=moves.shape[1]):
        day = int(reading.state["day"])
        if 0 < day <= len(moves):
            reading.state["price_usd"][...] = reading.state["price_usd"] * (1.0 + moves[day - 1])
    assert reading is not None
    return float(reading.state["oracle_trips"].mean()) * YEAR / len(moves)


def _breaker() -> list[Figure]:
    found = []
    for kind, rates in RATES.items():
        moves = drawn_returns(kind, YEAR)
        for width, rate in rates.items():
            chance = rate / YEAR
            error = max(np.sqrt(rate / YEARS), 1e-3)
            seen = trips(moves, width)
            name = f"false trips, {kind}, width {width:.0%}"
            rounding = 0.05 if width == 0.10 else 0.005
            found.append(
                estimated(name, rate, seen, error, "a year", allowance=rounding, instead=YEAR * chance / (1.0 + chance))
            )
    return found


ROWS = (
    TheoryRow(
        "T19",
        "Median of feeds",
        "independent normal feeds at a constant price, some of which lie in one direction",
        "order statistics: Arnold, Balakrishnan and Nagaraja 2008; breakdown point: Huber 1981",
        _median,
    ),
    TheoryRow(
        "T20",
        "Circuit breaker",
        "independent daily returns of sd 5.75 %, normal or with three degrees of freedom, 400 years",
        "365 P(|r| > b)",
        _breaker,
        convention=(
            "A breaker that held the price yesterday takes today's as it is, for a real crash looks the same: of a "
            "chance p a day it trips p / (1 + p), 27.6 times a year in place of 29.9."
        ),
    ),
)
