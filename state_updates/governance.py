"""Proposals, and the live parameters that an executed one writes."""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace
from model.parameters import GOVERNED
from state_updates.common import Update, Updated, assigned, named

PAID = "treasury.payment_quiv"
"""The one governed parameter that is paid out on execution, not kept."""


def live(name: str) -> Update:
    """A live parameter, which an executed proposal about it replaces; of several on a day, the last slot's holds."""
    index = GOVERNED.index(name)

    def update(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        value = previous_state[name]
        xp = namespace(value)
        written = policy_input["executed"] & (policy_input["proposal_parameter"] == index) & (name != PAID)
        for slot in range(written.shape[-1]):
            value = xp.where(written[..., slot], policy_input["proposal_value"][..., slot], value)
        return name, value

    return named(update, name)


NAMES = (
    "proposal_id",
    "proposal_status",
    "proposal_day",
    "proposal_parameter",
    "proposal_value",
    "proposal_type",
    "proposal_proposer",
    "proposal_for_nquiv",
    "proposal_against_nquiv",
    "proposal_deposit_nquiv",
    "proposal_turnout",
    "payments_made_quiv",
    "proposals_submitted",
    "proposals_closed",
    "quarter_values",
)

UPDATES = {name: assigned(name) for name in NAMES} | {name: live(name) for name in GOVERNED}
