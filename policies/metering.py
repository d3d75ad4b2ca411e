r"""Metering: the utilisation that the fee's controller sees, today's or that of some days ago.

Source: SPEC, Adaptive Fee Adjustment (metrics.CongestionLevel); the delay is an assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, read_slot
from model.block import Block, Choice


def see_today(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Today's utilisation, as the controller sees it and as it is remembered."""
    seen = previous_state["congestion"]
    return {"congestion_seen": seen, "congestion_entry": seen[..., None]}


def see_late(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The utilisation of as many days ago as the ring is long."""
    ring, day = previous_state["congestion_ring"], previous_state["day"]
    late = read_slot(ring, day % ring.shape[-2])[..., 0]
    return {"congestion_seen": late, "congestion_entry": previous_state["congestion"][..., None]}


BLOCK = Block(
    "metering",
    "Utilisation is read off.",
    Choice("controller_delayed", {False: see_today, True: see_late}),
    phase="payments",
    why="Utilisation is that of paid work.",
    needs="adaptive_fee",
)
