r"""What the treasury and the operations pool pay out, both to ecosystem holders, who build and run the network.

Grants are a yearly sum set by governance, in equal daily parts, at most `treasury.budget_share` of the treasury a
year, and only in quarters whose milestone was reached, which is drawn at their start; `treasury.allocation` divides
them between grantees, the insurance fund and operations. Operations spend their pool $O$ with a time constant $\tau$:
$O (1 - e^{-1/\tau})$ a day. What a scenario's regulator takes, it takes before anything is paid. Source: SPEC, Core
Contracts (QUIVTreasury: fund allocation, grant distribution); sizes, milestones and payees are assumptions.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, scale_down, share_out, take_rate, to_nquiv
from model.block import Block, Mechanism

YEAR = 365.0


def pay_out(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Seizure, the day's grants as budget and milestone allow, operations' spending, nano-QUIV by holder."""
    treasury = previous_state["treasury_nquiv"]
    xp = namespace(treasury)
    seized = take_rate(treasury, params["shocks.treasury_seizure"][previous_state["day"]])
    budget = scale_down(treasury - seized, xp.minimum(params["treasury.budget_share"] / YEAR, 1.0))
    met = _milestone(params, previous_state)
    due = xp.minimum(to_nquiv(previous_state["treasury.grants_quiv_per_year"] / YEAR), budget) * met
    spent = scale_down(previous_state["operations_nquiv"], 1.0 - xp.exp(-1.0 / params["treasury.operations_days"]))
    shares = params["treasury.allocation"]
    part = shares / xp.sum(shares, axis=-1, keepdims=True)
    insured, operated = (scale_down(due, part[..., place]) for place in (1, 2))
    granted = due - insured - operated
    return {
        "treasury_seizure": seized,
        "contributors_nquiv": granted + spent,
        "treasury_grant": share_out(granted, params["agents.grantee_weight"]),
        "treasury_to_insurance": insured,
        "treasury_to_operations": operated,
        "operations_spending": share_out(spent, params["agents.grantee_weight"]),
        "milestone_met": met,
    }


def _milestone(params: Values, state: Values) -> Array:
    """Whether the milestone of the quarter is reached, 1 or 0: drawn on its first day."""
    xp = namespace(state)
    reached = draws.decided(params, "treasury.milestone", state["day"], params["treasury.milestone_chance"])
    starts = state["day"] % params["governance.quarter_days"] == 0
    return xp.where(starts, xp.astype(reached, xp.int64), state["milestone_met"])


BLOCK = Block(
    "treasury",
    "Grants and operations are paid.",
    pay_out,
    phase="token",
    why="The plan names it: grants and operations' budget.",
    mechanism=Mechanism("treasury", "The treasury's grants and operations' spending."),
)
