"""A pack holds as it was written; once anything in it is changed, the check says what does not hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pandas as pd
import pytest
from jsonschema import Draft202012Validator

from dashboards.evidence import report_files
from experiments.errors import RequestError
from experiments.proposals import attacks, pack
from experiments.proposals.case import Case
from experiments.proposals.evidence import ATTACKS, OUTCOMES, csv_text, read_outcomes
from experiments.proposals.proposal_file import read_proposal
from experiments.proposals.schema import SCHEMA
from experiments.proposals.verify import Asked, verify_pack
from experiments.statistics import Estimate
from experiments.storage.version import code_version
from experiments.validation.attack_value import AttackOutcome
from model.economy import Economy
from tests.proposals.packs import (
    CREATED,
    SETTINGS,
    TEXT,
    broken,
    call,
    edit,
    forge,
    outcomes_of,
    propose,
    said,
)


def test_a_pack_holds(made: Path) -> None:
    assert sorted(path.name for path in made.iterdir()) == sorted(pack.FILES)
    code, out, err = call("verify", made, "--sample", 2, "--date", "2027-01-15", "--json")
    assert code == 0, err
    found = json.loads(out)
    assert found["holds"]
    assert {one["check"] for one in found["findings"] if one["holds"] is None} == {"attacks", "signature"}
    assert "2 of 24 simulated again" in said(made, "runs", 2).said


def test_what_a_pack_says(made: Path) -> None:
    content = json.loads((made / pack.DOCUMENT).read_text(encoding="utf-8"))
    assert content["changes"] == [
        {"name": "fees.burn_share", "before": "0.5", "after": "0.6", "unit": "share of the network fee"}
    ]
    assert content["proposal"]["Parameters"] == {"fees.burn_share": "0.6"}
    assert (content["schema_version"], content["created"], content["delay_days"]) == (2, CREATED, 28)
    assert {row["setting"] for row in content["effects"]} == SETTINGS
    assert "attack_wash_trading" in content["attacks_not_measured"]
    outcomes = outcomes_of(read_proposal(TEXT, pack.TEXT), made)
    mean = outcomes[(outcomes["scenario"] == "crash") & (outcomes["setting"] == "proposed")]["price_end"].mean()
    row = next(
        r for r in content["effects"] if (r["scenario"], r["kpi"], r["setting"]) == ("crash", "price_end", "proposed")
    )
    assert row["mean"] == pytest.approx(mean, rel=1e-12)


def test_the_document_is_as_its_schema_says(made: Path) -> None:
    document = json.loads((made / pack.DOCUMENT).read_text(encoding="utf-8"))
    check = Draft202012Validator(SCHEMA)
    check.check_schema(SCHEMA)
    assert list(check.iter_errors(document)) == []
    assert list(SCHEMA["properties"]) == list(document)
    for key in document:
        assert list(check.iter_errors({name: value for name, value in document.items() if name != key})), key


def test_the_page_has_its_sections_and_hostile_text_stays_text(made: Path) -> None:
    page = (made / pack.PAGE).read_text(encoding="utf-8")
    heads = [line for line in page.splitlines() if line.startswith("#")]
    assert [head.split()[1] for head in heads[1:]] == [
        *(
            "Summary",
            "Objective",
            "Specification",
            "Rationale",
            "Who",
            "What",
            "Where",
            "Risks,",
            "Review",
            "References",
            "Provenance",
        )
    ]
    assert len([head for head in heads if head.startswith("# ")]) == 1
    assert r"Burn &lt;script&gt;alert(1)&lt;/script&gt; \| more \#\# \[now\](javascript:x) \*60\*" in heads[0]
    assert "<" not in page
    assert "\n\\- an item &lt;img src=x&gt;\n" in page
    assert "\n\\| a \\| b \\|\n" in page
    assert "attack_wash_trading" in page


def test_other_code_does_not_hold_and_is_not_run_again(copied: Path) -> None:
    edit(copied, pack.MANIFEST, code_version(), "0.0+000000000000")
    assert broken(copied, 1) == {"code version", "rebuilt"}
    assert said(copied, "runs", 1).holds is None


def test_pages_that_other_code_drew_are_named(copied: Path) -> None:
    """The code version holds, as numbers are the same; the sentence allows for both reasons."""

    def drawn_otherwise(case: Case) -> dict[str, bytes]:
        return {**report_files(case), pack.REPORT: b"<p>another page</p>"}

    found = {finding.check: finding for finding in verify_pack(copied, drawn_otherwise, Asked(0)).findings}
    assert found["code version"].holds
    assert found["hashes"].holds
    assert found["rebuilt"].holds is False
    assert "report.html, manifest.json; edited, or made by another version of the program" in found["rebuilt"].said


def swap_runs(outcomes: pd.DataFrame) -> None:
    values = [name for name in outcomes.columns if name not in ("scenario", "setting", "run")]
    outcomes.loc[[0, 1], values] = outcomes.loc[[1, 0], values].to_numpy()


def nudge(outcomes: pd.DataFrame) -> None:
    outcomes.loc[2, "price_end"] *= 1.0 + 1e-15


@pytest.mark.parametrize(
    ("change", "named"), [(swap_runs, "baseline today 0: growth"), (nudge, "baseline today 2: price_end")]
)
def test_forged_outcomes_are_found_by_running_them_again(
    change: Callable[[pd.DataFrame], None], named: str, copied: Path
) -> None:
    forge(copied, change=change)
    assert broken(copied) == set()
    assert broken(copied, 24) == {"runs"}
    assert named in said(copied, "runs", 24).said


@pytest.mark.parametrize(
    ("old", "new", "wrong"),
    [
        ("days: 20", "days: 20\nseed: 2", {"runs"}),
        ("population.providers: 5", "population.providers: 6", {"runs"}),
        ("burn_share: 0.6}", "burn_share: 0.62}", {"rails"}),
        ("review: 2027-06-01", "review: 2026-11-30", {"rails"}),
    ],
)
def test_a_forged_proposal_is_found(old: str, new: str, wrong: set[str], copied: Path) -> None:
    forge(copied, text=lambda text: text.replace(old, new, 1))
    assert broken(copied, 1) == wrong


def test_runs_end_where_the_rules_end_them(made: Path) -> None:
    """A forger cannot leave out a batch of runs, nor add one, to have nicer figures."""
    wide, narrow = (
        f"stopping: {{kpi: price_end, half_width: {half}, batch: 2, max_runs: 4}}" for half in ("9.0", "0.000001")
    )
    lines = (made / OUTCOMES).read_text(encoding="utf-8").splitlines(keepends=True)
    both = "".join(line for line in lines if line.split(",")[2] not in ("2", "3"))
    for rule, enough, other in ((wide, both, "".join(lines)), (narrow, "".join(lines), both)):
        proposal = read_proposal(TEXT.replace("runs: 4", rule), pack.TEXT)
        assert csv_text(read_outcomes(proposal, enough)) == enough
        with pytest.raises(RequestError, match="line 4: found"):
            read_outcomes(proposal, other)


def test_a_pack_made_again_is_the_same(made: Path, copied: Path) -> None:
    forge(copied)
    assert {n: (copied / n).read_bytes() for n in pack.FILES} == {n: (made / n).read_bytes() for n in pack.FILES}


def test_evidence_has_an_age(copied: Path) -> None:
    assert said(copied, "age").holds is None
    assert [
        said(copied, "age", today=day).holds for day in ("2026-12-01", "2027-03-01", "2027-03-02", "2026-11-30")
    ] == [*(True, True, False, False)]
    forge(copied, created=None)
    assert broken(copied) == set()
    assert broken(copied, today="2026-12-01") == {"age"}


def test_attacks_are_measured_again_where_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a short stand-in for the measurement, which tests of attacks look at: same, other, and not asked for."""
    share = 1.0

    def short(economies: Sequence[Economy], runs: int, seed: int) -> list[AttackOutcome]:
        burnt = [Estimate(share * economy.parameters.fees.burn_share, 0.1, runs) for economy in economies]
        return [AttackOutcome(runs, one, one, one, 1.0) for one in burnt]

    monkeypatch.setattr(attacks, "compare_attacks", short)
    folder = propose(tmp_path, TEXT, "--attacks", "touched")
    table = pd.read_csv(folder / ATTACKS)
    assert set(table["profit_usd"]) == {0.5, 0.6}
    assert said(folder, "attacks").holds is None
    assert said(folder, "attacks", sample=2).holds
    assert said(folder, "attacks", attacks=True).holds
    assert "attack_wash_trading" in (folder / pack.PAGE).read_text(encoding="utf-8")
    share = 1.5
    assert broken(folder, attacks=True) == {"attacks"}


