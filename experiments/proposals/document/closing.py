"""The last sections: risks, review, references, and where the evidence comes from."""

from __future__ import annotations

from experiments.proposals.case import Case
from experiments.proposals.document.blocks import Bullets, DocumentSection, Facts, Paragraph, References
from experiments.proposals.limits import limits


def risks_section(case: Case) -> DocumentSection:
    """What the model cannot say of the proposal."""
    said = Bullets([("", sentence) for sentence in limits(case.asked.changes)])
    return DocumentSection("risks", "Risks, and what the model cannot say", [said])


def review_section(case: Case) -> DocumentSection:
    """When the change is looked at again, and for how long the evidence counts."""
    asked = case.asked
    said = f"To be reviewed on {asked.review}. The evidence, {dated(case)}, counts for {asked.valid_days} days."
    return DocumentSection("review", "Review", [Paragraph(said)])


def references_section(case: Case) -> DocumentSection:
    """What the author refers to."""
    texts = case.asked.references
    return DocumentSection("references", "References", [References(texts) if texts else Paragraph("None.")])


def provenance_section(case: Case) -> DocumentSection:
    """What was simulated, and by which code."""
    asked = case.asked
    start = asked.base.start
    facts = [
        ("Scenario", asked.scenario),
        ("Starts from", "genesis" if start is None else f"day {start.day} of the network, by the snapshot start.json"),
        ("Scenarios", ", ".join(stress.name for stress in asked.stress)),
        ("Days", f"{asked.base.days:,}"),
        ("Runs", f"at most {asked.runs:,} a setting and scenario"),
        ("Drawn for each run", ", ".join(asked.environment.keys) or "nothing but chance"),
        ("Seed", str(asked.seed)),
        ("Code version", case.code),
    ]
    return DocumentSection("provenance", "Provenance", [Facts(facts)])


def dated(case: Case) -> str:
    """When the evidence was made."""
    return f"made on {case.created}" if case.created else "of no stated date"
