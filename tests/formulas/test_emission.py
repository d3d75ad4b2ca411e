"""Emission: the table, its tail and cap to the nano-QUIV, and the growth multiplier against the integer oracle."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import exact
from model.arrays import Array
from model.formulas import emission

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
MILLION = 10**15
YEARLY = np.array([70, 52.5, 35, 35, 21, 21, 21, 21, 21, 21]) * MILLION
YEARLY = YEARLY.astype(np.int64)
TAIL = np.int64(10_500_000 * 10**9)
POOL = np.int64(350 * MILLION)


def scheduled(day: Array, tail: Array = TAIL, pool: Array = POOL) -> Array:
    return np.asarray(emission.scheduled_cumulative(day, YEARLY, tail, 4, pool))


@pytest.mark.parametrize(
    ("year", "millions"),
    [(0, 0), (1, 70), (2, 122.5), (3, 157.5), (4, 192.5), (10, 318.5), (11, 329), (13, 350), (14, 350), (60, 350)],
)
def test_cumulative_known_answers(year: int, millions: float) -> None:
    assert scheduled(365 * year) == int(millions * MILLION)


def test_the_pool_is_spent_at_thirteen_years_and_not_a_day_sooner() -> None:
    day = 13 * 365
    assert scheduled(day) == POOL
    assert POOL - scheduled(day - 1) == TAIL - TAIL // 365 * 364 - (TAIL % 365) * 364 // 365


def test_uncapped_tails() -> None:
    late = 365 * 200
    first = emission.scheduled_uncapped(365 * 14, YEARLY, TAIL, 4)
    assert first == (318_500 + 42_000) * MILLION // 1000
    assert emission.scheduled_uncapped(365 * 26, YEARLY, TAIL, 4) == int(397.25 * MILLION)
    total = emission.scheduled_uncapped(late, YEARLY, TAIL, 4)
    assert 0 <= 402_500 * MILLION // 1000 - total < 10_000
    fitted = emission.scheduled_uncapped(late, YEARLY, np.int64(3_937_500 * 10**9), 4)
    assert 0 <= POOL - fitted < 10_000


def test_full_rate_tail_meets_the_cap_after_eleven_and_a_half_years() -> None:
    full = np.int64(21 * MILLION)
    assert scheduled(4197, tail=full) < POOL
    assert scheduled(4198, tail=full) == POOL


def test_pure_halving() -> None:
    first = emission.pure_halving_yearly(POOL, 4)
    assert first == 43_750_000 * 10**9
    table = np.zeros(0, dtype=np.int64)
    cumulative = [int(emission.scheduled_cumulative(365 * y, table, first, 4, POOL)) for y in (4, 8, 12, 250)]
    assert cumulative[:3] == [175 * MILLION, int(262.5 * MILLION), int(306.25 * MILLION)]
    assert 0 <= POOL - cumulative[3] < 10_000


def test_any_day_against_fractions() -> None:
    days = np.arange(0, 365 * 30, 7)
    got = scheduled(days)
    for day, value in zip(days.tolist(), got.tolist(), strict=True):
        assert value == min(int(POOL), _reference(day))


def _reference(day: int) -> int:
    total = 0
    for start, length, rate in [(365 * y, 365, int(e)) for y, e in enumerate(YEARLY)] + [
        (365 * (10 + 4 * k), 365 * 4, int(TAIL) >> k) for k in range(8)
    ]:
        total += int(Fraction(rate * max(0, min(day - start, length)), 365))
    return total


def _run(multiplier: float, days: int) -> list[int]:
    base = np.diff(emission.scheduled_uncapped(np.arange(days + 1), YEARLY, TAIL, 4))
    minted = np.int64(0)
    path = [0]
    for amount in base:
        minted = minted + emission.adjusted(amount, multiplier, POOL - minted)
        path.append(int(minted))
    return path


def test_double_growth_spends_the_pool_in_three_and_a_half_years() -> None:
    path = _run(2.0, 4 * 365)
    assert [path[365], path[730], path[1095]] == [140 * MILLION, 245 * MILLION, 315 * MILLION]
    spent = next(day for day, minted in enumerate(path) if minted == POOL)
    assert abs(spent - 3.5 * 365) <= 1


def test_half_growth_never_spends_it() -> None:
    assert _run(0.5, 26 * 365)[-1] == pytest.approx(198.625 * MILLION, abs=26 * 365)


def test_growth_multiplier() -> None:
    growth = np.array([-1.0, 0.0, 0.1, 1.15, 2.0, 7.0])
    np.testing.assert_array_equal(emission.growth_multiplier(growth), [0.0, 0.0, 0.1, 1.15, 2.0, 2.0])
    np.testing.assert_array_equal(emission.growth_multiplier(growth, 0.5, 1.5), [0.5, 0.5, 0.5, 1.15, 1.5, 1.5])
    np.testing.assert_array_equal(emission.growth_multiplier_go(growth), [-1.0, 0.0, 0.1, 1.14, 2.0, 2.0])


@MANY
@given(base=st.integers(0, 10**18), growth=st.floats(-9.0, 10.0) | st.sampled_from([0.29, 0.57, 1.13, 1.16, np.inf]))
def test_go_emission_equals_the_oracle(base: int, growth: float) -> None:
    multiplier = emission.growth_multiplier_go(np.float64(growth))
    adjusted = emission.adjusted(np.int64(base), multiplier, np.int64(2**63 - 1))
    assert int(adjusted) == exact.calculate_emission_rate(base, growth)


def test_batch_equals_single_calls() -> None:
    days = np.array([0, 1, 364, 365, 3651, 4744, 9000])
    tails = TAIL + np.arange(7, dtype=np.int64) * 12_345
    yearly = YEARLY + np.arange(7, dtype=np.int64)[:, None] * 987_654_321
    shared = scheduled(days)
    swept = emission.scheduled_cumulative(days, yearly, tails, np.array([4, 3, 2, 1, 4, 3, 2]), POOL)
    growth = np.linspace(-0.5, 3.0, 7)
    amounts = np.arange(7, dtype=np.int64) * 10**16 + 7
    adjusted = emission.adjusted(amounts, emission.growth_multiplier(growth), POOL)
    for i, halving in enumerate([4, 3, 2, 1, 4, 3, 2]):
        assert shared[i] == scheduled(days[i])
        assert swept[i] == emission.scheduled_cumulative(days[i], yearly[i], tails[i], halving, POOL)
        assert adjusted[i] == emission.adjusted(amounts[i], emission.growth_multiplier(growth[i]), POOL)
        assert emission.growth_multiplier_go(growth)[i] == emission.growth_multiplier_go(growth[i])
