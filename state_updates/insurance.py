"""Claims on the fund."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "claims_due_nquiv",
    "claims_unpaid_nquiv",
)

UPDATES = {name: assigned(name) for name in NAMES}
