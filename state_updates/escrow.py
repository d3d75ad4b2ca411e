"""What the challenge window holds."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("window_nquiv", "released_nquiv")

UPDATES = {name: assigned(name) for name in NAMES}
