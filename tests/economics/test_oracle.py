r"""The price oracle: what a median of feeds is worth, how far liars move it, and what the circuit breaker catches.

Theory: the median of $n$ independent normal reports of variance $\sigma^2$ has variance 0.4487, 0.2868 and 0.2104
$\sigma^2$ at $n$ = 3, 5, 7 (order statistics; Arnold, Balakrishnan and Nagaraja, "A First Course in Order Statistics").
Of $k$ one-sided liars the worst bias is that of the next order statistic: 0.297 and 0.846 $\sigma$ at $n = 5$ and $k$ =
1, 2; 0.2015, 0.495 and 1.029 at $n = 7$ and $k$ = 1, 2, 3. With half of the reports corrupt it is unbounded (breakdown
point; Huber). A breaker of width $b$ trips in vain $365\,P(|r| > b)$ times a year.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import norm

from experiments.engines.ensemble import execute
from experiments.validation.theory_oracle import PRICE, SIGMA, TRUSTING, errors, oracle_alone
from model.codes import ProposalStatus
from model.economy import ScriptedProposal
from model.formulas import oracle as formulas
from model.parameters.market import Market
from model.parameters.oracle import Oracle
from tests.economics.limits import SEED, by_day, economy, last

EXECUTED = ProposalStatus.EXECUTED


@pytest.mark.parametrize(("feeds", "share"), [(1, 1.0), (3, 0.4487), (5, 0.2868), (7, 0.2104)])
def test_the_variance_of_the_median_of_honest_feeds(feeds: int, share: float) -> None:
    found = errors(oracle_alone(feeds=feeds, fewest_feeds=1))
    expected = share * SIGMA**2
    assert found.var() == pytest.approx(expected, abs=4.0 * expected * np.sqrt(2.0 / found.size))
    assert found.mean() == pytest.approx(0.0, abs=4.0 * np.sqrt(expected / found.size) + SIGMA**2)


@pytest.mark.parametrize(
    ("feeds", "liars", "bias"), [(5, 1, 0.297), (5, 2, 0.846), (7, 1, 0.2015), (7, 2, 0.495), (7, 3, 1.029)]
)
def test_one_sided_liars_move_the_median_by_an_order_statistic(feeds: int, liars: int, bias: float) -> None:
    found = errors(oracle_alone(feeds=feeds, corrupt_feeds=liars, corrupt_bias=9.0))
    assert found.mean() / SIGMA == pytest.approx(bias, abs=4.0 * found.std() / SIGMA / np.sqrt(found.size) + SIGMA)


def test_a_majority_of_liars_sets_the_price() -> None:
    """Two of five are bounded, three of five are the oracle; of an even number, half suffice to move it at will."""
    assert np.abs(errors(oracle_alone(corrupt_feeds=2, corrupt_bias=9.0))).max() < 0.1
    np.testing.assert_allclose(errors(oracle_alone(corrupt_feeds=3, corrupt_bias=9.0)), 9.0)
    assert errors(oracle_alone(feeds=4, corrupt_feeds=2, corrupt_bias=9.0)).min() > 4.0


def test_outliers_are_left_out() -> None:
    """Two liars who stand far from the rest no longer bias the price: it is the median of three honest feeds."""
    found = errors(oracle_alone(corrupt_feeds=2, corrupt_bias=9.0, outlier_z=5.0, fewest_feeds=3))
    assert found.mean() == pytest.approx(0.0, abs=4.0 * found.std() / np.sqrt(found.size) + SIGMA**2)


def test_capture_trips_the_breaker() -> None:
    """The last good price holds for the breaker's days; then the median is taken as it is, for it may be a crash."""
    case = oracle_alone(days=6, corrupt_feeds=3, corrupt_bias=1.0, breaker_width=0.25, breaker_days=3, feed_noise=0.0)
    readings = list(by_day(case))
    prices = [float(reading.state["oracle_price_usd"][0]) for reading in readings]
    np.testing.assert_allclose(prices, [PRICE] * 4 + [2.0 * PRICE] * 3)
    assert int(last(iter(readings)).state["oracle_trips"][0]) == 1
    updates = [int(reading.state["oracle_last_update"][0]) for reading in readings]
    assert updates == [0, 0, 0, 0, 3, 4, 5]


