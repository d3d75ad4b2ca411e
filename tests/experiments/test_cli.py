"""The command line: what it prints where, its exit codes, and how it answers a wrong request."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from experiments.cli import app
from experiments.cli.command import COMMANDS as REGISTERED
from experiments.cli.command import PANELS

COMMANDS = (
    *("run", "sweep", "status", "retry", "replay", "sensitivity", "tune", "report", "publish", "attack", "bench"),
    "rational",
    *("propose", "verify", "sign", "calldata", "snapshot"),
    *("presets", "scenarios", "experiments", "params", "metrics", "shocks", "readiness", "check"),
)
HEAVY = ("numpy", "pandas", "pydantic", "ray", "radcad", "cadCAD", "plotly", "pyarrow", "yaml")


def call(*arguments: object, columns: int = 200) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments], env={"COLUMNS": str(columns)})
    return result.exit_code, result.stdout, result.stderr


def test_help_imports_nothing_heavy() -> None:
    code = f"import sys, experiments.cli; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_every_command_has_a_place_of_its_own_in_a_panel() -> None:
    places = [found.order for found in REGISTERED]
    assert {found.name for found in REGISTERED} == {*COMMANDS, "explore"}
    assert len(set(places)) == len(places)
    titles = [line.strip("╭─╮ ") for line in call("--help")[1].splitlines() if line.startswith("╭")]
    assert titles == ["Options", *PANELS]
    assert [command.name for command in app.registered_commands] == [
        found.name for found in sorted(REGISTERED, key=lambda found: found.order)
    ]


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_shows_an_example(command: str) -> None:
    code, out, _ = call(command, "--help")
    assert code == 0
    assert f"Example: quiver-sim {command}" in out


def test_run_prints_figures_on_stdout_and_prose_on_stderr() -> None:
    code, out, err = call("run", "whitepaper", "--days", "5", "--runs", "2", "--set", "fees.burn_share=0.6")
    assert code == 0
    assert "Total supply" in out
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


def small(folder: Path, settings: str = "[0.4, 0.5]", runs: int = 2) -> Path:
    experiment = folder / "small.yaml"
    experiment.write_text(
        f"scenario: quiet\ndays: 3\nruns: {runs}\ncontrols: {{fees.burn_share: {settings}}}\n"
        "kpis: [{name: supply, metric: supply_quiv, aggregation: last}]\n"
    )
    return experiment


def test_sweep_prints_the_store_and_resumes(tmp_path: Path) -> None:
    experiment = small(tmp_path)
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
    assert "finished already; --fresh runs it again" in again[2]


def test_one_of_a_thing_is_one(tmp_path: Path) -> None:
    err = call("sweep", small(tmp_path, "[0.5]", 1), "--out", tmp_path, "--workers", "0")[2]
    assert "1 setting, 1 run each, 3 days" in err
    assert "1 day, 1 run, seed 1" in call("run", "quiet", "--days", "1")[2]


def test_a_stopped_sweep_says_how_to_go_on_and_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from experiments.sweeps import progress, run

    monkeypatch.setattr(progress, "BATCH", 2)
    whole, asked = run.run_chunk, ("sweep", small(tmp_path), "--out", tmp_path / "results", "--workers", "0")

    def stopped(plan: Any, folder: Any, chunk: Any) -> Any:
        if chunk.designs == (1,):
            raise KeyboardInterrupt
        return whole(plan, folder, chunk)

    monkeypatch.setattr(run, "run_chunk", stopped)
    code, out, err = call(*asked)
    assert (code, out) == (1, "")
    assert "interrupted; run the same command again to resume" in err
    assert "interrupted; run the same command without --fresh to resume" in call(*asked, "--fresh")[2]
    (store,) = (tmp_path / "results").iterdir()
    code, _, err = call("publish", store)
    assert code == 2
    assert "its sweep is unfinished; the same quiver-sim sweep again finishes it" in err
    monkeypatch.setattr(run, "run_chunk", whole)
    code, out, err = call(*asked)
    assert (code, out) == (0, f"{store}\n")
    assert "2 of 4 trajectories there already" in err


def test_run_into_a_store_says_what_is_next(tmp_path: Path) -> None:
    asked = ("run", "quiet", "--days", "2", "--out", tmp_path / "my results")
    code, _, err = call(*asked)
    (store,) = (tmp_path / "my results").iterdir()
    assert code == 0
    assert f"next: quiver-sim publish '{store}'" in err
    assert json.loads(call(*asked, "--json")[1])["store"] == str(store)
    assert json.loads(call("run", "quiet", "--days", "1", "--json")[1])["store"] is None


def test_the_store_of_a_changed_run_names_the_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = ("run", "quiet", "--days", "2", "--set", "fees.burn_share=0.6")
    store = Path(json.loads(call(*changed, "--out", tmp_path, "--json")[1])["store"])
    assert "with fees.burn_share = 0.6" in json.loads((store / "manifest.json").read_text())["title"]
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    assert call(*changed)[0] == 0


@pytest.mark.parametrize(
    ("runs", "words", "heads"),
    [
        (3, "Medians of 3 runs; least and most on day 1 (too few runs", ["least", "most"]),
        (20, "Medians of 20 runs; on day 1, 90 % of runs lie between", ["5 %", "95 %"]),
    ],
)
def test_several_runs_fit_80_columns(runs: int, words: str, heads: list[str]) -> None:
    out = call("run", "whitepaper", "--days", "1", "--runs", runs, columns=80)[1]
    lines = out.splitlines()
    header = next(line for line in lines if line.strip().startswith("figure"))
    assert words in out
    assert all(head in header for head in ("day 0", "day 1", *heads))
    assert max(len(line) for line in lines) <= 80
    supply = next(line for line in lines if "Circulating supply" in line)
    assert supply.count(" M") == 4


@pytest.mark.parametrize("command", ["params", "metrics", "presets", "scenarios", "shocks"])
def test_lists_keep_names_whole_at_80_columns(command: str) -> None:
    names = [entry["name"] for entry in json.loads(call(command, "--json")[1])]
    out = call(command, columns=80)[1]
    assert all(f" {name} " in out for name in names)
    assert max(len(line) for line in out.splitlines()) <= 80


def test_each_source_of_a_preset_has_a_line() -> None:
    out = call("presets")[1]
    lines = [line.strip() for line in out.splitlines()]
    assert "- pricing.base_rate_quiv: REWARDS, basic reward rates (text generation)" in lines


def test_the_version_is_release_and_digest() -> None:
    from experiments.storage.version import code_version

    assert call("--version")[:2] == (0, f"quiver-sim {code_version()}\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_no_markup(command: str) -> None:
    assert "`" not in call(command, "--help")[1]


@pytest.mark.parametrize("command", ["presets", "scenarios", "params", "metrics", "shocks"])
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
    "days": (("run", "whitepaper", "--days", "0"), "--days: found 0", "from 1"),
    "runs": (("run", "whitepaper", "--runs", "0"), "--runs: found 0", "from 1"),
    "many runs": (("run", "whitepaper", "--runs", "99999999999999"), "--runs: found 99999999999999", "to 1000000"),
    "seed": (("run", "whitepaper", "--seed", "-1"), "--seed: found -1", "to 2**63 - 1"),
    "engine": (("run", "whitepaper", "--engine", "radcat"), "found 'radcat'", "nearest: radcad"),
    "engine of a sweep": (("sweep", "demo", "--engine", "radcad"), "allowed: auto or ensemble or jax"),
    "set": (("run", "whitepaper", "--set", "fees.burn_share"), "--set: found 'fees.burn_share'", "KEY=VALUE"),
    "set key": (("run", "whitepaper", "--set", "fees.burnshare=0.5"), "nearest: fees.burn_share"),
    "set value": (("run", "whitepaper", "--set", "fees.burn_share=5"), "found 5", "from 0 to 1"),
    "set exponent": (("run", "whitepaper", "--set", "treasury.grants_quiv_per_year=1e6"), "write 1000000 or 1.0e+6"),
    "set twice": (("run", "quiet", "--set", "noise=true", "--set", "noise=false"), "noise is given twice"),
    "set yaml": (("run", "quiet", "--set", "fees.burn_share=[1"), "--set fees.burn_share, line 1"),
    "set where": (("run", "quiet", "--set", "noise=2"), "error: --set: noise: found 2"),
    "set allowed": (("run", "quiet", "--set", "nose=2"), "mechanisms.X, exogenous.X, noise, go_literal"),
    "set days": (("run", "quiet", "--set", "days=5"), "--set: days is no value of the scenario", "use --days"),
    "experiment": (("sweep", "dmeo"), "dmeo: no such experiment", "nearest: demo"),
    "scenario swept": (("sweep", "root"), "quiver-sim run root"),
    "workers": (("sweep", "demo", "--workers", "-1"), "--workers: found -1"),
    "no sweep": (("status", "results/nowhere"), "results/nowhere: no such folder; allowed: the store of a sweep"),
    "a file to replay": (("replay", __file__, "--design", "0", "--run", "0"), f"{__file__}: found a file; allowed"),
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


def damaged(store: Path, how: str) -> None:
    if how == "missing table":
        (store / "summary.parquet").unlink()
    elif how == "corrupt table":
        (store / "kpis.parquet").write_text("x")
    else:
        (store / "manifest.json").write_text({"no JSON": "{", "no keys": "{}", "a list": "[]"}[how])


DAMAGE = {
    "missing table": "summary.parquet is missing",
    "corrupt table": "kpis.parquet does not match its checksum",
    "no JSON": "manifest.json is damaged (Expecting property name",
    "no keys": "manifest.json is damaged (it has no sha256 of its own",
    "a list": "manifest.json is damaged (found list; allowed: keys and values",
}


@pytest.fixture(scope="module")
def whole_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    return Path(json.loads(call("run", "quiet", "--days", "2", "--out", folder, "--json")[1])["store"])


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_store_is_answered(how: str, whole_store: Path, tmp_path: Path) -> None:
    store = Path(shutil.copytree(whole_store, tmp_path / "store"))
    damaged(store, how)
    code, out, err = call("publish", store)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {store}")
    assert DAMAGE[how] in err
    assert "Error:" not in err


@pytest.mark.parametrize("command", ["run", "sweep", "publish"])
def test_a_folder_that_cannot_be_written_is_refused_first(
    command: str, whole_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    what = {"run": "quiet", "sweep": small(tmp_path), "publish": whole_store}[command]
    code, _, err = call(command, what, "--out", tmp_path / "small.yaml" / "deeper")
    assert code == 2
    assert f"error: --out: found the file {tmp_path / 'small.yaml'}; allowed: a folder" in err
    monkeypatch.setattr(os, "access", lambda _, mode: not mode & os.W_OK)
    code, _, err = call(command, what, "--out", tmp_path / "new" / "deeper")
    assert code == 2
    assert f"error: --out: found {tmp_path}, which cannot be written to" in err
    assert not (tmp_path / "new").exists()


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


def test_bench_runs_from_any_folder_and_its_engines_agree(tmp_path: Path) -> None:
    """An editable install does not put the checkout's other folders on the path: the command finds them itself."""
    arguments = ["quiver-sim", "bench", "--days", "2", "--rounds", "1", "--without-jax", "--json"]
    program = f"import sys; sys.argv = {arguments}; from experiments.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    assert {row["same_numbers"] for row in json.loads(done.stdout)["rows"]} == {True}


