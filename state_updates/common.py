"""The few forms that a state update takes.

Every update is a module-level function of cadCAD's five arguments that returns `(name, value)`; the makers below give it the
variable's name, so that a block's listing and a traceback read well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from model.arrays import namespace, write_slot
from model.flows import LEDGER

Update = Callable[..., tuple[str, Any]]


def named(update: Update, name: str) -> Update:
    update.__name__ = update.__qualname__ = name.replace(".", "_")
    update.__doc__ = f"The next value of `{name}`."
    return update


def assigned(name: str) -> Update:
    """The variable becomes what a policy emitted under its name."""

    def update(params, substep, state_history, previous_state, policy_input):  # type: ignore[no-untyped-def]
        return name, policy_input[name]

    return named(update, name)


def account(name: str) -> Update:
    """An account, or `minted_nquiv` or `burned_nquiv`, after the flows that its block emitted."""

    def update(params, substep, state_history, previous_state, policy_input):  # type: ignore[no-untyped-def]
        return name, LEDGER.updated(name, previous_state[name], policy_input)

    return named(update, name)


def slot_written(name: str, signal: str) -> Update:
    """A ring buffer `(*batch, slots, n)` with today's slot written from a signal."""

    def update(params, substep, state_history, previous_state, policy_input):  # type: ignore[no-untyped-def]
        ring = previous_state[name]
        return name, write_slot(ring, previous_state["day"] % ring.shape[-2], policy_input[signal])

    return named(update, name)


def flows_moved(params, substep, state_history, previous_state, policy_input):  # type: ignore[no-untyped-def]
    """The day's total of each flow, with those that this block emitted."""
    moved = previous_state["flows_nquiv"]
    xp = namespace(moved)
    places = xp.arange(moved.shape[-1])
    for name, amount in policy_input.items():
        if name in LEDGER.flows:
            here = xp.astype(places == LEDGER.index[name], xp.int64)
            moved = moved + LEDGER.moved(name, amount)[..., None] * here
    return "flows_nquiv", moved
