"""Who is in good standing."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "provider_standing",
    "provider_below_days",
    "provider_staked_day",
)

UPDATES = {name: assigned(name) for name in NAMES}
