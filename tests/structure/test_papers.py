"""The papers that are written by hand: whole, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from model.gone import GONE, MOVED
from model.parameters import REGISTRY, Parameters
from tests.structure.sources import ROOT

PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MARK = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
NAME = re.compile(r"`([a-z]+)\.([a-z_]+)\b[^`]*`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_a_paper_is_whole_and_its_links_lead_to_files(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    assert MARK.findall(text) == [], "left over from a merge"
    assert [link for link in LINK.findall(text) if not (paper.parent / link).exists()] == []


@pytest.mark.parametrize(
    "paper", [paper for paper in PAPERS if paper.name != "CHANGELOG.md"], ids=lambda path: path.name
)
def test_a_paper_names_parameters_that_there_are(paper: Path) -> None:
    """The page of parameters lists those of earlier versions too."""
    known = {*REGISTRY, *MOVED, *GONE} if paper.name == "parameters.md" else REGISTRY
    named = {
        f"{contract}.{name}"
        for contract, name in NAME.findall(paper.read_text(encoding="utf-8"))
        if contract in Parameters.model_fields
    }
    assert named - set(known) == set()
