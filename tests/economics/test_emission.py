"""Emission: a table of ten years, then a tail that halves, under a hard cap.

Theory: a schedule is its sum. The white paper's ten figures give 70, 122.5, 192.5 and 318.5 M QUIV after 1, 2, 4 and
10 years, and a tail of half the last figure spends the 350 M at exactly 13 years. A halving schedule is a geometric
series (Nakamoto 2008), so one that halves every h years and sums to P starts at P / 2h. The growth multiplier only
changes how fast the pool is spent: a steady factor of two spends it at 3.5 years, 1.5 at 5.94, and one half spends
198.6 M in 26 years. Source: the spec's emission rate control and the white paper's emission table.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.validation.theory_supply import POOL, emitted_nquiv
from model.parameters.demand import Demand
from model.parameters.emission import Emission
from tests.economics.limits import MILLION, QUIV, YEAR, economy, record

ROOT_YEARS = (50e6, 50e6, 50e6, 35e6, 35e6, 35e6, 25e6, 25e6, 25e6, 25e6)
BUSY = ("emission", "growth_multiplier", "demand", "market", "settlement")
SHORT_WINDOWS = Emission(growth_window_days=7, growth_smoothing_days=1.0)


@pytest.fixture(scope="module")
def by_the_table() -> np.ndarray:
    return emitted_nquiv(14)


@pytest.mark.parametrize(("years", "millions"), [(0, 0.0), (1, 70.0), (2, 122.5), (4, 192.5), (10, 318.5), (13, 350.0)])
def test_cumulative_emission_after_years(by_the_table: np.ndarray, years: int, millions: float) -> None:
    assert by_the_table[years * YEAR] == round(millions * MILLION) * QUIV


def test_the_pool_is_spent_at_thirteen_years_and_not_a_nano_more(by_the_table: np.ndarray) -> None:
    assert by_the_table[13 * YEAR - 1] < POOL
    assert np.all(by_the_table[13 * YEAR :] == POOL)
    assert np.all(np.diff(by_the_table)[: 13 * YEAR] > 0)


def test_the_cap_on_cumulative_mint_is_never_passed() -> None:
    taken = record(economy("emission", days=14 * YEAR), "minted_quiv", "emitted_quiv", "supply_quiv")
    assert np.max(taken["minted_quiv"]) == 1e9
    assert taken["emitted_quiv"][-1] == 350e6
    np.testing.assert_array_equal(taken["supply_quiv"], taken["minted_quiv"])


def test_a_year_is_emitted_in_equal_days(by_the_table: np.ndarray) -> None:
    daily = np.diff(by_the_table)
    assert np.ptp(daily[:YEAR]) <= 1
    assert abs(int(daily[0]) * YEAR - 70_000_000 * QUIV) <= YEAR


def test_a_steady_doubling_spends_the_pool_in_three_and_a_half_years() -> None:
    doubled = emitted_nquiv(4, multiplier=2.0)
    for years, millions in ((1, 140), (2, 245), (3, 315)):
        assert doubled[years * YEAR] == millions * 1_000_000 * QUIV
    assert abs(int(np.argmax(doubled == POOL)) - 3.5 * YEAR) <= 1
    assert doubled[-1] == POOL


def test_a_multiplier_of_one_and_a_half_spends_the_pool_at_5_944_years() -> None:
    assert int(np.argmax(emitted_nquiv(6, multiplier=1.5) == POOL)) == pytest.approx(5.944 * YEAR, abs=1.0)


def test_a_multiplier_of_one_half_leaves_the_pool_unspent() -> None:
    assert emitted_nquiv(26, multiplier=0.5)[-1] / QUIV == pytest.approx(198.6e6, abs=0.05e6)


def test_root_exhausts_its_allocation_at_9_8_years() -> None:
    root = emitted_nquiv(11, yearly_quiv=ROOT_YEARS, tail_first_rate_quiv=12.5e6)
    assert root[3 * YEAR] == 150_000_000 * QUIV
    assert root[9 * YEAR] == 330_000_000 * QUIV
    assert abs(int(np.argmax(root == POOL)) - 9.8 * YEAR) <= 1
    assert root[-1] == POOL


def test_a_tail_that_halves_first_after_year_fourteen_ends_at_11_5_years() -> None:
    late = emitted_nquiv(12, tail_first_rate_quiv=21e6)
    assert abs(int(np.argmax(late == POOL)) - 11.5 * YEAR) <= 1


def test_a_tail_that_fits_the_pool_never_reaches_it() -> None:
    fitted = emitted_nquiv(18, tail_first_rate_quiv=3.9375e6)
    assert fitted[14 * YEAR] / QUIV == pytest.approx(318.5e6 + 4 * 3.9375e6, abs=1.0)
    assert fitted[18 * YEAR] / QUIV == pytest.approx(350e6 - 31.5e6 / 4, abs=1.0)


def test_pure_halving_is_a_geometric_series() -> None:
    halved = emitted_nquiv(12, schedule="pure_halving")
    assert halved[YEAR] == 43_750_000 * QUIV
    for blocks, left in ((1, 2), (2, 4), (3, 8)):
        assert POOL - halved[4 * YEAR * blocks] == POOL // left


def test_constant_demand_leaves_the_multiplier_at_exactly_one() -> None:
    case = economy(*BUSY, days=60, emission=SHORT_WINDOWS, exogenous={"demand_tokens": np.asarray([1e5])})
    taken = record(case, "growth_multiplier", "served_tokens")
    assert np.all(taken["growth_multiplier"] == 1.0)
    assert np.ptp(taken["served_tokens"][1:]) == 0.0 < taken["served_tokens"][1]


def test_tokens_that_double_tend_to_a_multiplier_of_two() -> None:
    doubling = 1e3 * 2.0 ** (np.arange(60) / 7.0)
    taken = record(
        economy(*BUSY, days=60, emission=SHORT_WINDOWS, exogenous={"demand_tokens": doubling}), "growth_multiplier"
    )
    assert np.all(taken["growth_multiplier"][:14] == 1.0)
    assert taken["growth_multiplier"][-1] == pytest.approx(2.0, rel=1e-3)


def test_faster_growth_is_clamped_at_two_and_doubles_emission() -> None:
    quadrupling = 1e2 * 4.0 ** (np.arange(50) / 7.0)
    case = economy(*BUSY, days=50, emission=SHORT_WINDOWS, exogenous={"demand_tokens": quadrupling})
    taken = record(case, "growth_multiplier", "emission_quiv")
    assert np.max(taken["growth_multiplier"]) == taken["growth_multiplier"][-1] == 2.0
    assert taken["emission_quiv"][-1] == pytest.approx(2.0 * 70e6 / YEAR, rel=1e-12)
    assert taken["emission_quiv"][1] == pytest.approx(70e6 / YEAR, rel=1e-12)


def test_tokens_that_halve_halve_the_multiplier() -> None:
    halving = 1e6 * 0.5 ** (np.arange(60) / 7.0)
    case = economy(*BUSY, days=60, emission=SHORT_WINDOWS, exogenous={"demand_tokens": halving})
    assert record(case, "growth_multiplier")["growth_multiplier"][-1] == pytest.approx(0.5, rel=1e-3)


def test_growth_read_as_a_rate_cuts_emission_of_a_steady_network_to_nothing() -> None:
    rate = Emission(growth_window_days=7, growth_smoothing_days=1.0, growth_reading="rate")
    case = economy(*BUSY, days=30, emission=rate, exogenous={"demand_tokens": np.asarray([1e5])})
    assert record(case, "growth_multiplier")["growth_multiplier"][-1] == 0.0


def test_zero_demand_leaves_the_multiplier_at_one() -> None:
    case = economy(*BUSY, days=40, emission=SHORT_WINDOWS, demand=Demand(budget_usd_per_day=0.0))
    taken = record(case, "growth_multiplier", "served_tokens", "emitted_quiv")
    assert np.all(taken["growth_multiplier"] == 1.0)
    assert np.all(taken["served_tokens"] == 0.0)
    assert taken["emitted_quiv"][-1] == pytest.approx(40 * 70e6 / YEAR, rel=1e-12)
