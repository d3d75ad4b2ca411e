"""The integer oracle: Go's truncation and division, receipts, fees and units."""

from __future__ import annotations

import math
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import exact

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
WEI = exact.WEI_PER_QUIV
TRUNCATED = [(0.29, 28), (0.57, 56), (0.58, 57), (1.13, 112), (1.14, 113), (1.15, 114), (1.16, 115)]


@pytest.mark.parametrize(("x", "hundredths"), TRUNCATED)
def test_go_truncates_the_rounded_product(x: float, hundredths: int) -> None:
    assert exact.calculate_price(100, x, 1.0) == hundredths
    assert exact.calculate_price(hundredths * 7, 1.0, x) == 700
    assert exact.calculate_emission_rate(100, x) == hundredths


def test_price_known_answers() -> None:
    assert exact.calculate_price(10**15, 1.0, 1.0) == 10**15
    assert exact.calculate_price(10**15, 2.0, 0.8) == 2_500_000_000_000_000
    assert exact.calculate_price(10**15, 1.0, 3.0) == 333_333_333_333_333
    assert exact.calculate_price(10**15, 0.009, 1.0) == 0
    assert exact.calculate_price(1, 0.5, 1.0) == 0


def test_price_divides_like_big_int_div() -> None:
    assert exact.calculate_price(1, -0.5, 1.0) == -1
    assert exact.calculate_price(1, 0.5, -1.0) == 0
    assert exact.calculate_price(1, -0.5, -1.0) == 1
    assert exact.calculate_price(1, -1.5, 1.0) == -2


@pytest.mark.parametrize("supply", [0.0, -0.0, 0.009, -0.009, 5e-324])
def test_supply_that_truncates_to_zero_panics(supply: float) -> None:
    with pytest.raises(exact.GoDivisionError, match=r"supply .* truncates to 0"):
        exact.calculate_price(1, 1.0, supply)


@pytest.mark.parametrize("x", [math.nan, math.inf, -math.inf, 9.3e16, -9.3e16, 1e308])
def test_conversions_beyond_int64_panic(x: float) -> None:
    with pytest.raises(exact.GoConversionError, match="demand"):
        exact.calculate_price(1, x, 1.0)
    with pytest.raises(exact.GoConversionError, match="supply"):
        exact.calculate_price(1, 1.0, x)
    with pytest.raises(exact.GoConversionError, match="demand"):
        exact.calculate_price(1, -(10**400), 1.0)
    assert issubclass(exact.GoConversionError, exact.GoPanic)
    assert issubclass(exact.GoPanic, ArithmeticError)


def test_the_whole_of_int64_converts() -> None:
    assert exact.calculate_price(1, 9.2e16, 0.01) == 9_200_000_000_000_000_000


def test_voting_power_known_answers() -> None:
    assert exact.calculate_voting_power(10**6 * WEI, WEI, 2) == 2 * (10**6 + 1) * WEI
    assert exact.calculate_voting_power(5, 7, 0) == 0
    with pytest.raises(TypeError, match="multiplier"):
        exact.calculate_voting_power(1, 1, 1.5)  # type: ignore[arg-type]


def test_emission_known_answers() -> None:
    year = 70_000_000 * WEI
    assert exact.calculate_emission_rate(year, 1.0) == year
    assert exact.calculate_emission_rate(year, 5.0) == 2 * year
    assert exact.calculate_emission_rate(year, math.inf) == 2 * year
    assert exact.calculate_emission_rate(year, 0.1) == year // 10
    assert exact.calculate_emission_rate(year, -0.0) == 0
    assert exact.calculate_emission_rate(year, -0.5) == -year // 2
    assert exact.calculate_emission_rate(7, 1.15) == 7


@pytest.mark.parametrize("growth", [math.nan, -math.inf, -1e17])
def test_emission_panics(growth: float) -> None:
    with pytest.raises(exact.GoConversionError, match="network_growth"):
        exact.calculate_emission_rate(1, growth)


def test_go_min() -> None:
    assert math.isnan(exact.go_min(math.nan, 2.0))
    assert math.isnan(exact.go_min(2.0, math.nan))
    assert exact.go_min(-math.inf, math.nan) == -math.inf
    assert exact.go_min(math.inf, 2.0) == 2.0
    assert math.copysign(1.0, exact.go_min(0.0, -0.0)) == -1.0
    assert math.copysign(1.0, exact.go_min(-0.0, 0.0)) == -1.0


@pytest.mark.parametrize("kind", [Decimal, Fraction])
def test_fee_steps(kind: Any) -> None:
    fee = kind("0.2")
    assert exact.adjust_network_fees(fee, 0.81) == kind("0.22")
    assert exact.adjust_network_fees(fee, 0.29) == kind("0.19")
    for unchanged in (0.8, 0.3, 0.5, math.nan):
        assert exact.adjust_network_fees(fee, unchanged) == fee
    assert type(exact.adjust_network_fees(fee, 1.0)) is kind


def _steps_until(fee: Fraction, congestion: float, bound: Fraction) -> int:
    steps = 0
    while (fee < bound) if congestion > 0.8 else (fee > bound):
        fee, steps = exact.adjust_network_fees(fee, congestion), steps + 1
    return steps


def test_fee_steps_to_the_extremes() -> None:
    assert _steps_until(Fraction(2, 100), 0.9, Fraction(1)) == 42
    assert _steps_until(Fraction(20, 100), 0.9, Fraction(1)) == 17
    assert _steps_until(Fraction(1), 0.1, Fraction(1, 100)) == 90


