"""The token's price."""

from __future__ import annotations

from state_updates.common import assigned

price_usd = assigned("price_usd")

CLEARING = {"cash_usd": assigned("cash_usd")}
"""What clearing without a pool leaves."""

UPDATES = {"price_usd": price_usd}
