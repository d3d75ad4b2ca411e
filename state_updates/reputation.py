"""What is remembered of providers."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("provider_success", "provider_activity", "provider_penalty")

UPDATES = {name: assigned(name) for name in NAMES}
