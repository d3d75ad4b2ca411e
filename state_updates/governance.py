"""Proposals, and the live parameters that an executed one writes."""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace
from model.parameters import GOVERNED
from state_updates.common import Update, Updated, assigned, named


def live(name: str) -> Update:
    """A live parameter, which an executed proposal about it replaces; of several on a day, the last slot's holds."""
    index = GOVERNED.index(name)

    def update(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, policy_input: Signals
    ) -> Updated:
        value = previous_state[name]
        xp = namespace(value)
        written = policy_input["executed"] & (params["script.parameter"] == index)
        for slot in range(written.shape[-1]):
            value = xp.where(written[..., slot], params["script.value"][..., slot], value)
        return name, value

    return named(update, name)


proposal_status = assigned("proposal_status")
proposal_for_nquiv = assigned("proposal_for_nquiv")
proposal_against_nquiv = assigned("proposal_against_nquiv")
proposal_deposit_nquiv = assigned("proposal_deposit_nquiv")
proposal_turnout = assigned("proposal_turnout")

UPDATES = {
    "proposal_status": proposal_status,
    "proposal_for_nquiv": proposal_for_nquiv,
    "proposal_against_nquiv": proposal_against_nquiv,
    "proposal_deposit_nquiv": proposal_deposit_nquiv,
    "proposal_turnout": proposal_turnout,
    **{name: live(name) for name in GOVERNED},
}
