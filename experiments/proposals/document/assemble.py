"""The sections of a proposal's document, in the order in which voters ask: what, how well, why, for whom, what if."""

from __future__ import annotations

from experiments.proposals.case import Case
from experiments.proposals.document.attacks import attacks_section
from experiments.proposals.document.blocks import Document
from experiments.proposals.document.closing import (
    dated,
    provenance_section,
    references_section,
    review_section,
    risks_section,
)
from experiments.proposals.document.effects import groups_section, rationale_section, turning_points_section
from experiments.proposals.document.goals import objective_section, summary_section
from experiments.proposals.document.specification import specification_section
from experiments.proposals.rails import support_needed
from experiments.words import percent

SECTIONS = (
    summary_section,
    objective_section,
    specification_section,
    rationale_section,
    groups_section,
    attacks_section,
    turning_points_section,
    risks_section,
    review_section,
    references_section,
    provenance_section,
)


def proposal_document(case: Case) -> Document:
    """The document of a case."""
    proposal = case.proposal
    support = percent(support_needed(proposal))
    return Document(
        proposal.title,
        f"By {proposal.author}. A proposal of type {proposal.type}, which needs {support} of the votes cast.",
        [section(case) for section in SECTIONS],
        f"Evidence {dated(case)} by quiver-sim {case.code}. The numbers are in the CSV files and in proposal.json "
        "beside this page, in raw units. Check all of it with: quiver-sim verify on this folder.",
    )
