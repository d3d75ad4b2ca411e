"""The clock: the day's flows start at zero, the day ends."""

from __future__ import annotations

from model.arrays import Signals, Unread, Values
from state_updates.common import Updated


def flows_nquiv(
    params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
) -> Updated:
    """Nothing has moved yet today."""
    return "flows_nquiv", 0 * previous_state["flows_nquiv"]


def day(
    params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
) -> Updated:
    """One day later."""
    return "day", previous_state["day"] + 1


OPENING = {"flows_nquiv": flows_nquiv}
CLOSING = {"day": day}
