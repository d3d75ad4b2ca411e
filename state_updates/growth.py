"""What the emission controller remembers of served tokens."""

from __future__ import annotations

from state_updates.common import assigned, slot_written

growth_ring_tokens = slot_written("growth_ring_tokens", "growth_entry")
growth_recent_tokens = assigned("growth_recent_tokens")
growth_previous_tokens = assigned("growth_previous_tokens")
growth_smoothed = assigned("growth_smoothed")
growth_multiplier = assigned("growth_multiplier")

UPDATES = {
    "growth_ring_tokens": growth_ring_tokens,
    "growth_recent_tokens": growth_recent_tokens,
    "growth_previous_tokens": growth_previous_tokens,
    "growth_smoothed": growth_smoothed,
    "growth_multiplier": growth_multiplier,
}
