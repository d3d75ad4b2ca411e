"""What consumers want."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("budget_usd", "spending_usd", "ordered_tokens", "demand_tokens")

UPDATES = {name: assigned(name) for name in NAMES}