def test_decimal_fees_are_never_rounded() -> None:
    fee, reference = Decimal("0.123456789012345678"), Fraction("0.123456789012345678")
    with localcontext() as context:
        context.prec = 5
        for _ in range(50):
            fee, reference = exact.adjust_network_fees(fee, 1.0), exact.adjust_network_fees(reference, 1.0)
    assert Fraction(fee) == reference


def test_fee_refusals() -> None:
    with pytest.raises(TypeError, match="fee must be"):
        exact.adjust_network_fees(0.2, 0.9)  # type: ignore[type-var]
    with pytest.raises(ValueError, match="finite"):
        exact.adjust_network_fees(Decimal("NaN"), 0.9)


def test_receipt_known_answer() -> None:
    parts = exact.split_receipt(100 * WEI, {"network": "0.075", "treasury": Decimal("0.05"), "burn": Fraction(3, 40)})
    assert parts == {"network": 15 * WEI // 2, "treasury": 5 * WEI, "burn": 15 * WEI // 2, "provider": 80 * WEI}
    assert list(parts)[-1] == "provider"
    assert exact.split_receipt(10, {"a": "1/3", "b": "1/3"}) == {"a": 3, "b": 3, "provider": 4}
    assert exact.split_receipt(5, {}) == {"provider": 5}
    assert exact.split_receipt(5, {"all": 1}) == {"all": 5, "provider": 0}


UNSPLITTABLE: list[tuple[int, Any]] = [
    (1, {"a": "0.6", "b": "0.5"}),
    (1, {"a": "-0.1"}),
    (1, {"provider": "0.1"}),
    (1, {"a": "many"}),
    (1, {"a": Decimal("NaN")}),
    (1, {"a": "1/0"}),
    (-1, {"a": "0.1"}),
]


@pytest.mark.parametrize(("payment", "shares"), UNSPLITTABLE)
def test_receipt_refusals(payment: int, shares: Any) -> None:
    with pytest.raises(exact.ReceiptError):
        exact.split_receipt(payment, shares)


@pytest.mark.parametrize("value", [1.0, True, "1"])
def test_receipt_refuses_what_is_no_amount(value: Any) -> None:
    with pytest.raises(TypeError, match="payment"):
        exact.split_receipt(value, {})
    if value != "1":
        with pytest.raises(TypeError, match="share 'a'"):
            exact.split_receipt(1, {"a": value})


@MANY
@given(
    payment=st.integers(0, 10**30),
    weights=st.lists(st.integers(0, 10**9), min_size=1, max_size=8),
    slack=st.integers(1, 10**9),
)
def test_receipts_sum_to_the_payment(payment: int, weights: list[int], slack: int) -> None:
    whole = sum(weights) + slack
    shares = {f"part{i}": Fraction(weight, whole) for i, weight in enumerate(weights)}
    parts = exact.split_receipt(payment, shares)
    assert sum(parts.values()) == payment
    assert all(0 <= shares[name] * payment - parts[name] < 1 for name in shares)
    assert parts["provider"] >= 0


def test_units_known_answers() -> None:
    assert exact.to_wei("1.5") == exact.to_wei(Decimal("1.5")) == 1_500_000_000_000_000_000
    assert exact.to_wei(1_000_000_000) == 10**27
    assert exact.to_wei("0.000000000000000001") == 1
    assert exact.to_wei("-2") == -2 * WEI
    assert str(exact.from_wei(10**27 + 1)) == "1000000000.000000000000000001"
    assert exact.from_wei(-1) == Decimal("-1e-18")
    assert exact.nquiv_to_wei(3) == 3 * 10**9
    assert exact.wei_to_nquiv(3 * 10**9 + 999_999_999) == 3
    assert exact.wei_to_nquiv(-1) == -1


@pytest.mark.parametrize("text", ["", "abc", "NaN", "Infinity", "1e-19", "0.0000000000000000001"])
def test_units_refuse_what_is_not_exact(text: str) -> None:
    with pytest.raises(ValueError, match="quiv"):
        exact.to_wei(text)


@pytest.mark.parametrize("value", [1.0, True])
def test_units_refuse_floats(value: Any) -> None:
    for call in (exact.to_wei, exact.from_wei, exact.nquiv_to_wei, exact.wei_to_nquiv):
        with pytest.raises(TypeError, match="must be"):
            call(value)
    with pytest.raises(TypeError, match="base_rate"):
        exact.calculate_price(value, 1.0, 1.0)


def test_demand_is_a_float() -> None:
    with pytest.raises(TypeError, match="demand"):
        exact.calculate_price(1, "1", 1.0)  # type: ignore[arg-type]


@MANY
@given(wei=st.integers(-(10**40), 10**40))
def test_wei_round_trip(wei: int) -> None:
    assert exact.to_wei(exact.from_wei(wei)) == wei
    assert exact.to_wei(str(exact.from_wei(wei))) == wei


@MANY
@given(dividend=st.integers(), divisor=st.integers().filter(bool))
def test_euclidean_division(dividend: int, divisor: int) -> None:
    remainder = dividend - exact.div_euclid(dividend, divisor) * divisor
    assert 0 <= remainder < abs(divisor)


def test_euclidean_division_by_zero() -> None:
    with pytest.raises(exact.GoDivisionError):
        exact.div_euclid(1, 0)
