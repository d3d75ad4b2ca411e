"""What rebates leave beside their flows."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("rebates_owed_quiv", "consumer_month_usd", "provider_days_online")

UPDATES = {name: assigned(name) for name in NAMES}
