"""The few forms that a law of motion takes, and that a first value takes.

Every update is a function of cadCAD's five arguments that returns `(name, value)`; the makers below give it the
variable's name, so that a block's listing and a traceback read well.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, with_columns, write_slot
from model.flows import LEDGER
from model.variable import Opening, Start, Update, Variable

Updated = tuple[str, Array]


def named(update: Update, name: str) -> Update:
    update.__name__ = update.__qualname__ = name.replace(".", "_")
    update.__doc__ = f"The next value of `{name}`."
    return update


def assigned(name: str) -> Update:
    """The variable becomes what a policy emitted under its name."""

    def update(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        return name, policy_input[name]

    return named(update, name)


def account(name: str) -> Update:
    """An account, or `minted_nquiv` or `burned_nquiv`, after the flows that its block emitted."""

    def update(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        return name, LEDGER.updated(name, previous_state[name], policy_input)

    return named(update, name)


def slot_written(name: str, signal: str) -> Update:
    """A ring buffer `(*batch, slots, n)` with today's slot written from a signal."""

    def update(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        ring = previous_state[name]
        return name, write_slot(ring, previous_state["day"] % ring.shape[-2], policy_input[signal])

    return named(update, name)


def flows_moved(
    params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
) -> Updated:
    """The day's total of each flow, with those that this block emitted (no flow is emitted by two blocks)."""
    moved = {
        LEDGER.index[flow]: LEDGER.moved(flow, policy_input[flow]) for flow in policy_input if flow in LEDGER.index
    }
    return "flows_nquiv", with_columns(previous_state["flows_nquiv"], moved)


def law(variable: Variable) -> Update:
    """A variable's law of motion: its own, the day's slot of a ring, or what its policy emits under its name."""
    if variable.update:
        return variable.update
    return slot_written(variable.name, variable.entry) if variable.entry else assigned(variable.name)


def constant(name: str) -> Start:
    """A first value that is the constant of that name."""
    return lambda opening: opening.params[name]


def first_price(opening: Opening) -> Array:
    """The token's price on day 0, USD per QUIV."""
    return opening.price_usd
