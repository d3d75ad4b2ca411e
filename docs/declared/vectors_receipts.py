"""Vectors of receipts: payments and fee parameters with the receipt of each, and receipts that are none."""

from __future__ import annotations

import json
from typing import Any

from model.parameters.fees import Fees
from model.spec.exact import ReceiptError
from model.spec.receipt import Receipt

FILE = "vectors/receipts.json"

SHARES = (
    *("network_share", "burn_share", "stakers_share", "network_treasury_share", "validator_share"),
    *("treasury_share", "referral_share", "base_burn_share", "take_limit"),
)
SPLITS: dict[str, Fees] = {
    "80/15/5": Fees(),
    "2/3/0.5": Fees(network_share=0.025, burn_share=0.8, validator_share=0.005, treasury_share=0.03),
    "root": Fees(
        network_share=0.05,
        burn_share=0.5,
        stakers_share=0.3,
        network_treasury_share=0.15,
        treasury_share=0.0,
        validator_share=0.0,
    ),
    "stacked": Fees(
        network_share=0.05, burn_share=0.5, treasury_share=0.002, referral_share=0.002, base_burn_share=0.001
    ),
    "odd": Fees(network_share=0.123456789, burn_share=0.333333333, treasury_share=0.071, referral_share=0.0033),
}
PAYMENTS = (0, 1, 99, 10**9, 123_456_789_012_345_678, 10**27 + 1)
CASES = ((1.0, True, True), (4.0, True, True), (0.25, False, True), (1.0, True, False))
"""Fee multiplier, whether somebody referred the payment, whether a validator is active."""


def text() -> str:
    """Every payment under every split; amounts and rates are decimal text."""
    valid = [
        {
            "payment": str(payment),
            "split": name,
            "multiplier": str(multiplier),
            "referral": referral,
            "validators": validators,
            "receipt": Receipt.of(payment, fees, multiplier, referral, validators).to_json(),
        }
        for name, fees in SPLITS.items()
        for payment in PAYMENTS
        for multiplier, referral, validators in CASES
    ]
    splits = {name: {share: f"{getattr(fees, share):.9f}" for share in SHARES} for name, fees in SPLITS.items()}
    found = {"splits": splits, "valid": valid, "invalid": [_refused(fields) for fields in _wrong()]}
    return json.dumps(found, indent=1) + "\n"


def _wrong() -> list[dict[str, str]]:
    """Receipts that nobody may accept."""
    right = Receipt.of(10**18, SPLITS["80/15/5"]).to_json()
    more, less = (str(int(right["provider_reward"]) + step) for step in (1, -1))
    return [
        right | {"provider_reward": more},
        right | {"provider_reward": less},
        right
        | {"burn_amount": "-1", "provider_reward": str(int(right["provider_reward"]) + int(right["burn_amount"]) + 1)},
        right | {"network_fee": "1.5"},
        right | {"tip": "0"},
        {name: value for name, value in right.items() if name != "stakers_fee"},
    ]


def _refused(fields: dict[str, str]) -> dict[str, Any]:
    try:
        Receipt.from_json(fields)
    except ReceiptError as reason:
        return {"receipt": fields, "why": str(reason)}
    raise AssertionError(f"a receipt that should be refused is not: {fields}")
