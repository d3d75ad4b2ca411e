"""Published vectors: an implementation that knows only the files comes to their answers, and so does the code."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest

from docs.declared import vectors_channels, vectors_ledger, vectors_receipts
from docs.generate import FOLDER
from model.ledger import BURNED, MINTED
from model.parameters.fees import Fees
from model.spec.exact import ReceiptError
from model.spec.payment_channel import open_channel
from model.spec.receipt import Receipt


def read(page: Any) -> Any:
    return json.loads((FOLDER / page.FILE).read_text(encoding="utf-8"))


def whole(value: Any) -> Any:
    """Decimal text as whole numbers, in lists and mappings."""
    if isinstance(value, dict):
        return {key: whole(item) for key, item in value.items()}
    if isinstance(value, list):
        return [whole(item) for item in value]
    return int(value) if isinstance(value, str) and value.lstrip("-").isdigit() else value


def moved(accounts: dict[str, Any], ends: dict[str, Any], step: dict[str, Any], cap: int) -> dict[str, Any]:
    """A step by the page's words alone."""
    after = {name: list(value) if isinstance(value, list) else value for name, value in accounts.items()}
    for flow, amount in step.items():
        for end, total, sign in (("from", MINTED, -1), ("to", BURNED, 1)):
            name = ends[flow][end] or total
            sign = 1 if name == MINTED else sign
            if isinstance(after[name], list):
                after[name] = [held + sign * x for held, x in zip(after[name], amount, strict=True)]
            else:
                after[name] += sign * (sum(amount) if isinstance(amount, list) else amount)
    least = min(min(value) if isinstance(value, list) else value for value in after.values())
    return after if least >= 0 and after[MINTED] <= cap else accounts


def test_the_ledgers_sequences_by_their_words() -> None:
    found = read(vectors_ledger)
    refused = 0
    for sequence in found["sequences"]:
        accounts = whole(sequence["start"])
        for step in sequence["steps"]:
            before, accounts = accounts, moved(accounts, sequence["flows"], whole(step["flows"]), int(found["cap"]))
            assert accounts == whole(step["after"]), (sequence["name"], step)
            assert step["accepted"] is (accounts is not before)
            refused += not step["accepted"]
            held = [sum(v) if isinstance(v, list) else v for n, v in accounts.items() if n not in (MINTED, BURNED)]
            assert accounts[MINTED] - accounts[BURNED] == sum(held)
    assert refused >= 5


def test_the_ledgers_sequences_by_the_ledger() -> None:
    for sequence in read(vectors_ledger)["sequences"]:
        named = vectors_ledger.SEQUENCES[sequence["name"]]
        accounts = vectors_ledger.opened(named["start"]) | whole(sequence["start"])
        for step in sequence["steps"]:
            after = vectors_ledger.played(accounts, whole(step["flows"]))
            assert (after is not None) is step["accepted"]
            accounts = after or accounts
            assert {name: accounts[name] for name in step["after"]} == whole(step["after"])


def split(
    payment: int, rates: dict[str, Fraction], multiplier: Fraction, referral: bool, active: bool
) -> dict[str, int]:
    """A receipt by the page's words alone."""
    others = rates["treasury_share"] + rates["referral_share"] + rates["base_burn_share"]
    rate = min(multiplier * rates["network_share"], max(rates["take_limit"] - others, Fraction(0)))

    def part(amount: int, share: Fraction, left: int) -> int:
        return min(int(amount * Fraction(round(share * 10**9), 10**9)), left)

    fee = network = part(payment, rate, payment)
    paid = {}
    for name in ("burn", "stakers", "network_treasury"):
        paid[name] = part(network, rates[f"{name}_share"], fee)
        fee -= paid[name]
    validators = part(payment, rates["validator_share"] * active, fee)
    left = payment - network
    for name, share in (("treasury", rates["treasury_share"]), ("referral", rates["referral_share"] * referral)):
        paid[name] = part(payment, share, left)
        left -= paid[name]
    base = part(payment, rates["base_burn_share"], left)
    return {
        "payment_amount": payment,
        "provider_reward": left - base,
        "network_fee": fee - validators,
        "treasury_fee": paid["treasury"] + paid["network_treasury"],
        "burn_amount": paid["burn"] + base,
        "validator_fee": validators,
        "stakers_fee": paid["stakers"],
        "referral_fee": paid["referral"],
    }


def test_receipts_by_their_words_and_by_the_code() -> None:
    found = read(vectors_receipts)
    splits = {name: {key: Fraction(text) for key, text in shares.items()} for name, shares in found["splits"].items()}
    for case in found["valid"]:
        payment, multiplier = int(case["payment"]), Fraction(case["multiplier"])
        receipt = case["receipt"]
        ours = split(payment, splits[case["split"]], multiplier, case["referral"], case["validators"])
        assert {name: int(receipt[name]) for name in ours} == ours, case
        assert Receipt.from_json(receipt).to_json() == receipt
        fees = Fees(**{name: float(share) for name, share in splits[case["split"]].items()})
        assert Receipt.of(payment, fees, float(multiplier), case["referral"], case["validators"]).to_json() == receipt
    for case in found["invalid"]:
        with pytest.raises(ReceiptError):
            Receipt.from_json(case["receipt"])


def test_channels_by_the_code() -> None:
    refused = 0
    for sequence in read(vectors_channels):
        channel = open_channel(**whole(sequence["open"]))
        for step in sequence["steps"]:
            before = channel
            channel, paid, why = vectors_channels.done(channel, step["operation"], whole(step["with"]))
            assert (not why) is step["accepted"]
            assert why == step.get("why", "")
            assert vars(paid) == whole(step["paid"])
            assert vars(channel) == whole(step["after"])
            refused += bool(why)
            assert channel is before or step["accepted"]
        assert sum(int(step["paid"]["provider"]) for step in sequence["steps"]) == channel.claimed_amount
    assert refused >= 10
