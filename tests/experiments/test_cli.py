"""The command line: what it prints where, its exit codes, and how it answers a wrong request."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments.cli import app

COMMANDS = ("run", "sweep", "publish", "presets", "scenarios", "params", "metrics", "bench")
HEAVY = ("numpy", "pandas", "pydantic", "ray", "radcad", "cadCAD", "plotly", "pyarrow", "yaml")


def call(*arguments: object) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout, result.stderr


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, experiments.cli; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_shows_an_example(command: str) -> None:
    code, out, _ = call(command, "--help")
    assert code == 0
    assert f"Example: quiver-sim {command}" in out


def test_run_prints_figures_on_stdout_and_prose_on_stderr() -> None:
    code, out, err = call("run", "whitepaper", "--days", "5", "--runs", "2", "--set", "fees.burn_share=0.6")
    assert code == 0
    assert "Total supply" in out
    assert "90 % of runs" in out
    assert "QUIV" in out
    assert "5 days, 2 runs, seed 1" in err


@pytest.mark.parametrize("engine", ["ensemble", "radcad", "cadcad"])
def test_run_gives_one_json_document_whatever_the_engine(engine: str) -> None:
    code, out, _ = call("run", "quiet", "--days", "2", "--engine", engine, "--json", "--set", "population.providers=20")
    figures = json.loads(out)
    assert code == 0
    assert (figures["days"], figures["runs"], figures["engine"], figures["out"]) == (2, 1, engine, None)
    supply = next(row for row in figures["figures"] if row["metric"] == "supply_quiv")
    assert supply["first"]["p50"] == 650e6
    assert supply["unit"] == "QUIV"


def test_sweep_prints_the_store_and_resumes(tmp_path: Path) -> None:
    experiment = tmp_path / "small.yaml"
    experiment.write_text(
        "scenario: quiet\ndays: 3\nruns: 2\ncontrols: {fees.burn_share: [0.4, 0.5]}\n"
        "kpis: [{name: supply, metric: supply_quiv, aggregation: last}]\n"
    )
    code, out, err = call("sweep", experiment, "--out", tmp_path / "results", "--workers", "0", "--json")
    done = json.loads(out)
    assert code == 0
    assert (done["settings"], done["runs"], done["failures"]) == (2, 2, 0)
    assert "2 settings, 2 runs each, 3 days" in err
    store = Path(done["store"])
    assert store.is_relative_to(tmp_path / "results")
    assert (store / "manifest.json").is_file()
    again = call("sweep", experiment, "--out", tmp_path / "results", "--workers", "0")
    assert again[:2] == (0, f"{store}\n")


@pytest.mark.parametrize("command", ["presets", "scenarios", "params", "metrics"])
def test_lists_come_as_tables_and_as_json(command: str) -> None:
    code, out, err = call(command, "--json")
    entries = json.loads(out)
    assert (code, err) == (0, "")
    assert len(entries) > 5
    assert all(entry["name"] for entry in entries)
    code, out, _ = call(command)
    assert code == 0
    assert all(entry["name"] in out for entry in entries)


def test_params_of_one_contract_have_unit_range_and_source() -> None:
    code, out, _ = call("params", "--contract", "fees")
    assert code == 0
    assert "fees.burn_share" in out
    assert "share of the network fee" in out
    assert "WHITEPAPER 5.3" in out
    assert "0 to 1" in out
    assert "economic" in out
    assert "staking." not in out


WRONG: dict[str, tuple[Any, ...]] = {
    "scenario": (("run", "whitepapr"), "whitepapr: no such scenario", "nearest: whitepaper"),
    "command": (("rnu",), "rnu", "run"),
    "option": (("run", "whitepaper", "--day", "3"), "--day", "--days"),
    "number": (("run", "whitepaper", "--days", "x"), "--days"),
    "days": (("run", "whitepaper", "--days", "0"), "days: found 0", "from 1"),
    "runs": (("run", "whitepaper", "--runs", "0"), "--runs: found 0", "from 1"),
    "seed": (("run", "whitepaper", "--seed", "-1"), "--seed: found -1"),
    "engine": (("run", "whitepaper", "--engine", "radcat"), "found 'radcat'", "nearest: radcad"),
    "later engine": (("run", "whitepaper", "--engine", "jax"), "jax is not available in this version"),
    "set": (("run", "whitepaper", "--set", "fees.burn_share"), "--set: found 'fees.burn_share'", "KEY=VALUE"),
    "set key": (("run", "whitepaper", "--set", "fees.burnshare=0.5"), "nearest: fees.burn_share"),
    "set value": (("run", "whitepaper", "--set", "fees.burn_share=5"), "found 5", "from 0 to 1"),
    "set exponent": (("run", "whitepaper", "--set", "treasury.grants_quiv_per_year=1e6"), "write 1000000 or 1.0e+6"),
    "set twice": (("run", "quiet", "--set", "noise=true", "--set", "noise=false"), "noise is given twice"),
    "set yaml": (("run", "quiet", "--set", "fees.burn_share=[1"), "--set fees.burn_share, line 1"),
    "experiment": (("sweep", "dmeo"), "dmeo: no such experiment", "nearest: demo"),
    "scenario swept": (("sweep", "root"), "quiver-sim run root"),
    "workers": (("sweep", "demo", "--workers", "-1"), "--workers: found -1"),
    "no store": (("publish", "results/nowhere"), "results/nowhere: no such folder"),
    "contract": (("params", "--contract", "fee"), "fee: no such contract", "nearest: fees"),
    "nothing": ((), ""),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_request_is_answered_on_stderr_with_exit_code_2(case: str) -> None:
    arguments, *expected = WRONG[case]
    code, out, err = call(*arguments)
    assert code == 2
    assert "Traceback" not in out + err
    for part in expected:
        assert part in err
    assert not out or case == "nothing"


def test_a_wrong_file_is_answered_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("parameters: {fees.burn_shar: 0.5, fees.network_share: 7}\n")
    code, out, err = call("run", path, "--json")
    assert (code, out) == (2, "")
    assert err.count(f"error: {path}: ") == 2
    assert "nearest: fees.burn_share" in err
    assert "from 0 to 0.5 (share of a payment)" in err


def test_a_folder_that_is_no_store_is_answered(tmp_path: Path) -> None:
    code, _, err = call("publish", tmp_path)
    assert code == 2
    assert "has no manifest.json" in err


def test_failed_work_is_one_sentence_unless_debugging(monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments import api
    from model.ledger import LedgerError

    def broken(*_: object, **__: object) -> None:
        raise LedgerError("day 3, substep fees: 1 nQUIV appeared")

    monkeypatch.setattr(api, "simulate", broken)
    code, out, err = call("run", "whitepaper", "--days", "5")
    assert (code, out) == (1, "")
    assert "money was not conserved: day 3, substep fees: 1 nQUIV appeared" in err
    assert "Traceback" not in err
    assert "Traceback" in call("run", "whitepaper", "--days", "5", "--debug")[2]
