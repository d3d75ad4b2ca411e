"""What waits, and what was served."""

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
    "congestion",
)

UPDATES = {name: assigned(name) for name in NAMES}
