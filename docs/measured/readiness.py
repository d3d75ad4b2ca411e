"""Readiness: the spec's Deployment Checklist, with what simulation says of each line."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import code, page, table
from experiments.validation.readiness import checklist

FILE = "readiness.md"


def text() -> str:
    """The page."""
    return page("Readiness", _parts())


def _parts() -> Iterable[str]:
    yield (
        "SPEC, Deployment Checklist, line by line: what a simulation can say, by what, and what came of it "
        "(`quiver-sim readiness`). *Supported*: what was asked of the model holds. *Open*: something stands against "
        "it, which is named. *Cannot judge*: it is about contracts, networks or people; what is beside it may help "
        "whoever judges. No line is ticked here."
    )
    rows = []
    for line in checklist():
        rows.append([line.item, f"**{line.verdict}**", line.says, "", ""])
        rows += [["", "", "", code(support.source), support.outcome] for support in line.support]
    yield table(["Line", "Verdict", "What a simulation can say", "Supported by", "Outcome"], rows)
