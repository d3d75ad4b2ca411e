"""The prices of the day, and who serves at them."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("order_price_quiv", "paid_price_quiv", "admitted_tokens")

UPDATES = {name: assigned(name) for name in NAMES}
