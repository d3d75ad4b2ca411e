"""The clock: the day, and what has moved on it."""

from __future__ import annotations

from model.arrays import Signals, Unread, Values
from model.flows import LEDGER
from model.ledger import BOOKED
from model.variable import Variable
from state_updates.common import Updated


def nothing_moved(
    params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
) -> Updated:
    """Nothing has moved yet today."""
    return "flows_nquiv", 0 * previous_state["flows_nquiv"]


def next_day(
    params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
) -> Updated:
    """One day later."""
    return "day", previous_state["day"] + 1


VARIABLES = [
    Variable(
        "day",
        "",
        "days",
        "Days since genesis, or since the snapshot that a run starts from; one number for the whole batch.",
        dtype=int,
        update=next_day,
        batched=False,
    ),
    Variable("flows_nquiv", "flows", "nQUIV", "Moved today by each flow.", dtype=int, update=nothing_moved),
    Variable(
        BOOKED,
        "accounts",
        "nQUIV",
        "The audit's book: every account, and minted and burned, by the flows so far; accounts are compared with it.",
        start=lambda opening: LEDGER.book(LEDGER.totals(opening.balances)),
        dtype=int,
    ),
    Variable(
        "audited_substeps",
        "",
        "substeps",
        "Substeps whose conservation was checked; one number for the whole batch.",
        dtype=int,
        batched=False,
    ),
]
