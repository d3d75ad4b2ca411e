"""The adaptive fee's multiplier."""

from __future__ import annotations

from state_updates.common import assigned

fee_multiplier = assigned("fee_multiplier")

UPDATES = {"fee_multiplier": fee_multiplier}
