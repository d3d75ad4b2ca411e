"""Proposals by slot, votes, deposits, and the live parameters that an executed proposal writes."""

from __future__ import annotations

import numpy as np

from model.arrays import Array, Signals, Unread, Values, namespace
from model.parameters import GOVERNED, REGISTRY
from model.variable import Opening, Update, Variable
from state_updates.common import Updated, constant, named

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


def _as_they_are(opening: Opening) -> Array:
    """Every governed parameter's first value, in the order of the parameters page."""
    return np.stack(np.broadcast_arrays(*[opening.params[name] for name in GOVERNED]), axis=-1)


VARIABLES = [
    Variable(
        "proposal_id",
        "slots",
        "proposal number",
        "Proposal.ID: numbers from 1 in order of submission, 0 for none.",
        dtype=int,
    ),
    Variable(
        "proposal_status",
        "slots",
        "code",
        "0 waiting, 1 discussion, 2 voting, 3 timelock, 4 executed, 5 defeated, 6 rejected, 7 cancelled.",
        dtype=int,
    ),
    Variable(
        "proposal_day",
        "slots",
        "days",
        "Proposal.StartTime: day of submission.",
        start=constant("script.day"),
        dtype=int,
    ),
    Variable(
        "proposal_parameter",
        "slots",
        "parameter number",
        "Proposal.Parameters: governed parameter that a proposal changes, by number.",
        start=constant("script.parameter"),
        dtype=int,
    ),
    Variable(
        "proposal_value",
        "slots",
        "the parameter's unit",
        "Proposal.Parameters: value that a proposal asks for.",
        start=constant("script.value"),
    ),
    Variable(
        "proposal_type",
        "slots",
        "code",
        "Proposal.Type: 0 technical, 1 economic, 2 treasury, 3 emergency.",
        start=constant("script.type"),
        dtype=int,
    ),
    Variable(
        "proposal_proposer",
        "slots",
        "voter number",
        "Proposal.Proposer: voter who proposed, by number: holders, then providers, then consumers.",
        start=constant("script.proposer"),
        dtype=int,
    ),
    Variable("proposal_for_nquiv", "slots", "nQUIV of votes", "Proposal.ForVotes, at the snapshot.", dtype=int),
    Variable("proposal_against_nquiv", "slots", "nQUIV of votes", "Proposal.AgainstVotes, at the snapshot.", dtype=int),
    Variable("payments_made_quiv", "", "QUIV", "Paid so far by executed treasury proposals."),
    Variable("proposals_submitted", "", "proposals", "Proposals accepted so far.", dtype=int),
    Variable(
        "proposals_closed",
        "proposal_ends",
        "proposals",
        "Proposals so far that were executed, defeated, rejected and cancelled.",
        dtype=int,
    ),
    Variable(
        "quarter_values",
        "governed",
        "each parameter's unit",
        "Governed parameters at the quarter's start, in the order of the parameters page.",
        start=_as_they_are,
    ),
    Variable("proposal_deposit_nquiv", "slots", "nQUIV", "Deposit locked by each proposal.", dtype=int),
    Variable("proposal_voted_nquiv", "slots", "nQUIV", "Tokens that voted, at the snapshot.", dtype=int),
    Variable("proposal_circulating_nquiv", "slots", "nQUIV", "Circulating supply at the snapshot.", dtype=int),
    *(
        Variable(
            name,
            "",
            REGISTRY[name].unit,
            f"Live value of {name}: {REGISTRY[name].doc}",
            start=constant(name),
            update=live(name),
        )
        for name in GOVERNED
    ),
]
