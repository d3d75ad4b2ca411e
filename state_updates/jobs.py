"""What waits, what was served, and who can serve."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "queued_nquiv",
    "queued_tokens",
    "queued_jobs",
    "served_nquiv",
    "streamed_nquiv",
    "served_tokens",
    "served_jobs",
    "posted_jobs",
    "expired_jobs",
    "job_remainder",
    "work_weight",
    "capacity_tokens",
    "active_providers",
    "congestion",
)

UPDATES = {name: assigned(name) for name in NAMES}
