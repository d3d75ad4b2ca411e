"""Consumers' payment channels."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "claimed_nquiv",
    "channel_lapsed_nquiv",
    "channel_target_nquiv",
    "channel_opened",
    "channel_nonce",
    "channel_expiry_day",
)

UPDATES = {name: assigned(name) for name in NAMES}
