"""Fees: the controller in closed form, and receipts against the integer oracle."""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import exact
from model.arrays import Array
from model.formulas import fees

MANY = settings(max_examples=1000, derandomize=True, deadline=None)
QUIV = 10**9
STEPS = {"high": 0.8, "low": 0.3, "up": 1.1, "down": 0.95}

RATES = (
    "network_rate",
    "treasury_rate",
    "burn_share",
    "validator_rate",
    "stakers_share",
    "network_treasury_share",
    "referral_rate",
    "base_burn_rate",
)
SPLITS = {
    "80_15_5": (
        {"network_rate": 0.15, "treasury_rate": 0.05, "burn_share": 0.5, "validator_rate": 0.005},
        {"provider": 80, "treasury": 5, "burn": 7.5, "validators": 0.5, "network_kept": 7},
    ),
    "2_3_05": (
        {"network_rate": 0.025, "treasury_rate": 0.03, "burn_share": 0.8, "validator_rate": 0.005},
        {"provider": 94.5, "treasury": 3, "burn": 2, "validators": 0.5},
    ),
    "root_95": (
        {"network_rate": 0.05, "burn_share": 0.5, "stakers_share": 0.3, "network_treasury_share": 0.15},
        {"provider": 95, "burn": 2.5, "stakers": 1.5, "treasury": 0.75, "network_kept": 0.25},
    ),
    "root_95_and_base_fee": (
        {
            "network_rate": 0.05,
            "treasury_rate": 0.002,
            "burn_share": 0.5,
            "stakers_share": 0.3,
            "network_treasury_share": 0.15,
            "referral_rate": 0.002,
            "base_burn_rate": 0.001,
        },
        {"provider": 94.5, "burn": 2.6, "stakers": 1.5, "treasury": 0.95, "network_kept": 0.25, "referral": 0.2},
    ),
}


def split(payment: object, rates: dict[str, float]) -> dict[str, Array]:
    return fees.split(payment, **{name: rates.get(name, 0.0) for name in RATES})


@pytest.mark.parametrize("name", SPLITS)
def test_split_of_a_hundred(name: str) -> None:
    rates, expected = SPLITS[name]
    parts = {key: int(value) for key, value in split(np.int64(100 * QUIV), rates).items()}
    assert parts == {key: int(expected.get(key, 0) * QUIV) for key in parts}
    assert sum(parts.values()) == 100 * QUIV


def test_the_remainder_goes_to_the_provider() -> None:
    parts = split(np.array([0, 1, 19, 20]), SPLITS["80_15_5"][0])
    np.testing.assert_array_equal(parts["provider"], [0, 1, 17, 16])


def test_no_part_is_negative_when_rates_are_too_large() -> None:
    parts = split(np.int64(10), dict.fromkeys(RATES, 0.9))
    assert all(part >= 0 for part in parts.values())
    assert sum(parts.values()) == 10


def _simplex(size: int) -> st.SearchStrategy[list[int]]:
    """Rates in parts of 1e9 that sum to at most one."""
    cuts = st.lists(st.integers(0, 10**9), min_size=size, max_size=size).map(sorted)
    return cuts.map(lambda c: [b - a for a, b in zip([0, *c[:-1]], c, strict=True)])


@MANY
@given(payment=st.integers(0, 10**18), of_payment=_simplex(4), of_network=_simplex(3), validator=st.integers(0, 10**8))
def test_receipts_equal_the_oracle(payment: int, of_payment: list[int], of_network: list[int], validator: int) -> None:
    network, treasury, referral, base_burn = (Fraction(x, 10**9) for x in of_payment)
    burn, stakers, second = (Fraction(x, 10**9) for x in of_network)
    outer = exact.split_receipt(
        payment, {"network": network, "treasury": treasury, "referral": referral, "burn": base_burn}
    )
    inner = exact.split_receipt(outer["network"], {"burn": burn, "stakers": stakers, "treasury": second})
    work = exact.split_receipt(payment, {"validators": Fraction(validator, 10**9)})["validators"]
    validators = min(work, inner["provider"])
    rates = [network, treasury, burn, Fraction(validator, 10**9), stakers, second, referral, base_burn]
    given = {name: float(rate) for name, rate in zip(RATES, rates, strict=True)}
    parts = {key: int(x) for key, x in fees.split(np.int64(payment), **given).items()}
    assert sum(parts.values()) == payment
    assert parts == {
        "provider": outer["provider"],
        "network_kept": inner["provider"] - validators,
        "treasury": outer["treasury"] + inner["treasury"],
        "burn": outer["burn"] + inner["burn"],
        "validators": validators,
        "stakers": inner["stakers"],
        "referral": outer["referral"],
    }


def step(multiplier: float, congestion: float, floor: float = 0.0, cap: float = math.inf) -> float:
    return float(fees.adjust_multiplier(np.float64(multiplier), np.float64(congestion), **STEPS, floor=floor, cap=cap))


def test_controller_known_answers() -> None:
    assert step(1.0, 0.9) == 1.1
    assert step(1.0, 0.1) == 0.95
    assert step(1.0, 0.8) == step(1.0, 0.3) == step(1.0, 0.5) == step(1.0, math.nan) == 1.0
    assert step(3.9, 0.9, 0.25, 4.0) == 4.0
    assert step(0.26, 0.1, 0.25, 4.0) == 0.25


@pytest.mark.parametrize(("start", "steps", "fee", "end"), [(0.95, 2, 1.21, 0.7851), (0.20, 8, 0.6634, 0.3015)])
def test_controller_settles_in_the_dead_zone(start: float, steps: int, fee: float, end: float) -> None:
    multiplier, moves = 1.0, 0
    for _ in range(100):
        moved = step(multiplier, start / multiplier)
        moves += moved != multiplier
        multiplier = moved
    assert moves == steps
    assert multiplier == pytest.approx(fee, abs=5e-5)
    assert start / multiplier == pytest.approx(end, abs=5e-5)


def test_controller_drift_under_symmetric_congestion() -> None:
    up, down = math.log(step(1.0, 1.0)), -math.log(step(1.0, 0.0))
    assert down / up == pytest.approx(0.538172, abs=1e-6)
    assert math.exp(365 * 0.1 * (up - down)) == pytest.approx(4.99, abs=0.005)


@MANY
@given(fee=st.decimals("0.001", "1000", places=9), congestion=st.floats(0.0, 2.0) | st.sampled_from([0.3, 0.8]))
def test_controller_equals_the_oracle(fee: Decimal, congestion: float) -> None:
    assert step(float(fee), congestion) == pytest.approx(float(exact.adjust_network_fees(fee, congestion)), rel=1e-15)


def test_batch_equals_single_calls() -> None:
    rng = np.random.default_rng(2)
    payments = rng.integers(0, 10**17, (7, 3))
    multipliers, congestion = rng.uniform(0.2, 4.0, 7), rng.uniform(0.0, 1.2, 7)
    rates = {name: rng.uniform(0.0, 0.2, 7) for name in RATES}
    batch = fees.split(payments, **{name: rate[:, None] for name, rate in rates.items()})
    moved = fees.adjust_multiplier(multipliers, congestion, **STEPS, floor=0.25, cap=4.0)
    for i in range(7):
        single = fees.split(payments[i], **{name: rate[i] for name, rate in rates.items()})
        for name, part in single.items():
            np.testing.assert_array_equal(batch[name][i], part)
        assert moved[i] == step(multipliers[i], congestion[i], 0.25, 4.0)
