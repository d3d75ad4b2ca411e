"""Which providers are online, and what capacity earns."""

from __future__ import annotations

from state_updates.common import assigned

provider_online = assigned("provider_online")
capacity_income_usd = assigned("capacity_income_usd")

UPDATES = {"provider_online": provider_online, "capacity_income_usd": capacity_income_usd}
