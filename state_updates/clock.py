"""The clock: the day's flows start at zero, the day ends."""

from __future__ import annotations


def flows_nquiv(params, substep, state_history, previous_state, policy_input):  # type: ignore[no-untyped-def]
    """Nothing has moved yet today."""
    return "flows_nquiv", 0 * previous_state["flows_nquiv"]


def day(params, substep, state_history, previous_state, policy_input):  # type: ignore[no-untyped-def]
    """One day later."""
    return "day", previous_state["day"] + 1


OPENING = {"flows_nquiv": flows_nquiv}
CLOSING = {"day": day}
