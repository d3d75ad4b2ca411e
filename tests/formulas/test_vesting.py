"""Vesting: both readings of a cliff, the whitepaper's circulating supply, exactness without overflow."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.arrays import Array
from model.formulas import emission, vesting

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
MILLION = 10**15
HALF_YEAR = 182
# team, investors, public, ecosystem, liquidity
TOTAL = np.array([150, 100, 100, 50, 50], dtype=np.int64) * MILLION
TGE = np.array([0, 0, 25, 0, 50], dtype=np.int64) * MILLION
CLIFF = np.array([365, HALF_YEAR, 0, 0, 0], dtype=np.int64)
PERIOD = np.array([4 * 365, 3 * 365, 365, 5 * 365, 0], dtype=np.int64)
YEARLY = (np.array([70, 52.5, 35, 35, 21, 21, 21, 21, 21, 21]) * MILLION).astype(np.int64)


def circulating(day: int, reading: Callable[..., Array]) -> float:
    emitted = emission.scheduled_cumulative(day, YEARLY, np.int64(10.5 * MILLION), 4, np.int64(350 * MILLION))
    released = reading(TOTAL, TGE, CLIFF, PERIOD, day)
    return float(emitted + np.sum(released)) / MILLION


@pytest.mark.parametrize(
    ("year", "millions"), [(0, 75), (1, 300 + 5 / 6), (2, 434 + 1 / 6), (3, 550), (4, 632.5), (5, 663.5)]
)
def test_circulating_accrue_at_cliff(year: int, millions: float) -> None:
    assert circulating(365 * year, vesting.vested) == pytest.approx(millions, abs=1e-8)


@pytest.mark.parametrize(("year", "millions"), [(0, 75), (1, 250), (2, 402.5), (3, 537.5), (4, 632.5), (5, 663.5)])
def test_circulating_linear_after_cliff(year: int, millions: float) -> None:
    half_a_day_of_the_investors = 0.5 * 100 / 913
    assert circulating(365 * year, vesting.vested_after_cliff) == pytest.approx(
        millions, abs=half_a_day_of_the_investors
    )


def test_half_a_year_is_between_day_182_and_183() -> None:
    accrued = [circulating(day, vesting.vested) for day in (182, 183)]
    assert sum(accrued) / 2 == pytest.approx(169 + 1 / 6, abs=1e-8)
    after = [circulating(day, vesting.vested_after_cliff) for day in (182, 183)]
    assert sum(after) / 2 == pytest.approx(152.5, abs=0.06)


def test_cliff_of_a_single_allocation() -> None:
    args = (TOTAL[:1], TGE[:1], CLIFF[:1], PERIOD[:1])
    assert vesting.vested(*args, 364) == 0
    assert vesting.vested(*args, 365) == 37_500 * MILLION // 1000
    assert vesting.vested_after_cliff(*args, 365) == 0
    assert vesting.vested_after_cliff(*args, 365 + 1095 // 3) == 50 * MILLION
    for reading in (vesting.vested, vesting.vested_after_cliff):
        assert reading(*args, 4 * 365) == reading(*args, 10**6) == TOTAL[0]


def test_no_period_releases_all_at_the_cliff() -> None:
    total, none = np.array([7], dtype=np.int64), np.array([0], dtype=np.int64)
    for reading in (vesting.vested, vesting.vested_after_cliff):
        assert reading(total, none, none, none, 0) == 7
        assert reading(total, none, none + 10, none, 9) == 0
        assert reading(total, none, none + 10, none, 10) == 7


@MANY
@given(
    amount=st.integers(0, 10**18),
    tge_share=st.integers(0, 100),
    cliff=st.integers(0, 1000),
    period=st.integers(1, 3650),
    day=st.integers(0, 4000),
)
def test_exact_floor_of_the_rational(amount: int, tge_share: int, cliff: int, period: int, day: int) -> None:
    tge = amount * tge_share // 100
    terms = (np.array([x], dtype=np.int64) for x in (amount, tge, cliff, period))
    total, genesis, wait, span = terms
    accrued = Fraction((amount - tge) * min(day, period), period) if day >= cliff else Fraction(0)
    assert vesting.vested(total, genesis, wait, span, day)[0] == tge + int(accrued)
    gone = Fraction(min(day, period) - cliff, period - cliff) if period > cliff else Fraction(1)
    later = (amount - tge) * gone if day >= cliff else Fraction(0)
    assert vesting.vested_after_cliff(total, genesis, wait, span, day)[0] == tge + int(later)


def test_batch_equals_single_calls() -> None:
    days = np.array([0, 1, 182, 365, 800, 1460, 1825])
    for reading in (vesting.vested, vesting.vested_after_cliff):
        batch = reading(TOTAL, TGE, CLIFF, PERIOD, days)
        assert batch.shape == (7, 5)
        for i, day in enumerate(days):
            np.testing.assert_array_equal(batch[i], reading(TOTAL, TGE, CLIFF, PERIOD, day))
