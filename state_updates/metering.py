"""What the controller sees."""

from __future__ import annotations

from state_updates.common import assigned, slot_written

UPDATES = {
    "congestion_seen": assigned("congestion_seen"),
    "congestion_ring": slot_written("congestion_ring", "congestion_entry"),
}
