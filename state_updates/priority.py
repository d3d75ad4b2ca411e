"""Who is in a hurry."""

from __future__ import annotations

from state_updates.common import assigned

UPDATES = {"urgent_share": assigned("urgent_share")}
