"""A proposal outside a rail is refused, with what was found and what is allowed; one within them passes every check."""

from __future__ import annotations

from pathlib import Path

import pytest

from experiments.errors import RequestError
from experiments.proposals.proposal_file import Proposal, read_proposal
from experiments.proposals.rails import checks, refuse_broken, support_needed

TEXT = (Path(__file__).parents[2] / "experiments/proposals/examples/burn_share.yaml").read_text(encoding="utf-8")


def proposal_with(old: str = "", new: str = "") -> Proposal:
    """The shipped example, with one passage replaced."""
    assert old in TEXT
    return read_proposal(TEXT.replace(old, new), "proposal.yaml")


def broken(proposal: Proposal, created: str | None = None) -> list[str]:
    """The rails that a proposal breaks."""
    return [check.rail for check in checks(proposal, created) if not check.passed]


def test_the_example_keeps_to_every_rail() -> None:
    assert broken(proposal_with(), "2026-12-01") == []
    assert {check.rail for check in checks(proposal_with())} >= {
        "governed",
        "bounds",
        "type",
        "change in a quarter",
        "delay",
    }
    assert support_needed(proposal_with()) == 0.55
    assert support_needed(proposal_with("type: economic", "type: emergency")) == 0.80


@pytest.mark.parametrize(
    ("old", "new", "rail"),
    [
        ("{fees.burn_share: 0.6}\nalternatives", "{fees.burn_share: 0.61}\nalternatives", "change in a quarter"),
        ("type: economic", "type: technical", "type"),
        ("valid_days: 90", "delay_days: 27", "delay"),
        ("valid_days: 90", "quarter_start: {fees.burn_share: 0.45}", "change in a quarter"),
        ("today: {", "today: {fees.stakers_share: 0.45, ", "rules between parameters"),
    ],
)
def test_each_rail_refuses(old: str, new: str, rail: str) -> None:
    proposal = proposal_with(old, new)
    assert broken(proposal) == [rail]
    with pytest.raises(RequestError, match=rail):
        refuse_broken(checks(proposal))


def test_the_review_lies_after_the_day_of_the_evidence() -> None:
    assert broken(proposal_with(), "2027-06-01") == ["review date"]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("changes: {fees.burn_share: 0.6}", "changes: {fees.burn_share: 1.2}", "found 1.2; allowed: a number from 0"),
        ("changes: {fees.burn_share: 0.6}", "changes: {fees.burn_shar: 0.6}", "nearest: fees.burn_share"),
        ("changes: {fees.burn_share: 0.6}", "changes: {pool.fee: 0.6}", "pool.fee"),
        ("review: 2027-06-01", "review: soon", "a date such as"),
        ("author: An economist\n", "", "author: missing"),
    ],
)
def test_a_wrong_file_is_answered_in_a_sentence(old: str, new: str, sentence: str) -> None:
    with pytest.raises(RequestError) as error:
        proposal_with(old, new)
    assert sentence in str(error.value)
