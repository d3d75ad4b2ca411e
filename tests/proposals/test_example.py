"""The pack that the documentation publishes: all of it holds but its code version, which is that of its making."""

from __future__ import annotations

from dashboards.evidence import report_files
from docs.packs import FOLDER, example, same_numbers
from experiments.proposals.proposal_file import load_proposal
from experiments.proposals.verify import Asked, verify_pack


def test_the_published_pack_holds() -> None:
    checked = verify_pack(FOLDER, report_files, Asked(0, today="2026-12-24"))
    found = {finding.check: finding for finding in checked.findings}
    broken = {check: finding.said for check, finding in found.items() if finding.holds is False}
    assert set(broken) <= {"code version"}, f"{broken}: run `python -m docs.packs`"
    assert found["rebuilt"].holds


def test_its_numbers_are_those_of_this_code() -> None:
    case, _ = example()
    assert same_numbers(case), "the numbers have changed: make docs/burn-share anew, as docs/proposals.md says"
    shipped = load_proposal("burn_share")
    assert case.proposal.text == shipped.text, "the example is another than the one that ships"
