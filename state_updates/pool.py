"""What a batch leaves."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "pool_usd",
    "lvr_usd",
    "treasury_usd",
    "attack_spent_usd",
    "cash_usd",
    "maker_usd",
    "batch_price_usd",
    "speculator_cash_usd",
    "economy_bought_usd",
    "economy_sold_quiv",
)

UPDATES = {name: assigned(name) for name in NAMES}