def test_the_command_names_what_does_not_hold(copied: Path) -> None:
    edit(copied, pack.PAGE, "baseline", "best case")
    code, out, err = call("verify", copied, "--sample", 0)
    assert code == 1
    assert "proposal.md" in out
    assert "does not hold: hashes, rebuilt" in err


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("verify", "nowhere"), "nowhere: no such folder"),
        (("verify", ".", "--sample", -1), "--sample: found -1"),
        (("verify", ".", "--date", "soon"), "--date: found 'soon'; allowed: a date"),
        (("propose", "burn_shar"), "nearest: burn_share"),
        (("propose", "burn_share", "--attacks", "som"), "--attacks: found"),
        (("propose", "burn_share", "--date", "2027-13-01"), "--date: found"),
        (("propose", "burn_share", "--workers", -1), "--workers: found -1"),
        (("propose", "burn_share", "--date", "2027-06-01"), "review date: found 2027-06-01"),
    ],
)
def test_a_wrong_request_is_answered(words: tuple[object, ...], sentence: str, tmp_path: Path) -> None:
    options = ("--out", tmp_path / "pack") if words[0] == "propose" else ()
    code, _, err = call(*words, *options)
    assert (code, sentence in err) == (2, True), err
    assert list(tmp_path.iterdir()) == []


def test_a_foreign_folder_is_left_alone(made: Path, tmp_path: Path) -> None:
    (tmp_path / "diary.txt").write_text("mine")
    code, _, err = call("propose", made.parent / "ask.yaml", "--out", tmp_path, "--attacks", "none", "--workers", 0)
    assert code == 2
    assert "diary.txt" in err
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]
    pack.refuse_foreign(made)
