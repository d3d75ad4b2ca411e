"""What the market maker quotes."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("maker_ask_usd", "maker_bid_usd", "maker_variance", "maker_last_price_usd")

UPDATES = {name: assigned(name) for name in NAMES}
