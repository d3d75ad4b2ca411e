r"""What the treasury and the operations pool pay out, both to ecosystem holders, who build and run the network.

Grants are a yearly budget set by governance, in equal daily parts. Operations spend their pool $O$ with a time
constant $\tau$: $O (1 - e^{-1/\tau})$ a day. Source: SPEC, Core Contracts (QUIVTreasury: fund allocation, grant
distribution); sizes and payees are assumptions.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, scale_down, share_out, to_nquiv


def pay_out(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The day's grants, as far as the treasury reaches, and operations' spending, nano-QUIV by holder."""
    treasury = previous_state["treasury_nquiv"]
    xp = namespace(treasury)
    due = to_nquiv(previous_state["treasury.grants_quiv_per_year"] / 365.0)
    spent = scale_down(previous_state["operations_nquiv"], 1.0 - xp.exp(-1.0 / params["treasury.operations_days"]))
    return {
        "contributors_nquiv": xp.minimum(due, treasury) + spent,
        "treasury_grant": share_out(xp.minimum(due, treasury), params["agents.grantee_weight"]),
        "operations_spending": share_out(spent, params["agents.grantee_weight"]),
    }
