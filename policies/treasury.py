"""The treasury's grants: a yearly budget, set by governance, paid to ecosystem holders in equal daily parts.

Source: SPEC, Core Contracts (QUIVTreasury: fund allocation, grant distribution); the size is an assumption.
"""

from __future__ import annotations

from model.arrays import namespace, share_out, to_nquiv


def pay_grants(params, substep, state_history, previous_state):  # type: ignore[no-untyped-def]
    """The day's grants by holder, nano-QUIV, as far as the treasury reaches."""
    treasury = previous_state["treasury_nquiv"]
    xp = namespace(treasury)
    due = to_nquiv(previous_state["treasury.grants_quiv_per_year"] / 365.0)
    return {"treasury_grant": share_out(xp.minimum(due, treasury), params["agents.grantee_weight"])}
