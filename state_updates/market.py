"""The token's price."""

from __future__ import annotations

from state_updates.common import assigned

price_usd = assigned("price_usd")

UPDATES = {"price_usd": price_usd}
