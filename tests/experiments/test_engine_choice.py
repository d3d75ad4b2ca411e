"""Which engine a sweep takes, and that its store says so and keeps to it; what JAX does is tests/engines' matter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from experiments.api import sweep
from experiments.cli import app
from experiments.engines import ENGINES, compiled, device, ensemble
from experiments.inputs.experiment import Experiment, load_experiment
from experiments.storage.folder import Folder
from experiments.sweeps import planning
from experiments.sweeps.plan_file import read_plan
from experiments.sweeps.planning import engine_for, plan_of
from experiments.sweeps.results import load

TEXT = """
scenario: quiet
days: 3
runs: 4
controls: {fees.burn_share: [0.4, 0.5]}
kpis: [{name: supply, metric: supply_quiv, aggregation: last}]
"""


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Experiment:
    """A small experiment, on a machine on which JAX is as if installed, and works as the ensemble does."""
    monkeypatch.setattr(device, "installed", lambda: True)
    monkeypatch.setattr(device, "hardware", lambda engine: f"{engine}'s device")
    monkeypatch.setattr(compiled, "execute_compiled", ensemble.execute)
    monkeypatch.setitem(ENGINES, "jax", ensemble.run_ensemble)
    file = tmp_path / "asked.yaml"
    file.write_text(TEXT)
    return load_experiment(file)


def test_jax_is_taken_where_there_is_enough_to_repay_compiling(
    asked: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    days = 2 * 4 * 3
    monkeypatch.setattr(planning, "REPAID", days)
    assert [engine_for(asked, workers) for workers in (1, 2)] == ["jax", "ensemble"]
    monkeypatch.setattr(planning, "REPAID", days + 1)
    assert engine_for(asked, 1) == "ensemble"
    monkeypatch.setattr(planning, "REPAID", 1)
    monkeypatch.setattr(device, "installed", lambda: False)
    assert engine_for(asked, 1) == "ensemble"


def test_every_structure_is_compiled(asked: Experiment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(planning, "REPAID", 2 * 4 * 3)
    file = tmp_path / "two.yaml"
    file.write_text(TEXT.replace("fees.burn_share: [0.4, 0.5]", "staking.rewards: [class_pools, fixed_apy]"))
    assert (engine_for(asked, 1), engine_for(load_experiment(file), 1)) == ("jax", "ensemble")


def test_the_engines_have_stores_of_their_own(asked: Experiment, tmp_path: Path) -> None:
    assert plan_of(asked).digest == plan_of(asked, "ensemble").digest == asked.digest()
    stores = {engine: load(sweep(asked, out=tmp_path, workers=0, engine=engine)) for engine in ("ensemble", "jax")}
    assert len({store.folder for store in stores.values()}) == 2
    for engine, store in stores.items():
        assert (store.manifest["engine"], store.manifest["devices"]) == (engine, [f"{engine}'s device"])
        assert read_plan(Folder.at(store.folder)).engine == engine


def test_a_store_is_replayed_and_retried_by_its_engine(
    asked: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = str(sweep(asked, out=tmp_path, workers=0, engine="jax"))
    arguments = ["replay", store, "--design", "1", "--run", "2", "--json"]
    found = json.loads(CliRunner().invoke(app, arguments).stdout)
    assert (found["engine"], found["equal"]) == ("jax", True)
    monkeypatch.setattr(device, "installed", lambda: False)
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert "pip install 'quiver-sim[jax]'" in done.stderr
    assert CliRunner().invoke(app, [*arguments, "--engine", "ensemble"]).exit_code == 0
    (Path(store) / "manifest.json").unlink()
    again = CliRunner().invoke(app, ["retry", store, "--workers", "0"])
    assert (again.exit_code, again.stdout) == (2, "")
    assert "pip install 'quiver-sim[jax]'" in again.stderr


def test_a_sweep_says_which_engine_it_takes(asked: Experiment, tmp_path: Path) -> None:
    file = tmp_path / "asked.yaml"
    done = CliRunner().invoke(app, ["sweep", str(file), "--out", str(tmp_path / "out"), "--workers", "0", "--json"])
    assert "3 days, seed 1, engine ensemble" in done.stderr
    assert json.loads(done.stdout)["engine"] == "ensemble"
