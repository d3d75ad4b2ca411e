"""What providers do."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "provider_degraded",
    "provider_garbage",
    "provider_absent",
)

UPDATES = {name: assigned(name) for name in NAMES}
