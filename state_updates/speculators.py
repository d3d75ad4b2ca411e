"""What speculators want, and see."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "speculator_order_nquiv",
    "fundamentalist_share",
    "speculator_trend",
    "speculator_last_price_usd",
    "news",
    "value_usd",
)

UPDATES = {name: assigned(name) for name in NAMES}
