"""The commands of analysis: what they print and write, that they go on, and how they answer a wrong request."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.cli.tune import FRESH
from experiments.sweeps import chunk

GOAL = "threshold: {threshold}, unit: QUIV, chance: 0.5, goal: scarcity"
SMALL = """
title: Small
scenario: quiet
days: 4
runs: {runs}
seed: 7
controls:
  fees.burn_share: [0.25, 0.5, 0.75]
  fees.network_share: [0.1, 0.15]
environment:
  demand.budget_usd_per_day: {{low: 50.0, high: 5000.0, scale: log}}
kpis:
  - {{name: burned, metric: burned_quiv, aggregation: last, direction: up{goal}}}
  - {{name: income, metric: provider_income_quiv, aggregation: sum, direction: up}}
"""


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": "200"})
    return result.exit_code, result.stdout, result.stderr


def small(folder: Path, threshold: float | None = None, runs: int = 6) -> Path:
    file = folder / "small.yaml"
    goal = "" if threshold is None else ", " + GOAL.format(threshold=threshold)
    file.write_text(SMALL.format(goal=goal, runs=runs), encoding="utf-8")
    return file


def test_sensitivity_prints_both_tables_and_writes_them(tmp_path: Path) -> None:
    asked = (
        "sensitivity",
        small(tmp_path),
        "--workers",
        0,
        "--trajectories",
        3,
        "--samples",
        4,
        "--runs",
        1,
        "--top",
        2,
    )
    code, out, err = call(*asked, "--out", tmp_path / "results")
    assert code == 0
    assert "Morris screening" in out
    assert "Sobol indices" in out
    assert "Morris: 12 points over 3 factors; Sobol: 16 points over 2 factors, 1 run each, 4 days" in err
    (folder,) = (tmp_path / "results").iterdir()
    screened = pd.read_csv(folder / "screening.csv")
    assert len(screened) == 6
    assert set(screened["factor"]) == {"fees.burn_share", "fees.network_share", "demand.budget_usd_per_day"}
    written = json.loads((folder / "sensitivity.json").read_text())
    assert len(written["indices"]) == 4
    assert written["top"] == 2


def test_sensitivity_of_the_difference_is_one_json_document(tmp_path: Path) -> None:
    asked = ("sensitivity", small(tmp_path), "--workers", 0, "--method", "morris", "--trajectories", 3, "--runs", 1)
    code, out, err = call(*asked, "--kpi", "burned", "--difference", "--json")
    found = json.loads(out)
    assert code == 0
    assert "and as many with today's controls" in err
    assert (found["difference"], found["kpis"], found["folder"]) == (True, ["burned"], None)
    assert "indices" not in found
    assert {row["kpi"] for row in found["screening"]} == {"burned"}
    whole = json.loads(call(*asked, "--kpi", "burned", "--json")[1])
    assert [row["mu"] for row in whole["screening"]] != [row["mu"] for row in found["screening"]]


def test_tune_recommends_the_least_change_and_writes_all_of_it(tmp_path: Path) -> None:
    """Hardly anything is to be burned, which today's setting does in all runs."""
    asked = ("tune", small(tmp_path, threshold=1.5), "--workers", 0, "--trials", 6, "--out", tmp_path / "results")
    code, out, err = call(*asked)
    assert code == 0, err
    assert "Candidate 0 of 6, 6 admissible" in out
    assert "Nothing changes: it is today's setting." in out
    assert "goal scarcity: burned at least 1.5, in 50 % of runs" in err
    (folder,) = (tmp_path / "results").iterdir()
    trials = pd.read_csv(folder / "trials.csv", keep_default_na=False)
    pd.testing.assert_frame_equal(trials, pd.read_parquet(folder / "trials.parquet"), check_dtype=False)
    assert len(trials) == 6
    assert trials["admissible"].all()
    written = json.loads((folder / "tune.json").read_text())
    assert (written["candidate"], written["verdict"], len(written["admissible"])) == (0, "holds", 6)
    assert {row["n"] for row in written["validation"]} == {6}
    manifests = [json.loads(file.read_text()) for file in folder.glob("sweeps/*/manifest.json")]
    assert sorted({manifest["seed"] for manifest in manifests}) == [7, 7 + FRESH]
    page = (folder / "report.md").read_text()
    assert "It holds: on runs that the search has not seen" in page
    assert "| scarcity | 100 % (61 to 100) of 6 | 100 % (61 to 100) of 6 | 50 % | met |" in page


