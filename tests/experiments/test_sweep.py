"""A sweep's store: what it holds, that it is the same however it was made, and what happens when something fails."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import load, simulate, sweep
from experiments.errors import RequestError, StoppedError
from experiments.inputs.experiment import Experiment, load_experiment
from experiments.inputs.scenario import load_scenario
from experiments.storage.document import write_document
from experiments.storage.folder import Folder
from experiments.sweeps import chunk, merge_runs, progress
from experiments.sweeps.plan_file import read_plan_data, write_plan
from experiments.sweeps.planning import plan_of
from experiments.sweeps.progress import ChunkRecord, divide
from experiments.sweeps.run import retry_failed, run_sweep

SMALL = """
title: Small
scenario: whitepaper
days: 8
runs: 5
seed: 7
keep: full
metrics: [burned_quiv, provider_income_quiv, price_usd, supply_quiv, gini]
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
    assert len(results.trajectories()) == 4 * 5 * 9
    assert results.failures.empty
    assert not (store / "chunks").exists()


def test_kpis_and_summary_follow_from_simulate(store: Path) -> None:
    results = load(store)
    point = results.design.loc[3, ["fees.burn_share", "staking.unbonding_days"]].to_dict()
    overrides = {"fees.burn_share": float(point["fees.burn_share"]), "staking.unbonding_days": 21}
    frame = simulate("whitepaper", days=8, seed=7, runs=5, overrides=overrides)
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


def test_points_of_one_structure_share_a_batch_and_others_do_not(experiment: Experiment) -> None:
    """Unbonding days shape the state: of four points, the two of 7 days and the two of 21 go together."""
    plan = plan_of(experiment)
    days = [economy.parameters.staking.unbonding_days for economy in plan.economies]
    assert days == [7, 21, 7, 21]
    assert [chunk.designs for chunk in divide(plan, range(5), [], 1)] == [(0, 2), (1, 3)]
    assert [chunk.designs for chunk in divide(plan, range(5), [], 4)] == [(0,), (1,), (2,), (3,)]
    assert all(chunk.whole for chunk in divide(plan, range(5), [], 2))


def test_runs_of_a_point_are_split_where_a_batch_has_no_room_or_a_worker_nothing_to_do(experiment: Experiment) -> None:
    plan = replace(plan_of(experiment), runs=600)
    blocks = [(chunk.start, chunk.stop) for chunk in divide(plan, range(600), [], 1) if chunk.designs == (0,)]
    assert blocks == [(0, 200), (200, 400), (400, 600)]
    one = replace(plan, runs=100, points=plan.points[:1], economies=plan.economies[:1])
    assert [(c.start, c.stop, c.whole) for c in divide(one, range(100), [], 2)] == [(0, 50, False), (50, 100, False)]
    assert [(c.start, c.stop, c.whole) for c in divide(one, range(100), [], 1)] == [(0, 100, True)]


def test_chunks_and_what_is_done_cover_each_trajectory_once(experiment: Experiment) -> None:
    """However the work was cut before, what is left is cut into chunks that lack nothing and repeat nothing."""
    plan = replace(plan_of(experiment), runs=700)
    every = {(design, run) for design in range(4) for run in range(700)}
    first = divide(plan, range(700), [], 3)
    assert sorted(t for chunk in first for t in chunk.trajectories) == sorted(every)
    done = [ChunkRecord(chunk, len(chunk.trajectories), 0) for chunk in first[::2]]
    rest = [t for chunk in divide(plan, range(700), done, 1) for t in chunk.trajectories]
    assert sorted(rest + [t for receipt in done for t in receipt.chunk.trajectories]) == sorted(every)
    assert not any(chunk.whole for chunk in divide(plan, range(700), done, 1))


