"""What votes weigh."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "voter_power_quiv",
    "voter_tokens_quiv",
    "holder_stake_days",
    "provider_stake_days",
)

UPDATES = {name: assigned(name) for name in NAMES}
