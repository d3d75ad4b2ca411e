r"""Value against theory: the present value of use that grows, the take that a payment leaves to holders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from model.formulas import fees, valuation

QUIV = 1_000_000_000
NONE = np.float64(0.0)
SHARE = st.floats(0.0, 1.0)


@settings(max_examples=100, derandomize=True, deadline=None)
@given(
    rate=st.floats(0.0, 5.0), discount=st.floats(0.05, 2.0), multiple=st.floats(1.0, 50.0), reached=st.floats(0.02, 1.0)
)
def test_growth_is_the_present_value_of_use_over_that_of_todays(
    rate: float, discount: float, multiple: float, reached: float
) -> None:
    """Of a level that goes to its limit at a constant rate, by numerical integration over discounted time."""
    level = multiple * reached

    def use(u: float) -> float:
        """Use when $e^{-rho t}$ = u, for the integral of rho e^{-rho t} a(t) dt is that of a over u."""
        return multiple - (multiple - level) * u ** (rate / discount)

    worth = quad(use, 0.0, 1.0)[0] / level
    terms = (np.float64(x) for x in (rate, discount, multiple, level))
    assert valuation.growth(*terms) == pytest.approx(worth, rel=1e-6)


def test_growth_by_hand() -> None:
    """Use that quadruples at rate 1 under a discount of 0.2: (4 + 0.2) / 1.2; at the limit, or without growth, one."""
    four = np.float64(4.0)
    assert valuation.growth(np.float64(1.0), np.float64(0.2), four, np.float64(1.0)) == pytest.approx(3.5)
    assert valuation.growth(np.float64(1.0), np.float64(0.2), four, four) == pytest.approx(1.0)
    assert valuation.growth(NONE, np.float64(0.2), four, np.float64(1.0)) == 1.0


def worth(take: float, years: float = 200.0, grown: float = 1.0, quiv: float = 1e9, news: float = 0.0) -> float:
    return float(valuation.value(*(np.float64(x) for x in (take, years, grown, quiv, news))))


def test_value_is_years_of_the_take_over_all_tokens() -> None:
    """1,000 USD a day for 200 years over a billion tokens are 7.3 cents; everything in proportion."""
    assert worth(1_000.0) == pytest.approx(0.073)
    assert worth(3_000.0) == pytest.approx(0.219)
    assert worth(1_000.0, years=100.0, grown=2.0) == pytest.approx(0.073)
    assert worth(1_000.0, quiv=5e8) == pytest.approx(0.146)
    assert worth(1_000.0, news=np.log(0.5)) == pytest.approx(0.0365)


def test_a_token_of_no_use_is_worth_next_to_nothing_and_has_a_logarithm() -> None:
    assert worth(0.0) == worth(0.0, news=5.0) == valuation.LEAST_USD
    for news in (-1e6, 1e6):
        assert np.isfinite(np.log(worth(1e12, 1e5, 1e3, 1e6, news)))


def test_one_value_or_many() -> None:
    """The same of each alone, `()`, as of all together, `(n,)`."""
    take = np.array([0.0, 1_000.0, 2_000.0])
    many = valuation.value(take, np.float64(200.0), np.float64(1.0), np.full(3, 1e9), np.zeros(3))
    assert many.tolist() == [worth(t) for t in take]


@settings(max_examples=200, derandomize=True, deadline=None)
@given(
    network=SHARE, treasury=SHARE, base=SHARE, burn=SHARE, stakers=SHARE, validator=SHARE, weight=SHARE,
    paid=st.integers(QUIV, 10**17),
)  # fmt: skip
def test_the_take_of_a_payment_is_what_its_receipt_leaves_to_holders(
    network: float,
    treasury: float,
    base: float,
    burn: float,
    stakers: float,
    validator: float,
    weight: float,
    paid: int,
) -> None:
    """Burned, paid to stakers, and by a weight what treasury and operations keep, up to rounding."""
    whole = max(network + treasury + base, 1.0)
    network, treasury, base = network / whole, treasury / whole, base / whole
    of_fee = max(burn + stakers, 1.0)
    burn, stakers = burn / of_fee, stakers / of_fee
    parts = fees.split(
        np.int64(paid),
        network_rate=np.float64(network),
        treasury_rate=np.float64(treasury),
        burn_share=np.float64(burn),
        validator_rate=np.float64(validator),
        stakers_share=np.float64(stakers),
        network_treasury_share=NONE,
        referral_rate=NONE,
        base_burn_rate=np.float64(base),
    )
    left = parts["burn"] + parts["stakers"] + weight * (parts["network_kept"] + parts["treasury"])
    rates = (np.float64(x) for x in (network, treasury, base, burn, stakers, validator, weight))
    assert float(valuation.take_rate(*rates)) == pytest.approx(float(left) / paid, abs=1e-8)
