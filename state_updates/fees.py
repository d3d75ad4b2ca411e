"""The fee multiplier."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("fee_multiplier", "quarter_multiplier")

UPDATES = {name: assigned(name) for name in NAMES}
