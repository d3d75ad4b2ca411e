"""Concentration: known distributions, and an independent definition on random holdings."""

from __future__ import annotations

import math
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import erfinv

from model.arrays import Array
from model.formulas import concentration

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
GENESIS = np.array([35, 20, 15, 10, 10, 5, 5], dtype=np.int64) * 10**16
HOLDINGS = st.lists(st.integers(0, 10**9), min_size=1, max_size=40)


def test_genesis_allocation() -> None:
    assert concentration.gini(GENESIS) == pytest.approx(2.5 / 7, abs=1e-9)
    assert concentration.nakamoto(GENESIS) == 2
    assert concentration.herfindahl(GENESIS) == pytest.approx(0.21, abs=1e-9)


@pytest.mark.parametrize("holders", [1, 2, 7, 10, 101])
def test_equal_holders(holders: int) -> None:
    equal = np.full(holders, 12_345.0)
    assert concentration.gini(equal) == pytest.approx(0.0, abs=1e-12)
    assert concentration.nakamoto(equal) == holders // 2 + 1
    assert concentration.herfindahl(equal) == pytest.approx(1 / holders, abs=1e-12)


@pytest.mark.parametrize("holders", [1, 2, 7, 100])
def test_one_holder_owns_all(holders: int) -> None:
    x = np.zeros(holders)
    x[holders // 2] = 3.0
    assert concentration.gini(x) == pytest.approx(1 - 1 / holders, abs=1e-12)
    assert concentration.nakamoto(x) == 1
    assert concentration.herfindahl(x) == 1.0


def test_nobody_holds_anything() -> None:
    assert concentration.gini(np.zeros(5)) == 0.0
    assert concentration.nakamoto(np.zeros(5)) == 0
    assert concentration.herfindahl(np.zeros(5)) == 0.0


def _quantiles(n: int = 400_000) -> Array:
    return (np.arange(n) + 0.5) / n


def test_gini_of_known_distributions() -> None:
    u = _quantiles()
    assert concentration.gini(u) == pytest.approx(1 / 3, rel=1e-4)
    assert concentration.gini(-np.log1p(-u)) == pytest.approx(1 / 2, rel=1e-4)
    for shape in (2.0, 3.0):
        assert concentration.gini((1 - u) ** (-1 / shape)) == pytest.approx(1 / (2 * shape - 1), rel=1e-2)
    normal = np.sqrt(2) * erfinv(2 * u - 1)
    for sigma in (1.0, 2.0):
        assert concentration.gini(np.exp(sigma * normal)) == pytest.approx(math.erf(sigma / 2), rel=1e-2)


def test_nakamoto_thresholds() -> None:
    x = np.array([1.0, 2.0, 3.0, 4.0])
    assert [int(concentration.nakamoto(x, t)) for t in (0.0, 0.39, 0.4, 0.7, 0.9, 0.95)] == [1, 1, 2, 3, 4, 4]


@MANY
@given(HOLDINGS)
def test_definitions(values: list[int]) -> None:
    x, total = np.array(values, dtype=np.int64), sum(values)
    if total == 0:
        return
    pairs = sum(abs(a - b) for a in values for b in values)
    assert concentration.gini(x) == pytest.approx(pairs / (2 * len(values) * total), abs=1e-12)
    running = accumulate(sorted(values, reverse=True))
    assert concentration.nakamoto(x) == next(k for k, held in enumerate(running, 1) if 2 * held > total)
    assert concentration.herfindahl(x) == pytest.approx(sum(v * v for v in values) / total**2, rel=1e-12)


@MANY
@given(HOLDINGS, st.integers(1, 10**6))
def test_scale_and_order_do_not_matter(values: list[int], factor: int) -> None:
    x = np.array(values, dtype=np.float64)
    for measure in (concentration.gini, concentration.nakamoto, concentration.herfindahl):
        assert measure(x[::-1] * factor) == pytest.approx(float(measure(x)), abs=1e-12)


def test_batch_equals_single_calls() -> None:
    rng = np.random.default_rng(5)
    x = rng.lognormal(0.0, 2.0, (7, 301))
    x[3] = 0.0
    thresholds = np.linspace(0.1, 0.9, 7)
    counts = concentration.nakamoto(x, thresholds)
    for i in range(7):
        assert concentration.gini(x)[i] == concentration.gini(x[i])
        assert concentration.herfindahl(x)[i] == concentration.herfindahl(x[i])
        assert counts[i] == concentration.nakamoto(x[i], thresholds[i])
