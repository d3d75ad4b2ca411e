"""Staking: tiers at their edges, yields, and the equilibrium share of a logit choice."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from model.formulas import staking

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
QUIV = 10**9
MINIMUMS = np.array([10_000, 50_000, 250_000, 1_000_000], dtype=np.int64) * QUIV


def test_tier_edges() -> None:
    stakes = np.concatenate([np.array([0]), MINIMUMS - 1, MINIMUMS, np.array([10**18])])
    tiers = staking.tier(stakes, MINIMUMS)
    np.testing.assert_array_equal(tiers, [0, 0, 1, 2, 3, 1, 2, 3, 4, 4])
    assert tiers.dtype == np.int64
    assert staking.tier(np.int64(60_000 * QUIV), MINIMUMS) == 2


@pytest.mark.parametrize(("apr", "apy"), [(0.08, 0.08328), (0.10, 0.10516), (0.12, 0.12747), (0.15, 0.16180)])
def test_daily_compounding(apr: float, apy: float) -> None:
    assert staking.apy(np.float64(apr)) == pytest.approx(apy, abs=5e-6)
    assert staking.apy(np.float64(apr), 1) == pytest.approx(apr, abs=1e-15)


def test_apr() -> None:
    np.testing.assert_array_equal(
        staking.apr(np.array([21.0, 21.0, 0.0, 5.0]), np.array([210, 0, 10, -1])), [0.1, 0.0, 0.0, 0.0]
    )


def test_class_pools_pay_alike_at_25_of_95() -> None:
    stake = np.array([70.0, 25.0])
    direct, delegated = staking.apr(np.array([0.70, 0.25]) * 21.0, stake)
    assert direct == pytest.approx(delegated, rel=1e-15)
    assert stake[1] / np.sum(stake) == pytest.approx(0.2632, abs=5e-5)


@pytest.mark.parametrize(("sensitivity", "share"), [(20.0, 0.4187), (50.0, 0.3859), (200.0, 0.3603), (1e5, 0.35)])
def test_equilibrium_share(sensitivity: float, share: float) -> None:
    def gap(s: float) -> float:
        return float(staking.logit_share(staking.apr(np.float64(0.035), np.float64(s)), 0.10, sensitivity)) - s

    assert brentq(gap, 1e-6, 1.0) == pytest.approx(share, abs=1e-4)


def test_logit_is_safe_at_the_extremes() -> None:
    with np.errstate(all="raise", under="ignore"):
        shares = staking.logit_share(np.array([-1e6, 0.1, 1e6]), 0.1, 1e6)
    np.testing.assert_array_equal(shares, [0.0, 0.5, 1.0])


@MANY
@given(a=st.floats(-5.0, 5.0), b=st.floats(-5.0, 5.0), sensitivity=st.floats(0.0, 1e4))
def test_logit_rises_with_the_yield_and_is_symmetric(a: float, b: float, sensitivity: float) -> None:
    low, high = staking.logit_share(np.array([min(a, b), max(a, b)]), 0.0, sensitivity)
    assert 0.0 <= low <= high <= 1.0
    mirrored = staking.logit_share(np.float64(-a), 0.0, sensitivity)
    assert mirrored + staking.logit_share(np.float64(a), 0.0, sensitivity) == pytest.approx(1.0, abs=1e-15)


def test_batch_equals_single_calls() -> None:
    rng = np.random.default_rng(4)
    stakes = rng.integers(0, 2 * 10**15, (7, 4))
    minimums = MINIMUMS + np.arange(7, dtype=np.int64)[:, None]
    yields, required = rng.uniform(0.0, 0.3, 7), rng.uniform(0.05, 0.2, 7)
    shared, swept = staking.tier(stakes, MINIMUMS), staking.tier(stakes, minimums)
    shares = staking.logit_share(yields, required, 50.0)
    rates = staking.apr(yields * 1e15, stakes[:, 0])
    for i in range(7):
        np.testing.assert_array_equal(shared[i], staking.tier(stakes[i], MINIMUMS))
        np.testing.assert_array_equal(swept[i], staking.tier(stakes[i], minimums[i]))
        assert shares[i] == staking.logit_share(yields[i], required[i], 50.0)
        assert rates[i] == staking.apr(yields[i] * 1e15, stakes[i, 0])
        assert staking.apy(yields)[i] == staking.apy(yields[i])
