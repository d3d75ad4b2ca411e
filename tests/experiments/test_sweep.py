"""A sweep's store: what it holds, that it is the same however it was made, and what happens when something fails."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import chunk, load, simulate, sweep
from experiments.api import plan_of
from experiments.errors import RequestError
from experiments.experiment import Experiment, load_experiment
from experiments.fanout import _groups, run_sweep
from experiments.scenario import load_scenario

SMALL = """
title: Small
scenario: whitepaper
days: 21
runs: 5
seed: 7
keep: full
controls:
  fees.burn_share: [0.25, 0.5]
  staking.unbonding_days: [7, 21]
kpis:
  - {name: burned, label: Burned, metric: burned_quiv, aggregation: last, direction: none}
  - {name: income, label: Income, metric: provider_income_quiv, aggregation: sum, direction: up}
  - {name: price, label: Price, metric: price_usd, aggregation: mean, direction: up}
"""


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    file = tmp_path_factory.mktemp("experiment") / "small.yaml"
    file.write_text(SMALL, encoding="utf-8")
    return load_experiment(file)


@pytest.fixture(scope="module")
def store(experiment: Experiment, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return sweep(experiment, out=tmp_path_factory.mktemp("store"), workers=0)


def parts(folder: Path) -> dict[str, Any]:
    return dict(load(folder).manifest["parts"])


def test_the_store_holds_every_trajectory(store: Path) -> None:
    results = load(store)
    assert list(results.design["design"]) == [0, 1, 2, 3]
    assert list(results.design["today"]) == [False, False, False, True]
    assert results.manifest["counts"] == {"designs": 4, "trajectories": 20, "failures": 0}
    assert results.kpis.groupby("design").size().tolist() == [5] * 4
    assert len(results.trajectories()) == 4 * 5 * 22
    assert results.failures.empty
    assert not (store / "chunks").exists()


def test_kpis_and_summary_follow_from_simulate(store: Path) -> None:
    results = load(store)
    point = results.design.loc[3, ["fees.burn_share", "staking.unbonding_days"]].to_dict()
    overrides = {"fees.burn_share": float(point["fees.burn_share"]), "staking.unbonding_days": 21}
    frame = simulate("whitepaper", days=21, seed=7, runs=5, overrides=overrides)
    kpis = results.kpis.query("design == 3").set_index("run")
    by_run = frame.groupby(level="run")
    np.testing.assert_array_equal(kpis["burned"], by_run["burned_quiv"].last())
    income = frame["provider_income_quiv"].unstack("run").iloc[1:].sum()
    np.testing.assert_allclose(kpis["income"], income, rtol=1e-12)
    summary = results.summary.query("design == 3 and metric == 'price_usd'").set_index("day")
    prices = frame["price_usd"].unstack("run")
    for name, level in chunk.LEVELS.items():
        np.testing.assert_allclose(summary[name], np.quantile(prices, level, axis=1), rtol=1e-12)
    np.testing.assert_allclose(summary["mean"], prices.mean(axis=1), rtol=1e-12)


def test_trajectories_can_be_chosen(store: Path) -> None:
    frame = load(store).trajectories(["price_usd"], design=2)
    assert list(frame.columns) == ["price_usd"]
    assert set(frame.index.get_level_values("design")) == {2}


def test_ray_writes_the_same_bytes(experiment: Experiment, store: Path, tmp_path: Path) -> None:
    assert parts(sweep(experiment, out=tmp_path, workers=2)) == parts(store)


def test_points_of_one_structure_share_a_batch_and_others_do_not(experiment: Experiment) -> None:
    """Unbonding days shape the state: of four points, the two of 7 days and the two of 21 go together."""
    plan = plan_of(experiment)
    days = [economy.parameters.staking.unbonding_days for economy in plan.economies]
    together = sorted(range(4), key=lambda index: days[index])
    assert _groups(plan, together, 2) == [together[:2], together[2:]]
    assert _groups(plan, list(range(4)), 4) == [[0], [1], [2], [3]]


def test_a_group_writes_what_its_points_would_alone(experiment: Experiment, store: Path, tmp_path: Path) -> None:
    plan = plan_of(experiment)
    same = [i for i, e in enumerate(plan.economies) if e.structure() == plan.economies[0].structure()]
    receipts = chunk.run_group(plan, same, tmp_path)
    assert [receipt["design"] for receipt in receipts] == same
    for index in same:
        made, alone = (
            pd.read_parquet(folder / "trajectories" / f"part-{index:05d}.parquet") for folder in (tmp_path, store)
        )
        pd.testing.assert_frame_equal(made, alone)


def test_an_interrupted_sweep_ends_the_same(experiment: Experiment, store: Path, tmp_path: Path) -> None:
    plan = plan_of(experiment)
    seen: list[int] = []

    def stop(done: int, total: int) -> None:
        seen.append(done)
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_sweep(plan, tmp_path, 0, progress=stop)
    with pytest.raises(RequestError, match="not finished"):
        load(tmp_path / plan.folder)
    resumed: list[int] = []
    folder = run_sweep(plan, tmp_path, 0, progress=lambda done, total: resumed.append(done))
    assert resumed[0] == 10
    assert parts(folder) == parts(store)


def test_batches_do_not_change_values(
    experiment: Experiment, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chunk, "BATCH", 2)
    assert parts(sweep(experiment, out=tmp_path, workers=0)) == parts(store)


def test_a_failed_trajectory_is_a_row(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    real = chunk.execute

    def failing(economies: Any, seed: int, runs: list[int], metrics: Any) -> Any:
        if 3 in runs and economies[0].parameters.fees.burn_share == 0.25:
            raise ArithmeticError("a burnt fuse")
        return real(economies, seed, runs, metrics)

    monkeypatch.setattr(chunk, "execute", failing)
    results = load(sweep(experiment, out=tmp_path, workers=0))
    assert results.manifest["counts"] == {"designs": 4, "trajectories": 18, "failures": 2}
    row = results.failures.iloc[0]
    assert (row["design"], row["run"], row["seed"]) == (0, 3, 7)
    assert "a burnt fuse" in row["error"]
    assert "Traceback" in row["traceback"]
    assert json.loads(row["parameters"])["fees"]["burn_share"] == 0.25
    kept = results.kpis.merge(load(store).kpis, on=["design", "run"], suffixes=("", "_whole"))
    assert len(kept) == 18
    np.testing.assert_array_equal(kept["burned"], kept["burned_whole"])


def test_other_code_does_not_continue_a_sweep(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(experiment)
    mark = tmp_path / plan.folder / "chunks" / "plan.json"
    mark.parent.mkdir(parents=True)
    mark.write_text(json.dumps({"hash": plan.digest, "code_version": "older"}), encoding="utf-8")
    with pytest.raises(RequestError, match=r"begun by other code \(older\)"):
        run_sweep(plan, tmp_path, 0)
    mark.write_text('{"hash": "another"}', encoding="utf-8")
    with pytest.raises(RequestError, match="begun for another experiment"):
        run_sweep(plan, tmp_path, 0)


def test_a_finished_store_of_other_code_is_not_taken_for_todays(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sweep(experiment, out=tmp_path, workers=0)
    monkeypatch.setattr("experiments.fanout.code_version", lambda: "newer")
    with pytest.raises(RequestError, match="finished by other code"):
        sweep(experiment, out=tmp_path, workers=0)
    assert sweep(experiment, out=tmp_path, workers=0, fresh=True) == folder


def test_what_an_interrupted_fresh_leaves_is_not_taken_for_finished(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    folder = sweep(experiment, out=tmp_path, workers=0)
    real = shutil.rmtree

    def interrupted(path: Path) -> None:
        (path / "kpis.parquet").unlink() if path == folder else real(path)

    monkeypatch.setattr(shutil, "rmtree", interrupted)
    assert parts(sweep(experiment, out=tmp_path, workers=0, fresh=True)) == parts(store)
    assert load(folder).kpis.shape[0] == 20


def test_the_manifest_says_what_was_simulated(store: Path, tmp_path: Path) -> None:
    manifest = load(store).manifest
    assert manifest["parameters"]["fees.burn_share"] == 0.5
    assert manifest["economy"]["noise"] is True
    below = simulate("whitepaper", days=2, overrides={"fees.burn_share": 0.6}, out=tmp_path / "chunks")
    changed = load(below.attrs["store"]).manifest
    assert changed["overrides"] == {"fees.burn_share": 0.6}
    assert changed["title"].endswith("with fees.burn_share = 0.6")
    assert "kpis.parquet" in changed["parts"]
    assert not load(below.attrs["store"]).design["today"].any()


def test_other_metrics_are_another_store(tmp_path: Path) -> None:
    stores = {
        simulate("whitepaper", days=2, metrics=name, out=tmp_path).attrs["store"] for name in ("gini", "price_usd")
    }
    assert len(stores) == 2


def test_an_economy_can_be_changed_too() -> None:
    economy = load_scenario("whitepaper")
    frame = simulate(economy, days=3, overrides={"fees.network_share": 0.0}, metrics=["take_rate"])
    assert len(frame) == 4
    assert frame["take_rate"].iloc[-1] == pytest.approx(0.05, abs=1e-6)


def test_a_store_answers_wrong_questions(store: Path) -> None:
    with pytest.raises(RequestError, match="no metric 'nope'"):
        load(store).trajectories(["nope"])
    with pytest.raises(RequestError, match="design points 0 to 3, not 99"):
        load(store).trajectories(design=99)
    with pytest.raises(RequestError, match=store.name):
        load(store.parent)
    assert "20 trajectories" in repr(load(store))


def test_fresh_removes_only_stores(experiment: Experiment, tmp_path: Path) -> None:
    plan = plan_of(experiment)
    precious = tmp_path / plan.folder / "precious.txt"
    precious.parent.mkdir()
    precious.write_text("mine", encoding="utf-8")
    with pytest.raises(RequestError, match="left as it is"):
        run_sweep(plan, tmp_path, 0, fresh=True)
    assert precious.read_text(encoding="utf-8") == "mine"


def test_metric_units_travel_in_the_files(store: Path) -> None:
    import pyarrow.parquet as pq

    schema = pq.read_schema(next((store / "trajectories").iterdir()))
    assert schema.field("price_usd").metadata[b"unit"] == b"USD per QUIV"


def test_simulate_is_a_frame_by_run_and_day(tmp_path: Path) -> None:
    frame = simulate("whitepaper", days=10, seed=3, runs=2, out=tmp_path)
    assert frame.index.names == ["run", "day"]
    assert frame.shape[0] == 2 * 11
    pd.testing.assert_frame_equal(frame, simulate("whitepaper", days=10, seed=3, runs=2))
    alone = simulate("whitepaper", days=10, seed=3, runs=1, engine="radcad")
    pd.testing.assert_frame_equal(alone, frame.loc[[0]], check_exact=True)
    folder = next(tmp_path.iterdir())
    kept = load(folder).trajectories(["price_usd"]).droplevel("design")["price_usd"]
    np.testing.assert_array_equal(kept, frame["price_usd"].astype(np.float32))


@pytest.mark.parametrize(
    ("wrong", "answer"),
    [
        ({"runs": 0}, "runs is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"engine": "warp"}, "no engine 'warp'"),
        ({"metrics": ["prise_usd"]}, "nearest: price_usd"),
        ({"runs": 10**12}, "from 1 to 1000000"),
        ({"runs": 2.5}, "runs is 2.5"),
    ],
)
def test_a_wrong_request_is_answered(wrong: dict[str, Any], answer: str) -> None:
    with pytest.raises(RequestError, match=answer):
        simulate("whitepaper", days=2, **wrong)
