"""What unbonding remembers, and the price that stakers saw."""

from __future__ import annotations

from state_updates.common import assigned, slot_written

CLASSES = ("provider", "holder", "validator")

NAMES = (
    "price_trend",
    "price_seen_usd",
    *(f"{who}_release_rate_nquiv" for who in CLASSES),
    *(f"{who}_unbonding_shares_nquiv" for who in CLASSES),
)

UPDATES = {name: assigned(name) for name in NAMES} | {
    f"{who}_released_nquiv": slot_written(f"{who}_released_nquiv", f"{who}_entry") for who in CLASSES
}
