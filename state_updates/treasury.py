"""What contributors were paid."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("contributors_nquiv", "milestone_met")

UPDATES = {name: assigned(name) for name in NAMES}
