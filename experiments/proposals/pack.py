"""The pack of a proposal: a folder that a voter can read, and that anyone can check with `quiver-sim verify`.

Every file follows from what was given (the proposal, and if there are any the snapshot that runs start from and the map
of contracts), the outcomes, the attacks, the code version and the date alone, so that a checker who makes them again
must get the same bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from experiments.errors import RequestError
from experiments.proposals.case import CALLS, SCHEMA_VERSION, TARGETS, Case
from experiments.proposals.case import START as START
from experiments.proposals.case import TEXT as TEXT
from experiments.proposals.document import proposal_document
from experiments.proposals.evidence import ATTACKS, OUTCOMES, csv_text, read_attack_outcomes, read_outcomes
from experiments.proposals.markdown import to_markdown
from experiments.proposals.proposal_file import Proposal
from experiments.storage.results_io import json_text
from experiments.storage.scratch import replacing

DOCUMENT, PAGE, KPIS, MANIFEST = "proposal.json", "proposal.md", "kpis.csv", "manifest.json"
REPORT, FIGURES = "report.html", "figures.json"
FILES = (TEXT, DOCUMENT, PAGE, REPORT, FIGURES, OUTCOMES, KPIS, ATTACKS, MANIFEST)
OPTIONAL = (START, TARGETS, CALLS)
"""Files of a pack whose proposal starts from a snapshot, or that has calls on chain."""

MOST_BYTES = {
    **{MANIFEST: 100_000, ATTACKS: 100_000},
    **{TEXT: 1_000_000, TARGETS: 1_000_000, CALLS: 10_000_000, START: 20_000_000, OUTCOMES: 100_000_000},
    **{DOCUMENT: 10_000_000, PAGE: 10_000_000, KPIS: 20_000_000, FIGURES: 50_000_000, REPORT: 50_000_000},
}
"""The largest that each file may be: a check reads no more of a stranger's pack."""

ReportFiles = Callable[[Case], Mapping[str, bytes]]
"""Draws `REPORT` and `FIGURES`, the same bytes each time (`dashboards.evidence.report_files`)."""

KIND = "quiver-sim proposal pack"


@dataclass(frozen=True)
class Made:
    """How a pack was made: the code version, which attacks were chosen, and the ISO date, if one was given."""

    code: str
    attacks: str
    created: str | None


def case_of(proposal: Proposal, outcomes: str, attacks: str, made: Made, targets: str | None = None) -> Case:
    """The case that CSV texts make; `RequestError` where they do not fit the proposal."""
    tables = read_outcomes(proposal, outcomes), read_attack_outcomes(proposal, attacks, made.attacks)
    return Case(proposal, *tables, made.code, made.created, targets)


def files(case: Case, made: Made, report_files: ReportFiles) -> dict[str, bytes]:
    """Every file of a pack, by name."""
    texts = case.evidence | {
        DOCUMENT: case.content_json,
        PAGE: to_markdown(proposal_document(case)),
        KPIS: csv_text(case.effects),
    }
    if case.calls is not None:
        texts[CALLS] = json_text(case.calls)
    found = {name: text.encode("utf-8") for name, text in texts.items()} | dict(report_files(case))
    manifest = {
        "kind": KIND,
        "schema_version": SCHEMA_VERSION,
        "code_version": made.code,
        "attacks": made.attacks,
        "created": made.created,
        "command": _command(case, made),
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in found.items()},
    }
    return found | {MANIFEST: json_text(manifest).encode("utf-8")}


def write(contents: Mapping[str, bytes], folder: Path) -> None:
    """Put a pack into its folder, whole or not at all; a pack that is there is replaced."""
    refuse_foreign(folder)
    with replacing(folder) as made:
        for name, content in contents.items():
            (made / name).write_bytes(content)


def refuse_foreign(folder: Path) -> None:
    """Refuse a file, and a folder that holds anything that is no pack's."""
    if folder.exists() and not folder.is_dir():
        raise RequestError(f"--out: found the file {folder}; allowed: a new folder, or a pack to replace")
    inside = sorted(path.name for path in folder.iterdir()) if folder.exists() else []
    foreign = [name for name in inside if name not in (*FILES, *OPTIONAL)]
    if foreign or (inside and MANIFEST not in inside):
        found = f"{folder}, which holds {(foreign or inside)[0]}"
        raise RequestError(f"--out: found {found}; allowed: a new folder, or a pack to replace")


def _command(case: Case, made: Made) -> str:
    """What makes the pack from its own files."""
    targets = "" if case.targets is None else f" --targets {TARGETS}"
    date = f" --date {made.created}" if made.created else ""
    return f"quiver-sim propose {TEXT} --attacks {made.attacks}{targets}{date}"
