"""What goes elsewhere."""

from __future__ import annotations

from state_updates.common import assigned

outside_share = assigned("outside_share")

UPDATES = {"outside_share": outside_share}
