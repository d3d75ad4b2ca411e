"""What consumers think of the network, and how much of their demand is with it."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = ("satisfaction", "consumer_active")

UPDATES = {name: assigned(name) for name in NAMES}