@pytest.mark.parametrize("option", ["--days", "--rounds"])
def test_bench_needs_something_to_do(option: str) -> None:
    code, _, err = call("bench", option, "0")
    assert code == 2
    assert f"{option}: found 0; allowed: a whole number from 1" in err


def test_a_dry_run_measures_and_writes_nothing(tmp_path: Path) -> None:
    file = small(tmp_path, "[0.4, 0.5, 0.6]", 2)
    code, out, err = call("sweep", file, "--out", tmp_path / "results", "--workers", "0", "--dry-run", "--json")
    found = json.loads(out)
    assert code == 0
    assert (found["points"], found["runs"], found["trajectories"], found["trajectory_days"]) == (3, 2, 6, 18)
    assert (found["workers"], found["pilot_points"], found["pilot_days"]) == (0, [0, 1, 2], 3)
    assert found["seconds"] > 0.0
    assert not (tmp_path / "results").exists()
    code, out, err = call("sweep", file, "--out", tmp_path / "results", "--workers", "0", "--dry-run")
    assert "about" in out
    assert "with this process alone" in out
    assert "no store was written" in err
    store = Path(call("sweep", file, "--out", tmp_path / "results", "--workers", "0")[1].strip())
    parts = [store / name for name in ("kpis.parquet", "summary.parquet")] + list((store / "trajectories").iterdir())
    size = sum(path.stat().st_size for path in parts)
    assert 0.5 < found["bytes"] / size < 2.0


def test_shipped_experiments_are_listed_with_their_size() -> None:
    code, out, _ = call("experiments")
    assert code == 0
    assert "9 x 40 x 1,095" in out
    listed = json.loads(call("experiments", "--json")[1])
    assert {"demo", "fee_policy", "emission_policy", "slashing_deterrence", "governance_thresholds"} <= {
        item["name"] for item in listed
    }
    for item in listed:
        assert "?" in item["title"] + item["question"]
        assert item["settings"] * item["runs"] * item["days"] <= 400_000
