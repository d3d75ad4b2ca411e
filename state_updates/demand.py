"""What consumers want."""

from __future__ import annotations

from state_updates.common import assigned

budget_usd = assigned("budget_usd")
spending_usd = assigned("spending_usd")
demand_tokens = assigned("demand_tokens")

UPDATES = {"budget_usd": budget_usd, "spending_usd": spending_usd, "demand_tokens": demand_tokens}
