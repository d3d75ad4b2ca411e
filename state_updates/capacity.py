"""Who can serve what today."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("offered_tokens", "provider_up", "provider_priority", "capacity_tokens", "active_providers")

UPDATES = {name: assigned(name) for name in NAMES}
