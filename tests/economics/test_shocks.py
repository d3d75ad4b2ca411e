r"""Shocks of a scenario: they happen on their day, by their size, and before it nothing knows of them.

Known answers: a price that follows a process is $1 + s$ times what it would be after a jump of $s$; returns in a regime
of factor $f$ have $f^2$ times the variance; overlapping factors multiply. In the pool a jump is news of $\ln (1 + s)$
about the value, which is a walk: it stays, and the price follows it on the same day.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from model.economy import Economy
from model.parameters import Parameters
from model.parameters.market import Market
from model.shocks import KINDS, SEVERITIES, Shock, shock_paths
from tests.economics.limits import SEED, YEAR, economy, record
from tests.engines.daily import assert_same, cadcad_days, ensemble_days, radcad_days, small, trajectory

CRASH = Shock(day=12, kind="price_jump", size=-0.3)
NERVOUS = Shock(day=10, kind="volatility_regime", size=2.5, days=20)
FEEDS = {"feeds": 5}
PROCESSES = ("quantity", "burn_mint", "gbm", "jumps")


def walk(process: str = "gbm", noise: bool = False, days: int = 30, volatility: float = 1.1) -> Economy:
    """A price on its own."""
    market = Market(price_process=process, volatility=volatility, reversion_days=3650.0)
    return economy("price", days=days, noise=noise, market=market)


def with_shocks(case: Economy, *shocks: Shock) -> Economy:
    return replace(case, shocks=shocks)


def prices(case: Economy, runs: int) -> np.ndarray:
    """Prices of an ensemble, `(days + 1, runs)`."""
    return execute([case] * runs, SEED, list(range(runs)), ["price_usd"])["record"][:, 0, :]


@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize("size", [-0.3, 0.5])
def test_a_jump_multiplies_the_walks_price_from_its_day_on(size: float, noise: bool) -> None:
    """The close of day 12 is the thirteenth row after genesis' own."""
    usual = record(walk(noise=noise), "price_usd")["price_usd"]
    jumped = record(with_shocks(walk(noise=noise), replace(CRASH, size=size)), "price_usd")["price_usd"]
    np.testing.assert_array_equal(jumped[:13], usual[:13])
    np.testing.assert_allclose(jumped[13:] / usual[13:], 1.0 + size, rtol=1e-12)


@pytest.mark.parametrize("process", PROCESSES)
def test_every_process_jumps_by_the_size(process: str) -> None:
    usual = record(walk(process, noise=True), "price_usd")["price_usd"]
    jumped = record(with_shocks(walk(process, noise=True), CRASH), "price_usd")["price_usd"]
    np.testing.assert_array_equal(jumped[:13], usual[:13])
    assert jumped[13] / usual[13] == pytest.approx(0.7, rel=1e-12)


def test_jumps_of_one_day_multiply() -> None:
    both = (CRASH, replace(CRASH, size=0.5))
    usual = record(walk(), "price_usd")["price_usd"]
    jumped = record(with_shocks(walk(), *both), "price_usd")["price_usd"]
    np.testing.assert_allclose(jumped[13:] / usual[13:], 0.7 * 1.5, rtol=1e-12)


RUNS = 2000


def test_returns_in_a_regime_have_the_square_of_its_factor_in_variance() -> None:
    """Each day's variance over runs, within four standard errors of it; the mean price stays where it was."""
    found = prices(with_shocks(walk(noise=True, days=45), NERVOUS), RUNS)
    returns = np.diff(np.log(found), axis=0)
    usual = 1.1**2 / YEAR
    for days, factor in ((slice(0, 10), 1.0), (slice(10, 30), 2.5), (slice(30, 45), 1.0)):
        part = returns[days]
        assert part.var() == pytest.approx(factor**2 * usual, rel=4.0 * np.sqrt(2.0 / part.size))
    assert found[-1].mean() == pytest.approx(0.1, abs=4.0 * found[-1].std() / np.sqrt(RUNS))


