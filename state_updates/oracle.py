"""What the feeds reported and what the oracle made of it."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "feed_price_usd",
    "feed_age_days",
    "oracle_price_usd",
    "oracle_held_days",
    "oracle_trips",
    "oracle_last_update",
)

UPDATES = {name: assigned(name) for name in NAMES}
