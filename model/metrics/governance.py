"""Metrics of governance: proposals, votes, the cost of capture, the fee multiplier, live parameters."""

from __future__ import annotations

from model.arrays import Array, ratio, to_quiv
from model.codes import PROPOSAL_ENDS, ProposalStatus, ProposalType
from model.metrics import auctioned
from model.metrics.metric import Chapter, Metric, entry_of, live_value, value_of
from model.metrics.reading import Reading
from model.parameters.interests import IDEAS

CHAPTER = Chapter(
    "governance",
    "Governance",
    "What became of proposals, who votes and how few decide, what a majority would cost, what the fee's controller "
    "does, and where votes have moved parameters.",
)


def _open(r: Reading) -> Array:
    """Proposals in discussion, vote or timelock."""
    status = r.state["proposal_status"]
    there = (status >= ProposalStatus.DISCUSSION) & (status <= ProposalStatus.TIMELOCK)
    return r.xp.count_nonzero(there, axis=-1) * 1.0


def _activity(r: Reading) -> Array:
    """GovernanceActivity: open proposals, and once more each whose vote is open."""
    return _open(r) + r.xp.count_nonzero(r.state["proposal_status"] == ProposalStatus.VOTING, axis=-1)


def _turnout(r: Reading) -> Array:
    """Turnout of the proposal submitted last; zero before the first."""
    days = r.xp.where(r.state["proposal_status"] > 0, r.state["proposal_day"], -1)
    latest = days == r.xp.max(days, axis=-1, keepdims=True)
    turnout = ratio(to_quiv(r.state["proposal_voted_nquiv"]), to_quiv(r.state["proposal_circulating_nquiv"]))
    return r.xp.max(r.xp.where(latest, turnout, 0.0 * turnout), axis=-1)


def _capture_quiv(r: Reading) -> Array:
    """Liquid tokens that carry a treasury proposal if all who usually vote are against it, QUIV."""
    against = r.params["governance.turnout"] * to_quiv(r.xp.sum(r.state["voter_power_nquiv"], axis=-1))
    threshold = r.xp.minimum(r.params["governance.threshold"][..., ProposalType.TREASURY], 0.999)
    needed = against * threshold / (1.0 - threshold)
    return r.xp.maximum(needed, r.state["governance.quorum"] * r.circulating)


def _capture(r: Reading) -> tuple[Array, ...]:
    """What those tokens cost in one auction, USD, and the part of them that it delivers."""
    if "capture" not in r.shared:
        r.shared["capture"] = auctioned.purchase(r, _capture_quiv(r))
    return r.shared["capture"]


METRICS = [
    Metric("proposals_submitted", "Submitted proposals", "proposals", "Proposals accepted so far.", lambda r: r.state["proposals_submitted"] * 1.0, ("Proposal.Status",)),
    Metric("proposals_executed", "Executed proposals", "proposals", "Proposals executed so far.", entry_of("proposals_closed", 0), ("Proposal.Status", "ChainMetrics.GovernanceActivity")),
    *[Metric(f"proposals_{end}", f"Proposals {end}", "proposals", f"Proposals {end} so far.", entry_of("proposals_closed", i), ("Proposal.Status",)) for i, end in enumerate(PROPOSAL_ENDS) if end != "executed"],
    Metric("proposals_open", "Open proposals", "proposals", "Proposals in discussion, vote or timelock.", _open, ("Proposal.Status", "ChainMetrics.GovernanceActivity")),
    Metric("governance_activity", "Governance activity", "proposals and votes", "GovernanceActivity: proposals in discussion, vote or timelock, and once more each whose vote is open.", _activity, ("ChainMetrics.GovernanceActivity",)),
    Metric("turnout", "Turnout", "share of circulating supply", "Tokens that voted on the latest proposal, at its snapshot.", _turnout, ("ChainMetrics.GovernanceActivity",)),
    Metric("vote_top10_share", "Votes of the ten largest", "share of votes", "Part of the votes on agents' latest proposal that the ten largest voters cast.", value_of("vote_top10_share")),
    Metric("vote_majority", "Voters for a majority", "voters", "Fewest voters who have over half of the votes on agents' latest proposal.", value_of("vote_majority")),
    Metric("capture_quiv", "Tokens that capture a vote", "QUIV", "Liquid tokens that carry a treasury proposal against all who usually vote, quorum included.", _capture_quiv),
    Metric("capture_usd", "Cost of capture", "USD", "What they would cost in one auction, in which investors, savers and the pool sell; where it cannot deliver all of them, what the part costs that it delivers: the rest costs at least as much a token. Zero without a pool.", lambda r: _capture(r)[0]),
    Metric("capture_part", "Capture within a day", "ratio", "Part of the tokens that capture a vote that one auction delivers: of what is asked for beyond others' sales and three quarters of the pool, nothing; zero without a pool.", lambda r: _capture(r)[1]),
    Metric("fee_multiplier", "Fee multiplier", "ratio", "Factor on tomorrow's network share.", value_of("fee_multiplier")),
    *[live_value(name) for name in IDEAS if not name.startswith(("emission.", "treasury."))],
]  # fmt: skip
