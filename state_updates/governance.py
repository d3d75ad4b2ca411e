"""Proposals, and the live parameters that an executed one writes."""

from __future__ import annotations

from model.arrays import namespace
from model.parameters import GOVERNED
from state_updates.common import Update, named, assigned


def live(name: str) -> Update:
    """A live parameter, which an executed proposal about it replaces; of several on a day, the last slot's holds."""
    index = GOVERNED.index(name)

    def update(params, substep, state_history, previous_state, policy_input):  # type: ignore[no-untyped-def]
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
