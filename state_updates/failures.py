"""What was delivered."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "delivered_weight",
    "delivered_nquiv",
    "stream_due_nquiv",
    "failed_jobs",
    "completed_jobs",
)

UPDATES = {name: assigned(name) for name in NAMES}
