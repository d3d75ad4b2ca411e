"""Governance: voting power in both readings, thresholds, and the exact point at which a vote is captured."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.engines import device
from model import exact
from model.formulas import governance
from model.parameters import REGISTRY

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
MILLION = 10**15


def test_voting_power_known_answers() -> None:
    liquid, staked = np.array([10, 0, 10]), np.array([0, 10, 10])
    np.testing.assert_array_equal(governance.voting_power(liquid, staked), [10, 15, 25])
    np.testing.assert_array_equal(governance.voting_power(liquid, staked, 2.0), [10, 20, 30])
    np.testing.assert_array_equal(governance.voting_power_go(liquid, staked, 2), [20, 20, 40])


def test_one_staked_token_multiplies_a_liquid_balance_only_in_the_spec_code() -> None:
    liquid, staked = np.int64(1_000_000), np.int64(1)
    assert governance.voting_power_go(liquid, staked, 2) == 2_000_002
    assert governance.voting_power(liquid, staked) == 1_000_001


def test_splitting_a_holder_changes_nothing() -> None:
    pieces = governance.voting_power(np.full(25, 4_000), np.full(25, 10_000))
    assert np.sum(pieces) == governance.voting_power(np.int64(100_000), np.int64(250_000))


def test_the_votes_of_the_whole_supply_and_of_a_loan_of_it_fit() -> None:
    supply, most = np.int64(10**18), governance.MOST_WEIGHT
    assert REGISTRY["governance.staked_weight"].high == REGISTRY["governance.long_staked_weight"].high == most
    assert REGISTRY["governance.tier_weight"].high * REGISTRY["governance.time_weight"].high == most
    for votes in (
        governance.voting_power_go(np.int64(0), supply, most),
        governance.voting_power(0 * supply, supply, 8.0),
    ):
        assert int(votes) + int(supply) == 9 * 10**18 < 2**63


VOTES = st.one_of(st.integers(0, 9 * 10**18), st.integers(0, 1000), st.sampled_from([0, 1, 10**9, 32 * 10**15]))
PARTS = st.one_of(st.integers(1, 10**9), st.sampled_from([5 * 10**8, 55 * 10**7, 8 * 10**8, 10**9, 666_666_667]))


@MANY
@given(votes=st.lists(st.tuples(VOTES, VOTES, PARTS), min_size=1, max_size=4), near=st.integers(-2, 2))
def test_a_vote_is_decided_as_by_whole_numbers_of_any_size(votes: list[tuple[int, int, int]], near: int) -> None:
    """Also next to the point at which it turns, for several votes at once."""
    votes += [(min(max(a * p // max(10**9 - p, 1) + near, 0), 9 * 10**18), a, p) for _, a, p in votes]
    for_votes, against, parts = (np.array(column, dtype=np.int64) for column in zip(*votes, strict=True))
    found = governance.passes(for_votes, against, parts / 1e9)
    for (f, a, p), carried in zip(votes, found, strict=True):
        most, least = f * 10**9, (f + a) * p
        assert bool(carried) is ((f + a > 0) and (most > least or (most == least and p != 5 * 10**8))), (f, a, p)


@MANY
@given(voted=VOTES, whole=VOTES, parts=st.integers(0, 10**9), near=st.integers(-2, 2))
def test_a_quorum_is_reached_as_by_whole_numbers(voted: int, whole: int, parts: int, near: int) -> None:
    for part in (voted, max(whole * parts // 10**9 + near, 0)):
        found = governance.reaches(np.int64(part), np.int64(whole), parts / 1e9)
        assert bool(found) is (part * 10**9 >= whole * parts)


@MANY
@given(staked=st.integers(0, 10**18), parts=st.integers(0, 8 * 10**9))
def test_a_weight_is_exact_and_rounded_down(staked: int, parts: int) -> None:
    assert int(governance.voting_power(np.int64(5), np.int64(staked), parts / 1e9)) == 5 + staked * parts // 10**9


def test_a_compiled_vote_is_decided_alike() -> None:
    jax = pytest.importorskip("jax")
    rng = np.random.default_rng(1)
    against, parts = rng.integers(0, 10**18, 500), rng.integers(1, 10**9, 500)
    for_votes = [int(a) * int(p) // (10**9 - int(p)) for a, p in zip(against, parts, strict=True)]
    small = np.array([f < 9 * 10**18 for f in for_votes])
    favour = np.array([f for f in for_votes if f < 9 * 10**18])[:, None] + np.arange(-1, 2)
    asked = (favour, against[small][:, None], parts[small][:, None] / 1e9)
    with device.ready():
        ours = np.asarray(jax.jit(governance.passes)(*asked))
    np.testing.assert_array_equal(ours, governance.passes(*asked))
    assert 0 < ours.sum() < ours.size


@pytest.mark.parametrize(
    ("for_votes", "against", "threshold", "carried"),
    [
        (50, 50, 0.5, False),
        (51, 49, 0.5, True),
        (60, 40, 0.6, True),
        (128 * 10**15, 32 * 10**15, 0.8, True),
        (128 * 10**15, 32 * 10**15 + 1, 0.8, False),
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
@given(balance=st.integers(0, 10**15), staked=st.integers(0, 10**15), multiplier=st.integers(0, 8))
def test_go_power_equals_the_oracle(balance: int, staked: int, multiplier: int) -> None:
    power = governance.voting_power_go(np.int64(balance), np.int64(staked), multiplier)
    assert int(power) == exact.calculate_voting_power(balance, staked, multiplier)


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
