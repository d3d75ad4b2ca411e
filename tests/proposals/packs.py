"""A small proposal, its pack, and what is done to packs in tests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from typer.testing import CliRunner

from dashboards.evidence import report_files
from experiments.cli import app
from experiments.proposals import pack
from experiments.proposals.case import Case
from experiments.proposals.evidence import ATTACKS, OUTCOMES, csv_text, read_outcomes
from experiments.proposals.proposal_file import Proposal, read_proposal
from experiments.proposals.verify import Asked, PackFinding, verify_pack
from experiments.storage.version import code_version

TITLE = r"Burn <script>alert(1)</script> | more\n## [now](javascript:x) *60*"
TEXT = f"""
title: "{TITLE}"
author: An economist
type: economic
changes: {{fees.burn_share: 0.6}}
alternatives: [{{fees.burn_share: 0.55}}]
rationale: "Fewer tokens.\\n\\n# A heading\\n\\n- an item <img src=x>\\n\\n| a | b |"
review: 2027-06-01
references: ["A paper, <b>1</b>"]
today: {{population.providers: 5, population.consumers: 5, population.holders: 8, population.validators: 3}}
days: 20
runs: 4
environment:
  demand.adoption_rate: {{low: 0.5, high: 2.0, scale: log}}
kpis:
  - {{name: growth, metric: supply_quiv, aggregation: change, direction: down, threshold: 1, unit: ratio, chance: 0.5}}
  - {{name: price_end, metric: price_usd, aggregation: last, direction: up}}
stress:
  - {{name: crash, severity: adverse, shocks: [{{day: 8, kind: price_jump}}]}}
"""
CREATED = "2026-12-01"
SETTINGS = {"today", "proposed", "alternative 1"}


def call(*arguments: object) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command."""
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.stdout, result.stderr


def propose(folder: Path, text: str = TEXT, *more: object) -> Path:
    """A pack as the command writes it."""
    (folder / "ask.yaml").write_text(text, encoding="utf-8")
    options = ("--attacks", "none", "--workers", 0, "--date", CREATED)
    code, out, err = call("propose", folder / "ask.yaml", "--out", folder / "pack", *options, *more)
    assert code == 0, err
    assert out.splitlines()[-1] == str(folder / "pack")
    return folder / "pack"


DRAWN: dict[str, dict[str, bytes]] = {}
"""Reports that were drawn, by their document, which has the hash of all that they follow from."""


def drawn_once(case: Case) -> dict[str, bytes]:
    """The report of a case, of each case drawn once."""
    if case.content_json not in DRAWN:
        DRAWN[case.content_json] = report_files(case)
    return DRAWN[case.content_json]


def first(rows: Sequence[Any], count: int) -> Sequence[Any]:
    """The first few, in place of a draw."""
    return list(rows)[:count]


def broken(folder: Path, sample: int = 0, **options: Any) -> set[str]:
    """What does not hold."""
    return set(verify_pack(folder, drawn_once, Asked(sample, **options), pick=first).broken)


def said(folder: Path, check: str, sample: int = 0, **options: Any) -> PackFinding:
    """One finding."""
    found = verify_pack(folder, drawn_once, Asked(sample, **options), pick=first).findings
    return next(finding for finding in found if finding.check == check)


def edit(folder: Path, name: str, old: str, new: str) -> None:
    """Replace the first of a passage that is there."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def fix_hashes(folder: Path) -> None:
    """Make the manifest list what is there."""
    manifest = json.loads((folder / pack.MANIFEST).read_text(encoding="utf-8"))
    manifest["sha256"] = {n: hashlib.sha256((folder / n).read_bytes()).hexdigest() for n in manifest["sha256"]}
    (folder / pack.MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def forge(
    folder: Path,
    text: Callable[[str], str] = str,
    change: Callable[[pd.DataFrame], object] = id,
    created: str | None = CREATED,
    report_files: pack.ReportFiles = drawn_once,
) -> None:
    """Make every file again from a changed text or changed outcomes, as a forger who has the program would."""
    proposal = read_proposal(text(TEXT), pack.TEXT)
    outcomes = outcomes_of(proposal, folder)
    change(outcomes)
    made = pack.Made(code_version(), "none", created)
    attacks = (folder / ATTACKS).read_text(encoding="utf-8")
    for name, content in pack.files(
        pack.case_of(proposal, csv_text(outcomes), attacks, made), made, report_files
    ).items():
        (folder / name).write_bytes(content)


def outcomes_of(proposal: Proposal, folder: Path) -> pd.DataFrame:
    """The outcomes that a pack has."""
    return read_outcomes(proposal, (folder / OUTCOMES).read_text(encoding="utf-8"))
