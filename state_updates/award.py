"""Whose work was served."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("work_weight",)

UPDATES = {name: assigned(name) for name in NAMES}
