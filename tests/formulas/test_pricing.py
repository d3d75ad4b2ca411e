"""Pricing: known prices, the guards, and Go's truncation against the integer oracle."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from model import exact
from model.formulas import pricing

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
RATES = np.array([0.001, 0.003, 0.010])


def test_price_is_the_ratio() -> None:
    price = pricing.inference_price(RATES, np.float64(2.0), np.float64(0.8), 1e-18)
    np.testing.assert_allclose(price, [0.0025, 0.0075, 0.025], rtol=1e-15)


def test_price_is_guarded() -> None:
    assert pricing.inference_price(np.float64(0.001), 1.0, 0.0, 1e-18) == 0.001 / pricing.SUPPLY_EPSILON
    assert pricing.inference_price(np.float64(0.001), 1.0, 0.0, 1e-18, 0.5) == 0.002
    assert pricing.inference_price(np.float64(0.001), 0.0, 1.0, 1e-18) == 1e-18


def test_clamp() -> None:
    np.testing.assert_array_equal(
        pricing.clamp_multiplier(np.array([0.1, 0.8, 1.3, 2.0, 9.0]), 0.8, 2.0), [0.8, 0.8, 1.3, 2.0, 2.0]
    )


@pytest.mark.parametrize(
    ("demand", "hundredths"),
    [(0.29, 28), (0.57, 56), (0.58, 57), (1.13, 112), (1.14, 113), (1.15, 114), (1.16, 115)],
)
def test_go_truncation(demand: float, hundredths: int) -> None:
    assert pricing.inference_price_go(np.float64(1.0), np.float64(demand), np.float64(1.0)) == hundredths / 100.0


def test_go_truncation_costs_at_most_one_hundredth_of_the_multiplier() -> None:
    demand = np.linspace(0.8, 2.0, 10_001)
    one = np.ones_like(demand)
    literal = pricing.inference_price_go(one, demand, one)
    exact_price = pricing.inference_price(one, demand, one, 0.0)
    assert np.all(literal <= exact_price + 1e-15)
    assert np.max(1.0 - literal / exact_price) <= 0.0125


def test_go_panics_are_typed() -> None:
    with pytest.raises(exact.GoDivisionError, match="supply"):
        pricing.inference_price_go(RATES, np.ones(3), np.array([1.0, 0.009, 1.0]))
    for bad in (np.nan, np.inf, -np.inf, 9.3e16):
        with pytest.raises(exact.GoConversionError, match="demand"):
            pricing.inference_price_go(RATES, np.array([1.0, bad, 1.0]), np.ones(3))
        with pytest.raises(exact.GoConversionError, match="supply"):
            pricing.inference_price_go(RATES, np.ones(3), np.array([1.0, bad, 1.0]))


@MANY
@given(base=st.integers(0, 10**19), demand=st.floats(-100.0, 100.0), supply=st.floats(-100.0, 100.0))
def test_go_price_matches_the_oracle_to_one_wei(base: int, demand: float, supply: float) -> None:
    assume(int(supply * 100.0) != 0)
    oracle = exact.calculate_price(base, demand, supply)
    base_quiv = np.float64(base) / 1e18
    price = pricing.inference_price_go(base_quiv, np.float64(demand), np.float64(supply))
    assert abs(Fraction(float(price)) * 10**18 - oracle) <= 1 + abs(oracle) * Fraction(1, 2**50)


def test_batch_equals_single_calls() -> None:
    rng = np.random.default_rng(1)
    demand, supply = rng.uniform(0.5, 3.0, 7), rng.uniform(0.02, 3.0, 7)
    whole = pricing.inference_price(RATES, demand[:, None], supply[:, None], 1e-18)
    literal = pricing.inference_price_go(RATES, demand[:, None], supply[:, None])
    clamped = pricing.clamp_multiplier(demand, 0.8, 2.0)
    for i in range(7):
        np.testing.assert_array_equal(whole[i], pricing.inference_price(RATES, demand[i], supply[i], 1e-18))
        np.testing.assert_array_equal(literal[i], pricing.inference_price_go(RATES, demand[i], supply[i]))
        assert clamped[i] == pricing.clamp_multiplier(demand[i], 0.8, 2.0)
