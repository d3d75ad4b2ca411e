"""The papers that are written by hand: whole, and their links lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.structure.sources import ROOT

PAPERS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
MARK = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_a_paper_is_whole_and_its_links_lead_to_files(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    assert MARK.findall(text) == [], "left over from a merge"
    assert [link for link in LINK.findall(text) if not (paper.parent / link).exists()] == []