@pytest.mark.parametrize("process", ["quantity", "burn_mint", "jumps"])
def test_a_regime_stirs_every_process_on_its_days_alone(process: str) -> None:
    """Paired with the same run of an ensemble without it: the log-returns' noise is two and a half times as large."""
    calm, loud = (prices(case, 400) for case in (walk(process, True), with_shocks(walk(process, True), NERVOUS)))
    np.testing.assert_array_equal(loud[:11], calm[:11])
    spread = np.diff(np.log(loud[10:]), axis=0).std() / np.diff(np.log(calm[10:]), axis=0).std()
    low = 1.3 if process == "jumps" else 2.4
    assert low < spread < 2.6


def test_regimes_that_overlap_multiply() -> None:
    """Days 10 to 29 by 2.5, days 20 to 24 by 2 as well."""
    inside = replace(NERVOUS, day=20, size=2.0, days=5)
    expected = np.ones(41)
    expected[10:30] = 2.5
    expected[20:25] = 5.0
    np.testing.assert_array_equal(shock_paths((NERVOUS, inside), 40, FEEDS)["shocks.volatility"], expected)
    calm, loud = (
        np.diff(np.log(record(case, "price_usd")["price_usd"]))
        for case in (walk(noise=True, days=40), with_shocks(walk(noise=True, days=40), NERVOUS, inside))
    )
    drift = 0.5 * 1.1**2 / YEAR
    np.testing.assert_allclose(loud + expected[:40] ** 2 * drift, expected[:40] * (calm + drift), rtol=1e-9)


def test_a_day_without_shocks_has_neutral_values() -> None:
    values = shock_paths((), 5, FEEDS)
    assert values.keys() == {f"shocks.{kind.path}" for kind in KINDS.values()}
    np.testing.assert_array_equal(values["shocks.price_jump"], np.zeros(6))
    np.testing.assert_array_equal(values["shocks.volatility"], np.ones(6))
    beyond = shock_paths((replace(NERVOUS, day=3, days=90), replace(CRASH, day=70)), 5, FEEDS)
    np.testing.assert_array_equal(beyond["shocks.volatility"], [1.0, 1.0, 1.0, 2.5, 2.5, 2.5])
    np.testing.assert_array_equal(beyond["shocks.price_jump"], np.zeros(6))


POOL_RUNS = 12


def pool_record(*shocks: Shock) -> np.ndarray:
    """Price and value of the default economy, `(days + 1, metrics, runs)`."""
    case = Economy(days=90, shocks=shocks)
    return execute([case] * POOL_RUNS, SEED, list(range(POOL_RUNS)), ["price_usd", "value_usd"])["record"]


@pytest.fixture(scope="module")
def usual() -> np.ndarray:
    return pool_record()


def test_in_the_pool_a_jump_is_news_that_moves_the_price_in_its_direction(usual: np.ndarray) -> None:
    """The value falls by the size at once, and the price, which trades make, follows on the day, and stays there.

    Until capital has followed, investors are content at ln(V / P) = r + 1.5 P X / (P X + K) with a given K, so that at
    least 1 / (1 + 1.5 / 4), 73 %, of a small step of the value reaches the price at once.
    """
    for size in (-0.6, 1.5):
        jumped = pool_record(replace(CRASH, day=30, size=size))
        np.testing.assert_array_equal(jumped[:31], usual[:31])
        np.testing.assert_allclose(jumped[31, 1] / usual[31, 1], 1.0 + size, rtol=1e-12)
        moved = np.sign(size) * np.log(jumped[:, 0] / usual[:, 0])
        known = abs(np.log1p(size))
        assert np.all(moved[31] > 0.3 * known)
        assert 0.6 * known < np.median(moved[31]) < 1.05 * known
        assert 0.7 * known < np.median(moved[90]) < 1.1 * known


def test_news_of_a_jump_stays() -> None:
    """News is a walk: what a jump adds to it is there for good, whatever else becomes known."""
    case = small(days=200)
    key = "news"
    before, after = (ensemble_days([e], SEED, [0]) for e in (case, with_shocks(case, replace(CRASH, day=5))))
    known = [float(b[key][0] - a[key][0]) for a, b in zip(before, after, strict=True)]
    assert known[5] == 0.0
    np.testing.assert_allclose(known[6:], np.log(0.7), rtol=1e-9)


