"""The last sections: risks, review, references, and where the evidence comes from."""

from __future__ import annotations

from experiments.proposals.case import TEXT, Case
from experiments.proposals.document.blocks import Bullets, DocumentSection, Facts, Paragraph, References
from experiments.proposals.evidence import OUTCOMES
from experiments.proposals.limits import limits


def risks_section(case: Case) -> DocumentSection:
    """What the model cannot say of the proposal."""
    said = Bullets([("", sentence) for sentence in limits(case.proposal.changes)])
    return DocumentSection("risks", "Risks, and what the model cannot say", [said])


def review_section(case: Case) -> DocumentSection:
    """When the change is looked at again, and for how long the evidence counts."""
    proposal = case.proposal
    said = f"To be reviewed on {proposal.review}. The evidence, {dated(case)}, counts for {proposal.valid_days} days."
    return DocumentSection("review", "Review", [Paragraph(said)])


def references_section(case: Case) -> DocumentSection:
    """What the author refers to."""
    texts = case.proposal.references
    return DocumentSection("references", "References", [References(texts) if texts else Paragraph("None.")])


def provenance_section(case: Case) -> DocumentSection:
    """What was simulated, and by which code."""
    proposal = case.proposal
    start = proposal.base.start
    facts = [
        ("Scenario", proposal.scenario),
        ("Starts from", "genesis" if start is None else f"day {start.day} of the network, by the snapshot start.json"),
        ("Scenarios", ", ".join(stress.name for stress in proposal.stress)),
        ("Days", f"{proposal.base.days:,}"),
        ("Runs", f"at most {proposal.runs:,} a setting and scenario"),
        ("Drawn for each run", ", ".join(proposal.environment.keys) or "nothing but chance"),
        ("Seed", str(proposal.seed)),
        ("Code version", case.code),
        (f"SHA-256 of {TEXT}", case.digests[TEXT]),
        (f"SHA-256 of {OUTCOMES}", case.digests[OUTCOMES]),
    ]
    return DocumentSection("provenance", "Provenance", [Facts(facts)])


def dated(case: Case) -> str:
    """When the evidence was made."""
    return f"made on {case.created}" if case.created else "of no stated date"
