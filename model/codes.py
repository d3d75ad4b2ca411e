"""Codes: the whole numbers that stand in arrays for a status, a cause or an outcome, each with its meaning.

Where a table or a metric names one, it is by its label. Source: SPEC, Challenge Mechanism, Proposal System and Staking
Security, for the statuses and types that it enumerates; the others are of this model.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class Code(IntEnum):
    """A code with its meaning in words, `doc`."""

    doc: str

    def __new__(cls, value: int, doc: str) -> Self:
        """A member of a value, an `int` in every comparison and in every array."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.doc = doc
        return member

    @property
    def label(self) -> str:
        """The name by which metrics and files call it."""
        return self.name.lower()


class CaseStatus(Code):
    """ChallengeStatus of the case against a provider."""

    NONE = 0, "There is no case."
    VOTING = 1, "Its first panel has not ruled yet."
    RULED = 2, "A panel has ruled, and the loser may appeal."
    APPEALED = 3, "A second panel has not ruled yet."


class CaseCause(Code):
    """Who opened a case."""

    CANARY = 0, "The protocol, after canaries that failed."
    CONSUMER = 1, "A consumer who noticed bad work."
    WATCHER = 2, "A third-party challenger who noticed bad work."
    FRIVOLOUS = 3, "Somebody without evidence: an unfounded challenge."


class CaseOutcome(Code):
    """ResolutionOutcome of a case; an overturned ruling is counted beside its outcome."""

    UPHELD = 0, "A guilty verdict."
    REJECTED = 1, "An acquittal."
    LAPSED = 2, "No quorum."
    OVERTURNED = 3, "A ruling reversed on appeal."


class Severity(Code):
    """The band of a slash."""

    MINOR = 0, "Downtime."
    MAJOR = 1, "A smaller model than was paid for."
    SEVERE = 2, "Garbage."


class SlashCause(Code):
    """What slashes are counted by."""

    DOWNTIME = 0, "A provider's day below the bar of uptime."
    DEGRADED = 1, "A provider's smaller model."
    GARBAGE = 2, "A provider's garbage."
    VALIDATORS = 3, "Validators who do not look, or sell their vote."


class Misconduct(Code):
    """What a provider does in place of honest work."""

    DEGRADED = 0, "It runs a smaller model than was paid for."
    GARBAGE = 1, "It returns garbage."
    ABSENT = 2, "It serves nothing."


class ProposalType(Code):
    """Type of a proposal, in the order of the spec's enumeration."""

    TECHNICAL = 0, "A change of a technical parameter."
    ECONOMIC = 1, "A change of an economic parameter."
    TREASURY = 2, "A payment or a budget of the treasury."
    EMERGENCY = 3, "A change in days, not weeks."


class ProposalStatus(Code):
    """ProposalStatus; from `EXECUTED` on they are ends."""

    WAITING = 0, "Its day has not come, or its slot is empty."
    DISCUSSION = 1, "Submitted, and not yet voted on."
    VOTING = 2, "Voted on."
    TIMELOCK = 3, "Accepted, and not yet executed."
    EXECUTED = 4, "Executed."
    DEFEATED = 5, "Voted down, or without a quorum."
    REJECTED = 6, "Against a rule or a limit, or without a deposit."
    CANCELLED = 7, "Vetoed by the multisig."


CASE_CAUSES = tuple(cause.label for cause in CaseCause)
CASE_OUTCOMES = tuple(outcome.label for outcome in CaseOutcome)
SLASH_CAUSES = tuple(cause.label for cause in SlashCause)
PROPOSAL_TYPES = tuple(kind.label for kind in ProposalType)
PROPOSAL_ENDS = tuple(status.label for status in ProposalStatus if status >= ProposalStatus.EXECUTED)
"""Labels in the order of their codes; the last are those of proposals that have come to an end."""
