"""Yields of the staking classes."""

from __future__ import annotations

from state_updates.common import assigned

direct_apr = assigned("direct_apr")
delegator_apr = assigned("delegator_apr")

UPDATES = {"direct_apr": direct_apr, "delegator_apr": delegator_apr}