def test_a_tuning_that_was_stopped_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ("tune", small(tmp_path), "--workers", 0, "--trials", 6, "--out", tmp_path, "--json", "--batch", 3)
    whole, calls = chunk.execute, 0

    def stopping(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise KeyboardInterrupt
        return whole(*arguments)

    monkeypatch.setattr(chunk, "execute", stopping)
    code, out, err = call(*asked)
    assert (code, out) == (1, "")
    assert "interrupted; run the same command again to resume" in err
    code, out, _ = call(*asked)
    assert code == 0
    found = json.loads(out)
    assert found["verdict"] == "no goals"
    assert found["candidate"] in found["front"]
    monkeypatch.setattr(chunk, "execute", None)
    assert json.loads(call(*asked)[1]) == found


def test_no_admissible_setting_is_exit_code_1(tmp_path: Path) -> None:
    asked = ("tune", small(tmp_path, threshold=1e12), "--workers", 0, "--trials", 6, "--out", tmp_path)
    code, out, err = call(*asked)
    assert (code, out) == (1, "")
    assert "No setting that was tried meets every goal." in err
    (folder,) = tmp_path.glob("small-tune-*")
    assert "scarcity met in 0 of 6 runs (0 to 39 %), 50 % asked" in (folder / "report.md").read_text()
    assert json.loads(call(*asked, "--json")[1])["recommended"] is None


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    code, out, _ = call("sweep", small(folder, threshold=25000.0, runs=16), "--workers", 0, "--out", folder)
    assert code == 0
    return Path(out.strip())


def test_report_says_what_a_store_shows(store: Path) -> None:
    code, out, _ = call("report", store)
    assert code == 0
    assert "Goals" in out
    assert "Paired differences from today's setting, design point 3" in out
    assert "scarcity fails in" in out
    assert "demand.budget_usd_per_day at most" in out


def test_report_as_json_agrees_with_the_store(store: Path) -> None:
    found = json.loads(call("report", store, "--json")[1])
    kpis = pd.read_parquet(store / "kpis.parquet")
    fails = int((kpis["burned"] < 25000.0).sum())
    assert 20 < fails < 76
    assert [row["met"] for row in found["goals"]] == (kpis["burned"] >= 25000.0).groupby(kpis["design"]).sum().tolist()
    (one,) = found["failing"]
    assert (one["fails"], one["cases"]) == (fails, 96)
    assert one["density"] > fails / 96
    assert {row["kpi"] for row in found["differences"]} == {"burned", "income"}
    assert len(found["differences"]) == 10
    burned = kpis.pivot(index="run", columns="design", values="burned")
    first = next(row for row in found["differences"] if (row["kpi"], row["design"]) == ("burned", 0))
    assert first["difference"] == pytest.approx((burned[0] - burned[3]).mean())


def test_report_of_a_store_without_goals_or_today(tmp_path: Path) -> None:
    written = json.loads(
        call("run", "quiet", "--days", 2, "--set", "fees.burn_share=0.6", "--out", tmp_path, "--json")[1]
    )
    code, _, err = call("report", written["store"])
    assert code == 0
    assert "no KPI has a threshold" in err
    assert "no design point is today's" in err


WRONG: dict[str, tuple[tuple[Any, ...], str]] = {
    "experiment": (("sensitivity", "dmeo"), "dmeo: no such experiment"),
    "method": (
        ("sensitivity", "demo", "--method", "moris"),
        "--method: found 'moris'; allowed: morris or sobol or both",
    ),
    "samples": (("sensitivity", "demo", "--samples", "100"), "--samples: found 100; allowed: a power of two"),
    "trajectories": (
        ("sensitivity", "demo", "--trajectories", "1"),
        "--trajectories: found 1; allowed: a whole number",
    ),
    "kpi": (("sensitivity", "demo", "--kpi", "burnd"), "--kpi: burnd: no such KPI"),
    "one factor": (("sensitivity", "governance_frozen"), "allowed: at least two to compare"),
    "trials": (("tune", "demo", "--trials", "0"), "--trials: found 0"),
    "by": (("tune", "demo", "--by", "luck"), "--by: found 'luck'; allowed: lower or estimate"),
    "among": (("tune", "demo", "--among", "all"), "--among: found 'all'; allowed: admissible or front"),
    "objective": (("tune", "demo", "--objective", "burnd"), "objective burnd: no such KPI"),
    "no way": (("tune", "demo", "--objective", "burned"), "objective burned: its direction is none"),
    "store": (("report", "results/nowhere"), "results/nowhere: no such folder"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_request_is_answered_on_stderr_with_exit_code_2(case: str) -> None:
    arguments, expected = WRONG[case]
    code, out, err = call(*arguments)
    assert (code, out) == (2, "")
    assert expected in err
    assert "Traceback" not in err


def test_too_few_runs_for_a_chance_are_a_wrong_request(tmp_path: Path) -> None:
    code, _, err = call("tune", small(tmp_path, threshold=1.0), "--runs", 3, "--out", tmp_path / "results")
    assert code == 2
    assert "runs: found 3, with which no setting can be shown to meet scarcity in 50 % of runs" in err
    assert not (tmp_path / "results").exists()
