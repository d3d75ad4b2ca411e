"""Yields of the staking classes."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("direct_apr", "delegator_apr", "validator_apr", "reward_shortfall_quiv")

UPDATES = {name: assigned(name) for name in NAMES}
