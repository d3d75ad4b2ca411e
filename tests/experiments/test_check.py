"""`quiver-sim check`: every row of theory is there, a broken mechanism breaks it, and a missed band does not."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.validation import registry, stylised_facts
from experiments.validation.conservation import CAP, Audit, audit
from experiments.validation.report import CheckReport, worst
from experiments.validation.rows import BY_CONVENTION, MET, NOT_MET, Figure, RowResult, TheoryRow, exactly, near
from model.arrays import NQUIV_PER_QUIV
from model.ledger import LedgerError
from policies import BLOCKS, emission

PAGE = Path(__file__).resolve().parents[2] / "docs" / "check.md"
THEORY = {f"T{number}" for number in range(1, 31)} | {"T8b", "T8c"}


def invoke(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["check", *arguments])


def row(*figures: Figure, convention: str = "") -> RowResult:
    return RowResult(TheoryRow("T0", "Nothing", "none", "nobody", lambda: list(figures), convention), figures)


def test_every_row_of_theory_is_looked_at() -> None:
    assert {found.id for found in registry.ROWS} == THEORY
    assert len(registry.ROWS) == len(THEORY)


def test_a_row_says_what_it_is_and_who_knows_it() -> None:
    for found in registry.ROWS:
        assert all((found.title, found.case, found.source))
        assert not found.convention or found.convention.endswith(".")


def test_the_status_of_a_row_is_that_of_its_worst_figure() -> None:
    good, bad = exactly("one", 1.0, 1.0), exactly("two", 2.0, 2.1)
    assert row(good).status == MET
    assert row(good, bad).status == NOT_MET
    assert row(good, convention="It differs.").status == BY_CONVENTION
    assert row(bad, convention="It differs.").status == NOT_MET
    assert row().status == NOT_MET


def test_a_convention_has_an_answer_of_its_own() -> None:
    figure = near("trips", 29.9, 27.5, 0.01)
    assert figure.status == NOT_MET
    assert replace(figure, instead=27.5).status == BY_CONVENTION


def test_the_figure_that_is_shown_of_a_row_is_the_one_that_breaks_it() -> None:
    """Also where it may not be off at all, or is no number."""
    strained = near("strained", 1.0, 1.0 + 9e-10)
    assert worst(row(exactly("at ease", 1.0, 1.0), strained)).startswith("strained")
    for measured in (2.0, float("nan")):
        assert worst(row(strained, exactly("broken", 1.0, measured))).startswith("broken")


@pytest.mark.parametrize("name", ["T2", "T10", "T12", "T16", "T25"])
def test_rows_are_met_by_runs(name: str) -> None:
    (outcome,) = registry.theory([name])
    assert outcome.status == MET, [f for f in outcome.figures if f.status != MET]


def test_a_broken_mechanism_breaks_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tenth too little is minted: T2 says so, and the command ends with 1."""
    emit = emission.emit

    def less(params: Any, substep: Any, state_history: Any, previous_state: Any) -> Any:
        return {name: flow - flow // 10 for name, flow in emit(params, substep, state_history, previous_state).items()}

    monkeypatch.setitem(BLOCKS, "emission", replace(BLOCKS["emission"], policy=less))
    result = invoke("--only", "T2", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["broken"] == ["T2"]
    assert "error: not as it must be: T2" in result.stderr


def test_a_case_that_fails_is_not_met_and_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    def stops(*_: Any) -> Any:
        raise ZeroDivisionError("nothing there")

    monkeypatch.setitem(BLOCKS, "market", replace(BLOCKS["market"], policy=stops))
    (outcome,) = registry.theory(["T12"])
    assert outcome.status == NOT_MET
    assert "nothing there" in outcome.failure


def test_money_that_is_lost_breaks_conservation(monkeypatch: pytest.MonkeyPatch) -> None:
    def loses(*_: Any, **__: Any) -> Any:
        raise LedgerError("day 3, substep treasury: 5 nano-QUIV are missing")

    monkeypatch.setattr("experiments.validation.conservation.execute", loses)
    found = audit("quiet", 1, 5)
    assert not found.kept
    assert CheckReport(audits=[found]).broken == ["quiet"]
    assert "5 nano-QUIV are missing" in CheckReport(audits=[found]).page()


def test_what_is_kept() -> None:
    found = audit("quiet", 2, 5)
    assert found.kept
    assert found.substeps > 50
    for broken in ({"unaccounted": 1}, {"least": -1}, {"minted_quiv": CAP / NQUIV_PER_QUIV + 1.0}, {"substeps": 0}):
        assert not replace(found, **broken).kept  # type: ignore[arg-type]


def test_a_harsh_scenario_runs_to_its_last_shock() -> None:
    found = audit("fire_sale", 1, 5)
    assert found.days > 5
    assert found.kept


def test_a_missed_band_breaks_nothing() -> None:
    missed = [stylised_facts.FactReading(fact, -9.0, -9.0, -9.0, 20) for fact in stylised_facts.FACTS[:1]]
    report = CheckReport(bands=missed)
    assert report.broken == []
    assert "0 of 1 bands met" in report.verdict
    assert report.plain()["facts"][0]["met"] is False


def test_a_wrong_name_is_answered() -> None:
    result = invoke("--only", "conservatoin")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "--only: conservatoin: no such row of the check" in result.stderr
    assert "nearest: conservation" in result.stderr


def test_the_result_is_written(tmp_path: Path) -> None:
    result = invoke("--only", "T10", "--only", "T16", "--out", str(tmp_path / "new"))
    assert result.exit_code == 0, result.output
    assert "Yield and compounded yield" in result.stdout
    written = json.loads((tmp_path / "new" / "check.json").read_text(encoding="utf-8"))
    assert [found["status"] for found in written["theory"]] == [MET, MET]
    assert all(figure["measured"] is not None for found in written["theory"] for figure in found["figures"])
    page = (tmp_path / "new" / "check.md").read_text(encoding="utf-8")
    assert "| T16 | Unbonding |" in page


def test_the_page_has_every_row_and_convention() -> None:
    """The page is made by the command, which takes minutes; what can be told without it is compared here."""
    page = PAGE.read_text(encoding="utf-8")
    for found in registry.ROWS:
        line = f"| {found.id} | {found.title} | {found.case} |"
        assert line in page, "quiver-sim check --out docs writes it anew"
        assert found.convention in page
    assert all(f"| {found.id} | {found.title} | {found.case} |" in page for found in registry.MARKET)
    assert all(f"| {name} |" in page for name in registry.HARSH)
    assert all(f"| {fact.name} |" in page for fact in stylised_facts.FACTS)
    assert "not met |" not in page


def test_an_audit_is_plain_data() -> None:
    plain = CheckReport(audits=[Audit("quiet", 1, 5, 100, 0, 0, 1.0)]).plain()
    assert plain["conservation"][0]["kept"] is True
    assert plain["broken"] == []
