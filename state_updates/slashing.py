"""The history of slashes."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "provider_slashed_nquiv",
    "provider_slashes",
    "provider_last_slash",
    "provider_banned",
    "slashed_by_cause_nquiv",
    "slash_rate",
)

UPDATES = {name: assigned(name) for name in NAMES}
