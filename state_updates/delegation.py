"""To whom holders delegate."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("holder_provider",)

UPDATES = {name: assigned(name) for name in NAMES}
