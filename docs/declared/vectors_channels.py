"""Vectors of payment channels: operations one after another, with the channel and the payments after each."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from model.spec.payment_channel import ChannelError, Paid, PaymentChannel, Voucher, open_channel

FILE = "vectors/channels.json"

DAY = 24 * 3600
WEI = 10**18
OPEN = {
    "number": 7,
    "consumer": "alice",
    "provider": "bob",
    "deposit": 100 * WEI,
    "now": 1000,
    "expiry": 1000 + 7 * DAY,
}
Step = tuple[str, dict[str, Any]]


def _voucher(nonce: int, consumed: int, **other: Any) -> dict[str, Any]:
    said = {"channel": 7, "consumed_amount": consumed, "tokens_generated": consumed // 10**12, "nonce": nonce}
    return said | {"signer": "alice"} | other


SEQUENCES: dict[str, list[Step]] = {
    "vouchers, claims, a top-up and the close": [
        ("accept", {"voucher": _voucher(1, 30 * WEI), "now": 2000}),
        ("settle", {"by": "bob", "now": 2500}),
        ("accept", {"voucher": _voucher(5, 100 * WEI), "now": 3000}),
        ("accept", {"voucher": _voucher(6, 100 * WEI + 1), "now": 3001}),
        ("top_up", {"amount": 50 * WEI, "by": "alice", "now": 4000, "expiry": 1000 + 9 * DAY}),
        ("accept", {"voucher": _voucher(6, 100 * WEI + 1), "now": 5000}),
        ("close", {"by": "bob", "now": 6000}),
        ("settle", {"by": "bob", "now": 6001}),
    ],
    "what is refused": [
        ("accept", {"voucher": _voucher(1, WEI, signer="mallory"), "now": 2000}),
        ("accept", {"voucher": _voucher(1, WEI, channel=8), "now": 2000}),
        ("accept", {"voucher": _voucher(2, 10 * WEI), "now": 2000}),
        ("accept", {"voucher": _voucher(2, 11 * WEI), "now": 2001}),
        ("accept", {"voucher": _voucher(3, 9 * WEI), "now": 2002}),
        ("settle", {"by": "alice", "now": 2003}),
        ("top_up", {"amount": WEI, "by": "bob", "now": 2004, "expiry": None}),
        ("top_up", {"amount": 0, "by": "alice", "now": 2004, "expiry": None}),
        ("top_up", {"amount": WEI, "by": "alice", "now": 2005, "expiry": 1000 + 6 * DAY}),
        ("close", {"by": "mallory", "now": 2006}),
        ("close", {"by": "alice", "now": 1000 + 7 * DAY}),
    ],
    "claimed within a day of the expiry": [
        ("accept", {"voucher": _voucher(1, 40 * WEI), "now": 2000}),
        ("top_up", {"amount": WEI, "by": "alice", "now": 1000 + 7 * DAY, "expiry": None}),
        ("settle", {"by": "bob", "now": 1000 + 8 * DAY - 1}),
        ("close", {"by": "alice", "now": 1000 + 8 * DAY}),
    ],
    "claimed too late": [
        ("accept", {"voucher": _voucher(1, 40 * WEI), "now": 2000}),
        ("settle", {"by": "bob", "now": 1000 + 8 * DAY}),
        ("close", {"by": "alice", "now": 1000 + 8 * DAY}),
    ],
}


def text() -> str:
    """Every sequence with what comes of it; whole numbers are decimal text."""
    return json.dumps([{"name": name, **_played(steps)} for name, steps in SEQUENCES.items()], indent=1) + "\n"


def done(channel: PaymentChannel, operation: str, asked: dict[str, Any]) -> tuple[PaymentChannel, Paid, str]:
    """The channel after an operation, what it pays, and why it is refused if it is: the channel is then as it was."""
    given = asked | {"voucher": Voucher(**asked["voucher"])} if "voucher" in asked else asked
    try:
        after = getattr(channel, operation)(**given)
    except ChannelError as reason:
        return channel, Paid(), str(reason)
    return (*after, "") if isinstance(after, tuple) else (after, Paid(), "")


def _played(steps: list[Step]) -> dict[str, Any]:
    channel = open_channel(**OPEN)
    found: dict[str, Any] = {"open": _decimal(OPEN), "opened": _decimal(asdict(channel)), "steps": []}
    for operation, asked in steps:
        channel, paid, why = done(channel, operation, asked)
        found["steps"].append(
            {
                "operation": operation,
                "with": _decimal(asked),
                "accepted": not why,
                **({"why": why} if why else {}),
                "paid": _decimal(asdict(paid)),
                "after": _decimal(asdict(channel)),
            }
        )
    return found


def _decimal(value: Any) -> Any:
    """Whole numbers as decimal text; names, truth and nothing as they are."""
    if isinstance(value, dict):
        return {key: _decimal(item) for key, item in value.items()}
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value
