r"""Value against theory: the present value of use that grows, the take that a payment leaves to holders."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.formulas import fees, valuation

QUIV = 1_000_000_000
NONE = np.float64(0.0)
SHARE = st.floats(0.0, 1.0)


@settings(max_examples=60, derandomize=True, deadline=None)
@given(
    rate=st.floats(0.0, 20.0), discount=st.floats(0.05, 2.0), multiple=st.floats(1.0, 50.0), first=st.integers(0, 2000)
)
def test_growth_is_the_present_value_of_use_over_that_of_todays(
    rate: float, discount: float, multiple: float, first: int
) -> None:
    """Of a level that goes to its limit at a constant rate: the geometric sums by hand, to the end of the days."""
    days = np.arange(3000)
    use = multiple - (multiple - 1.0) * np.exp(-rate / 365.0 * days)
    keep = np.exp(-discount / 365.0)
    ahead = days[first:] - first
    worth = (1.0 - keep) * (keep**ahead * use[first:]).sum() + keep ** (ahead[-1] + 1) * use[-1]
    found = valuation.growth(use, np.float64(discount / 365.0))
    assert found.shape == (3000,)
    assert found[first] == pytest.approx(worth / use[first], rel=1e-9)


def test_growth_by_hand() -> None:
    """Twice the use from tomorrow on, at half of its worth a day: 1/2 of one and 1/2 of two. Use that stays is one."""
    half = np.float64(np.log(2.0))
    np.testing.assert_allclose(valuation.growth(np.array([1.0, 2.0, 2.0]), half), [1.5, 1.0, 1.0])
    np.testing.assert_allclose(valuation.growth(np.full(5, 7.0), half), 1.0)


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
    assert float(valuation.share_taken(*rates)) == pytest.approx(float(left) / paid, abs=1e-8)
