"""The spec's receipt: every field, exact sums, and the same split as the economy's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.formulas import fees as formulas
from model.parameters.fees import Fees
from model.spec.exact import WEI_PER_QUIV, ReceiptError
from model.spec.receipt import Receipt

SPEC_FIELDS = {"payment_amount", "payment_token", "provider_reward", "network_fee", "treasury_fee", "burn_amount"}
MANY = settings(max_examples=500, derandomize=True, deadline=None)
SHARE = st.floats(0.0, 0.1)


def test_a_hundred_quiv_by_the_white_paper() -> None:
    """80 to the provider, 5 treasury, 7.5 burned, 0.5 validators, 7 operations."""
    receipt = Receipt.of(100 * WEI_PER_QUIV, Fees())
    assert {name: amount / WEI_PER_QUIV for name, amount in receipt.amounts().items()} == {
        "payment_amount": 100.0,
        "provider_reward": 80.0,
        "network_fee": 7.0,
        "treasury_fee": 5.0,
        "burn_amount": 7.5,
        "validator_fee": 0.5,
        "stakers_fee": 0.0,
        "referral_fee": 0.0,
    }


def test_every_field_of_the_spec_is_there_under_its_json_name() -> None:
    fields = Receipt.of(10**30, Fees()).to_json()
    assert set(fields) >= SPEC_FIELDS
    assert fields["payment_amount"] == "1" + "0" * 30
    assert Receipt.from_json(fields) == Receipt.of(10**30, Fees())


@MANY
@given(
    payment=st.integers(0, 10**18),
    network=st.floats(0.0, 0.5),
    shares=st.tuples(SHARE, SHARE, SHARE),
    burn=st.floats(0.0, 0.5),
    stakers=st.floats(0.0, 0.25),
    multiplier=st.floats(0.25, 4.0),
)
def test_it_splits_as_the_economy_does(
    payment: int, network: float, shares: tuple[float, ...], burn: float, stakers: float, multiplier: float
) -> None:
    treasury, referral, base_burn = shares
    given_ = Fees(
        network_share=network,
        treasury_share=treasury,
        referral_share=referral,
        base_burn_share=base_burn,
        burn_share=burn,
        stakers_share=stakers,
        network_treasury_share=0.25,
    )
    receipt = Receipt.of(payment, given_, multiplier)
    others = treasury + referral + base_burn
    rate = min(multiplier * network, max(given_.take_limit - others, 0.0))
    parts = formulas.split(
        np.int64(payment),
        network_rate=rate,
        treasury_rate=treasury,
        burn_share=burn,
        validator_rate=given_.validator_share,
        stakers_share=stakers,
        network_treasury_share=0.25,
        referral_rate=referral,
        base_burn_rate=base_burn,
    )
    assert receipt.provider_reward == int(parts["provider"])
    assert receipt.network_fee == int(parts["network_kept"])
    assert receipt.burn_amount == int(parts["burn"])
    assert receipt.treasury_fee == int(parts["treasury"])
    assert receipt.validator_fee == int(parts["validators"])
    assert receipt.stakers_fee == int(parts["stakers"])
    assert receipt.referral_fee == int(parts["referral"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"provider_reward": "81"}, "the parts sum to 101, the payment is 100"),
        ({"provider_reward": "-80"}, "provider_reward must not be negative, got -80"),
        ({"provider_reward": "80.0"}, "an amount is no whole number"),
        ({"tip": "1"}, "unknown or missing: tip"),
    ],
)
def test_a_receipt_that_does_not_add_up_is_refused(change: dict[str, str], sentence: str) -> None:
    fields = Receipt(100, 80, 7, 5, 8).to_json()
    with pytest.raises(ReceiptError, match=sentence):
        Receipt.from_json(fields | change)


def test_without_a_referrer_the_provider_has_that_part() -> None:
    referred = Fees(referral_share=0.01)
    assert Receipt.of(1000, referred).referral_fee == 10
    alone = Receipt.of(1000, referred, referral=False)
    assert (alone.referral_fee, alone.provider_reward) == (0, 800)