@pytest.mark.parametrize(("width", "a_year"), [(0.10, 29.9), (0.20, 0.18)])
def test_false_trips_a_year(width: float, a_year: float) -> None:
    """A breaker that held yesterday takes today's price unchecked, so of a chance p it trips p / (1 + p) a day."""
    daily, days, runs = 0.0575, 365, 200
    assert 365 * 2 * norm.sf(width / daily) == pytest.approx(a_year, rel=0.03)
    market = Market(price_process="gbm", volatility=daily * np.sqrt(365))
    settings = Oracle(**(TRUSTING | {"feed_noise": 0.0, "breaker_width": width}))
    case = economy("oracle", "price", days=days, noise=True, market=market, oracle=settings)
    trips = execute([case] * runs, SEED, range(runs), ["oracle_trips"])["record"][-1, 0]
    up, down = (np.log1p(step) + daily**2 / 2 for step in (width, -width))
    chance = norm.sf(up / daily) + norm.cdf(down / daily)
    expected = days * chance / (1.0 + chance)
    assert trips.mean() == pytest.approx(expected, abs=4.0 * np.sqrt(expected / runs) + 0.02)


def test_a_feed_that_repeats_itself_is_left_out_when_too_old() -> None:
    """One feed stuck at the old price among three: once stale, it no longer counts."""
    reports = np.array([[0.2, 0.2, 0.1, 0.1, 0.1]])
    fresh = np.array([[True, True, True, False, False]])
    few, loose = np.array([1]), np.array([1e9])
    assert formulas.aggregate_reports(reports, fresh | True, loose, few)[0] == 0.1
    assert formulas.aggregate_reports(reports, fresh, loose, few)[0] == 0.2


def test_where_all_reports_are_old_all_are_used() -> None:
    case = oracle_alone(days=5, stale_chance=1.0)
    end = last(by_day(case))
    assert (end.state["feed_age_days"] == 5).all()
    assert end.state["oracle_price_usd"][0] == PRICE


@pytest.mark.parametrize(
    ("reports", "used", "expected"),
    [
        ([3.0, 1.0, 2.0], [True, True, True], 2.0),
        ([4.0, 1.0, 2.0, 3.0], [True, True, True, True], 2.5),
        ([9.0, 1.0, 2.0, 3.0], [False, True, True, True], 2.0),
        ([9.0, 7.0, 2.0], [False, True, False], 7.0),
    ],
)
def test_the_median_of_those_in_use(reports: list[float], used: list[bool], expected: float) -> None:
    assert formulas.median(np.array(reports), np.array(used)) == expected


def test_at_least_the_fewest_remain() -> None:
    """Three agree exactly, so the deviation is zero and every other report is an outlier; the nearest still stays."""
    reports = np.array([1.0, 1.0, 1.0, 1.2, 5.0])
    everyone = np.ones(5, dtype=bool)
    assert formulas.aggregate_reports(reports, everyone, np.float64(5.0), np.int64(3)) == 1.0
    assert formulas.aggregate_reports(reports, everyone, np.float64(5.0), np.int64(5)) == 1.0
    assert formulas.aggregate_reports(reports[2:], everyone[2:], np.float64(0.5), np.int64(2)) == pytest.approx(1.1)


def test_an_emergency_vote_sets_the_price_by_hand() -> None:
    proposal = ScriptedProposal(
        day=1, parameter="oracle.override_usd", value=0.5, type="emergency", support=1.0, proposer=0
    )
    path = {"price_usd": np.array([PRICE])}
    case = economy("oracle", "price", "governance", days=40, exogenous=path, proposals=(proposal,))
    readings = list(by_day(case))
    executed = [int(reading.state["proposal_status"][0, 0]) == EXECUTED for reading in readings].index(True)
    prices = [float(reading.state["oracle_price_usd"][0]) for reading in readings]
    assert prices[executed] == PRICE
    assert set(prices[executed + 1 :]) == {0.5}


def test_switched_off_everyone_knows_the_market() -> None:
    case = economy("price", days=30, noise=True, market=Market(price_process="gbm", volatility=1.0))
    readings = list(by_day(case))
    opened = [float(reading.state["price_usd"][0]) for reading in readings[:-1]]
    assert [float(reading.state["oracle_price_usd"][0]) for reading in readings[1:]] == opened
