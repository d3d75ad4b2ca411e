"""Governance: voting power in both readings, thresholds, and the exact point at which a vote is captured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import exact
from model.formulas import governance

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
MILLION = 10**15


def test_voting_power_known_answers() -> None:
    liquid, staked = np.array([10, 0, 10]), np.array([0, 10, 10])
    np.testing.assert_array_equal(governance.voting_power(liquid, staked), [10.0, 15.0, 25.0])
    np.testing.assert_array_equal(governance.voting_power(liquid, staked, 2.0), [10.0, 20.0, 30.0])
    np.testing.assert_array_equal(governance.voting_power_go(liquid, staked, 2), [20.0, 20.0, 40.0])


def test_one_staked_token_multiplies_a_liquid_balance_only_in_the_spec_code() -> None:
    liquid, staked = np.int64(1_000_000), np.int64(1)
    assert governance.voting_power_go(liquid, staked, 2) == 2_000_002
    assert governance.voting_power(liquid, staked) == 1_000_001.5


def test_splitting_a_holder_changes_nothing() -> None:
    pieces = governance.voting_power(np.full(25, 4_000), np.full(25, 10_000))
    assert np.sum(pieces) == governance.voting_power(np.int64(100_000), np.int64(250_000))


def test_unscaled_weights_do_not_overflow() -> None:
    assert governance.voting_power_go(np.int64(10**18), np.int64(0), 150) == 1.5e20


@pytest.mark.parametrize(
    ("for_votes", "against", "threshold", "carried"),
    [
        (50, 50, 0.5, False),
        (51, 49, 0.5, True),
        (60, 40, 0.6, True),
        (59, 41, 0.6, False),
        (55, 45, 0.55, True),
        (75, 25, 0.75, True),
        (80, 20, 0.8, True),
        (1, 0, 1.0, True),
        (0, 0, 0.5, False),
        (0, 0, 0.6, False),
        (1, 0, 0.5, True),
    ],
)
def test_thresholds(for_votes: int, against: int, threshold: float, carried: bool) -> None:
    assert bool(governance.passes(np.int64(for_votes), np.int64(against), threshold)) is carried


@pytest.mark.parametrize(
    ("threshold", "per_honest"), [(0.5, (1, 1)), (0.55, (11, 9)), (0.6, (3, 2)), (0.75, (3, 1)), (0.8, (4, 1))]
)
def test_capture_flips_at_the_closed_form(threshold: float, per_honest: tuple[int, int]) -> None:
    honest = np.int64(45 * MILLION)
    needed = honest * per_honest[0] // per_honest[1]
    step = np.int64(10**6)
    assert not governance.passes(needed - step, honest, threshold)
    assert governance.passes(needed + step, honest, threshold)
    assert bool(governance.passes(needed, honest, threshold)) is (threshold != 0.5)


@MANY
@given(balance=st.integers(0, 10**15), staked=st.integers(0, 10**15), multiplier=st.integers(0, 4))
def test_go_power_equals_the_oracle(balance: int, staked: int, multiplier: int) -> None:
    power = governance.voting_power_go(np.int64(balance), np.int64(staked), multiplier)
    assert int(power) == exact.calculate_voting_power(balance, staked, multiplier)


@MANY
@given(balance=st.integers(0, 10**18), staked=st.integers(0, 10**18), multiplier=st.integers(0, 150))
def test_go_power_of_any_size_is_within_a_rounding(balance: int, staked: int, multiplier: int) -> None:
    power = governance.voting_power_go(np.int64(balance), np.int64(staked), multiplier)
    oracle = exact.calculate_voting_power(balance, staked, multiplier)
    assert abs(int(power) - oracle) <= oracle * 2.0**-51


def test_batch_equals_single_calls() -> None:
    rng = np.random.default_rng(3)
    liquid, staked = rng.integers(0, 10**17, (2, 7, 5))
    thresholds = np.array([0.5, 0.55, 0.6, 0.75, 0.8, 0.5, 0.6])
    power = governance.voting_power(liquid, staked, 1.5)
    literal = governance.voting_power_go(liquid, staked, 3)
    result = governance.passes(power[:, 0], power[:, 1], thresholds)
    for i in range(7):
        np.testing.assert_array_equal(power[i], governance.voting_power(liquid[i], staked[i], 1.5))
        np.testing.assert_array_equal(literal[i], governance.voting_power_go(liquid[i], staked[i], 3))
        assert result[i] == governance.passes(power[i, 0], power[i, 1], thresholds[i])
