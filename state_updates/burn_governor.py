"""What the burn governor sets and remembers."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("burn_factor", "quarter_supply_quiv")

UPDATES = {name: assigned(name) for name in NAMES}