def test_in_the_pool_a_regime_stirs_the_price(usual: np.ndarray) -> None:
    stirred = pool_record(replace(NERVOUS, day=30, days=60))
    np.testing.assert_array_equal(stirred[:31], usual[:31])
    calm, loud = (np.diff(np.log(taken[30:, 0]), axis=0).std() for taken in (usual, stirred))
    assert 1.5 < loud / calm < 3.5


@pytest.mark.parametrize("process", ["pool", "quantity"])
def test_engines_agree_on_shocks(process: str) -> None:
    case = small(
        40,
        contracts={"market": {"price_process": process}},
        shocks=(CRASH, NERVOUS, replace(NERVOUS, day=20, size=0.5, days=90), replace(CRASH, day=39, size=1.0)),
    )
    days, expected = ensemble_days([case] * 2, SEED, [8, 3]), radcad_days(case, SEED, 3)
    assert_same(trajectory(days, 1), expected)
    assert_same(cadcad_days(case, SEED, 3), expected)


IDLE = {
    "given": ({"exogenous": {"price_usd": np.asarray([0.1])}}, "exogenous.price_usd is given"),
    "off": ({"mechanisms": {"price": False}}, "mechanisms.price is off"),
}


@pytest.mark.parametrize("case", IDLE)
@pytest.mark.parametrize("shock", [CRASH, NERVOUS])
def test_a_shock_with_nothing_to_act_on_is_refused(case: str, shock: Shock) -> None:
    settings, why = IDLE[case]
    with pytest.raises(ValueError, match=why):
        ensemble_days([small(20, shocks=(shock,), **settings)], SEED, [0])


@pytest.mark.parametrize("process", ["pool", "gbm"])
def test_shocks_to_the_price_need_no_speculators(process: str) -> None:
    """Investors hear the news too."""
    parameters = Parameters(market=Market(price_process=process))
    case = Economy(days=14, parameters=parameters, mechanisms={"speculators": False}, shocks=(CRASH,))
    assert case.idle(CRASH) == ""
    news, none = (record(e, "price_usd")["price_usd"][-1] for e in (case, replace(case, shocks=())))
    assert news < 0.85 * none


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [
        ({"kind": "price_jmp"}, "no such kind of shock"),
        ({"size": -1.0}, "outside"),
        ({"size": float("nan")}, "outside"),
        ({"day": -1}, "no time"),
        ({"days": 2}, "no time"),
        ({"kind": "volatility_regime", "size": 0.0}, "outside"),
        ({"kind": "provider_exit", "size": 1.1}, "outside"),
        ({"share": 0.5}, "no part"),
        ({"kind": "feed_fault", "share": 1.5}, "no part"),
    ],
)
def test_a_wrong_shock_is_refused(wrong: dict[str, object], answer: str) -> None:
    with pytest.raises(ValueError, match=answer):
        Economy(shocks=(Shock(**{**vars(CRASH), **wrong}),))


@pytest.mark.parametrize("name", KINDS)
def test_a_kind_is_explained_and_its_neutral_value_is_none_of_its_sizes(name: str) -> None:
    kind = KINDS[name]
    assert kind.doc.endswith(".")
    assert kind.unit
    assert kind.low < kind.high
    assert kind.combine(kind.neutral, kind.of_day(kind.high)) == kind.of_day(kind.high)
    assert kind.grades.source


@pytest.mark.parametrize("name", KINDS)
def test_grades_are_within_bounds_and_rise(name: str) -> None:
    """By the size, or by the share that it reaches: each grade farther from what changes nothing."""
    kind = KINDS[name]
    graded = [kind.grades.of(severity) for severity in SEVERITIES]
    assert all(kind.low <= size <= kind.high and 0.0 < share <= 1.0 for size, share in graded)
    sizes = [abs(kind.of_day(size) - kind.neutral) for size, _ in graded]
    assert 0.0 < sizes[0] < sizes[1] < sizes[2]
    assert graded == sorted(graded, key=lambda grade: grade[1])
