"""QUIVGovernance: the clock, thresholds and deposit of proposals, and who votes."""

from __future__ import annotations

from model.registry import Contract, parameter

PROPOSAL_TYPES = ("technical", "economic", "treasury", "emergency")
"""SPEC, Proposal System: the order of its enumeration."""

Types = tuple[float, float, float, float]


class Governance(Contract):
    discussion_days: int = parameter(
        7,
        unit="days",
        low=0,
        high=365,
        source="WHITEPAPER, governance (7 days of discussion)",
        doc="From submission to the opening of the vote.",
    )
    voting_days: int = parameter(
        14,
        unit="days",
        low=1,
        high=365,
        source="WHITEPAPER, governance (14 days of voting)",
        doc="From the opening of the vote to its close.",
    )
    timelock_days: int = parameter(
        7,
        unit="days",
        low=0,
        high=365,
        source="WHITEPAPER 6.2 (7 days of timelock; 9.2 says 48 hours)",
        doc="From the close of the vote to execution.",
    )
    deposit_quiv: float = parameter(
        100_000.0,
        unit="QUIV",
        low=0.0,
        high=1e8,
        source="WHITEPAPER, governance (proposal deposit 100,000 QUIV)",
        doc="Locked by the proposer, returned unless support is below the refund threshold.",
        governed="technical",
        target="QUIVGovernance.deposit",
    )
    refund_support: float = parameter(
        0.10,
        unit="share of votes cast",
        low=0.0,
        high=1.0,
        source="assumption: no document has a refund rule",
        doc="A proposal with less support than this forfeits its deposit to the treasury.",
    )
    threshold: Types = parameter(
        (0.60, 0.55, 0.50, 0.75),
        unit="share of votes cast",
        low=0.5,
        high=1.0,
        source="WHITEPAPER, governance (technical 60, economic 55, treasury 50, emergency 75 %)",
        doc="Support that each type needs: at least this much, and more than it where it is one half.",
    )
    quorum: float = parameter(
        0.0,
        unit="share of circulating supply",
        low=0.0,
        high=1.0,
        source="SPEC has none",
        doc="Votes cast that a proposal needs.",
        governed="technical",
        target="QUIVGovernance.quorum",
    )
    turnout: float = parameter(
        0.10,
        unit="probability",
        low=0.0,
        high=1.0,
        source="Compound 2020-22: 7 to 8 % of supply votes; Snapshot DAOs 6 % on average",
        doc="Chance that a holder or provider votes on a proposal.",
    )
    staked_weight: float = parameter(
        1.5,
        unit="ratio",
        low=0.0,
        high=9.0,
        source="WHITEPAPER, governance (liquid 1x, staked 1.5x)",
        doc="Votes of a staked token over those of a liquid one.",
        governed="technical",
        target="QUIVGovernance.stakedWeight",
    )
    change_limit: float = parameter(
        0.20,
        unit="share of the live value",
        low=0.0,
        high=10.0,
        source="WHITEPAPER 6.3 (at most 20 % parameter change per quarter)",
        doc="A proposal that asks for a larger relative change is rejected when it is submitted.",
    )