def test_a_record_that_is_large_makes_chunks_small(experiment: Experiment, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(experiment)
    monkeypatch.setattr(progress, "RECORD_BYTES", 2 * 9 * len(plan.metrics) * 8)
    assert {len(chunk.trajectories) for chunk in divide(plan, range(5), [], 1)} == {1, 2}


@pytest.mark.parametrize("size", [1, 2, 3])
def test_the_size_of_chunks_does_not_change_a_byte(
    size: int, experiment: Experiment, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With 1 to 3 trajectories a chunk the runs of every point are scattered, and put together again."""
    monkeypatch.setattr(progress, "BATCH", size)
    monkeypatch.setattr(merge_runs, "HELD_BYTES", 8 * 5 * 9 * 2)
    assert parts(sweep(experiment, out=tmp_path, workers=0)) == parts(store)


def test_days_are_folded_a_few_at_a_time(
    experiment: Experiment, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where not even one metric of all days fits in memory."""
    monkeypatch.setattr(progress, "BATCH", 4)
    monkeypatch.setattr(merge_runs, "HELD_BYTES", 8 * 5 * 4)
    assert parts(sweep(experiment, out=tmp_path, workers=0)) == parts(store)


def test_thin_trajectories_are_every_seventh_day_however_they_were_cut(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(plan_of(experiment), keep="thin")
    whole = run_sweep(small, tmp_path / "whole", 0)
    monkeypatch.setattr(progress, "BATCH", 2)
    cut = run_sweep(small, tmp_path / "cut", 0)
    assert parts(cut) == parts(whole)
    assert sorted(set(load(cut).trajectories().index.get_level_values("day"))) == [1, 8]


def failing(monkeypatch: pytest.MonkeyPatch, *which: int, when: float = 0.25) -> None:
    """Runs fail where a quarter is burned."""
    real = chunk.execute

    def run(economies: Any, seed: int, runs: list[int], metrics: Any) -> Any:
        for economy, number in zip(economies, runs, strict=True):
            if number in which and economy.parameters.fees.burn_share == when:
                raise ArithmeticError("a burnt fuse")
        return real(economies, seed, runs, metrics)

    monkeypatch.setattr(chunk, "execute", run)


def test_a_failed_trajectory_is_a_row(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    failing(monkeypatch, 3)
    results = load(sweep(experiment, out=tmp_path / "a", workers=0))
    assert results.manifest["counts"] == {"designs": 4, "trajectories": 18, "failures": 2}
    row = results.failures.iloc[0]
    assert (row["design"], row["run"], row["seed"]) == (0, 3, 7)
    assert row["error"] == "ArithmeticError: a burnt fuse"
    assert row["traceback"].count("Traceback") == 1
    assert json.loads(row["parameters"])["fees"]["burn_share"] == 0.25
    kept = results.kpis.merge(load(store).kpis, on=["design", "run"], suffixes=("", "_whole"))
    assert len(kept) == 18
    np.testing.assert_array_equal(kept["burned"], kept["burned_whole"])
    monkeypatch.setattr(progress, "BATCH", 2)
    assert parts(sweep(experiment, out=tmp_path / "b", workers=0)) == parts(results.folder)


def test_a_point_whose_every_run_fails_is_a_gap_that_is_seen(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing(monkeypatch, *range(5))
    results = load(sweep(experiment, out=tmp_path / "a", workers=0))
    assert sorted(set(results.kpis["design"])) == [2, 3]
    assert sorted(set(results.summary["design"])) == [2, 3]
    assert len(results.failures) == 10
    monkeypatch.setattr(progress, "BATCH", 2)
    assert parts(sweep(experiment, out=tmp_path / "b", workers=0)) == parts(results.folder)


def test_too_many_failures_stop_a_sweep_that_can_be_resumed(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    monkeypatch.setattr(progress, "BATCH", 1)
    with monkeypatch.context() as broken:
        failing(broken, 0, 2, 4)
        with pytest.raises(StoppedError, match="2 of 3 trajectories failed, more than --max-failures 1"):
            sweep(experiment, out=tmp_path, workers=0, max_failures=1)
    folder = tmp_path / store.name
    with pytest.raises(StoppedError, match="quiver-sim status shows it"):
        sweep(experiment, out=tmp_path, workers=0, max_failures=1)
    assert retry_failed(folder, 0) == 2
    assert parts(folder) == parts(store)


def test_by_default_twenty_or_one_in_a_hundred_may_fail(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(plan_of(experiment), runs=21, points=[{}], economies=[replace(experiment.base, days=1)], days=1)
    short = replace(short, environment=())
    failing(monkeypatch, *range(21), when=0.5)
    monkeypatch.setattr(progress, "BATCH", 7)
    with pytest.raises(StoppedError, match="21 of 21 trajectories failed, more than --max-failures 20"):
        run_sweep(short, tmp_path, 0)


def test_other_code_does_not_continue_a_sweep(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(experiment)
    mark = tmp_path / plan.folder / "plan.json"
    write_plan(plan, Folder.at(mark.parent))
    written = read_plan_data(Folder.at(mark.parent))
    write_document(Folder.at(mark.parent), mark.name, written | {"code_version": "older"})
    with pytest.raises(RequestError, match=r"begun by other code \(older\)"):
        run_sweep(plan, tmp_path, 0)
    write_document(Folder.at(mark.parent), mark.name, written | {"hash": "another"})
    with pytest.raises(RequestError, match="begun for another experiment"):
        run_sweep(plan, tmp_path, 0)


def test_a_finished_store_of_other_code_is_not_taken_for_todays(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = sweep(experiment, out=tmp_path, workers=0)
    with monkeypatch.context() as newer:
        newer.setattr("experiments.sweeps.run.code_version", lambda: "newer")
        with pytest.raises(RequestError, match="finished by other code"):
            sweep(experiment, out=tmp_path, workers=0)
    assert sweep(experiment, out=tmp_path, workers=0, fresh=True) == folder


def test_what_an_interrupted_fresh_leaves_is_not_taken_for_finished(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store: Path
) -> None:
    shutil.copytree(store, tmp_path / store.name)
    real = Folder.remove

    def interrupted(folder: Folder, name: str = "") -> None:
        real(folder, name)
        if name == "kpis.parquet":
            raise KeyboardInterrupt

    with monkeypatch.context() as stopped:
        stopped.setattr(Folder, "remove", interrupted)
        with pytest.raises(KeyboardInterrupt):
            sweep(experiment, out=tmp_path, workers=0, fresh=True)
    with pytest.raises(RequestError, match=r"no manifest\.json"):
        load(tmp_path / store.name)
    assert parts(sweep(experiment, out=tmp_path, workers=0)) == parts(store)


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
