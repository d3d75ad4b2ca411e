"""What the treasury orders to steady the price."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("treasury_order_nquiv", "treasury_reference_usd")

UPDATES = {name: assigned(name) for name in NAMES}
