"""The report's last parts: risks, review, references, and where the numbers come from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dashboards.evidence.parts import Block, Part, line
from dashboards.units import counted
from experiments.proposals.case import Case
from experiments.proposals.limits import limits

LINK = re.compile(r"(https?://[^\s<>\"'`]*[^\s<>\"'`.,;:!?)\]])", re.IGNORECASE)
"""An address on the web; no other text becomes a link."""


def parts(case: Case) -> Iterator[Part]:
    """Risks, review, references, provenance."""
    asked = case.asked
    risks = [("", sentence) for sentence in limits(asked.changes)]
    yield Part("Risks, and what the model cannot say", [Block(points=risks)])
    made = f"made on {case.created}" if case.created else "of no stated date"
    text = f"To be reviewed on {asked.review}. The evidence, {made}, counts for {counted(asked.valid_days, 'day')}."
    yield Part("Review", [Block(text=[text])])
    found = Block(lists=[pieces(one) for one in asked.references]) if asked.references else Block(text=["None."])
    yield Part("References", [found])
    yield Part("Provenance", [Block(facts=list(_facts(case)), text=[VERIFY])])


VERIFY = (
    "To check the folder that this page lies in: quiver-sim verify FOLDER --sample 20. It makes every file again from "
    "the outcomes, this page too, compares them to the byte, and simulates some of the runs again."
)


def pieces(reference: str) -> list[tuple[str, str]]:
    """A reference as texts, each with the address that it links to, or none."""
    found = LINK.split(line(reference))
    return [(text, text if place % 2 else "") for place, text in enumerate(found) if text]


def _facts(case: Case) -> Iterator[tuple[str, str]]:
    asked, start = case.asked, case.asked.base.start
    yield "Code version", line(case.code)
    yield "Scenario", line(asked.scenario) + ("" if start is None else f", from day {start.day} of the network")
    yield "Tried in", "; ".join(line(stress.name) for stress in asked.stress)
    yield "Settings", f"{len(asked.settings)}: today's values, the proposal, alternatives"
    yield "Runs", f"at most {asked.runs:,} a setting and scenario; {len(case.outcomes):,} in all"
    yield "Days", f"{asked.base.days:,}"
    yield "Seed", str(asked.seed)
    yield "Date of the evidence", case.created or "not stated"
