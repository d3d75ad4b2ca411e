"""A cadCAD user's script: an experiment that cadCAD's own `Executor` runs, and what it refuses."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import cadcad_experiment, simulate
from experiments.errors import RequestError
from model.economy import Economy
from tests.engines.daily import small

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from cadCAD.configuration import Experiment
    from cadCAD.engine import ExecutionContext, ExecutionMode, Executor

SWEEP = {"fees.burn_share": [0.25, 0.5, 0.75], "staking.unbonding_days": [5, 7, 9]}
DAYS = 2
RUNS = 2


def executed(experiment: Experiment) -> pd.DataFrame:
    """The rows at the end of each day, as a user of cadCAD takes them."""
    context = ExecutionContext(ExecutionMode.single_mode)
    records, _, _ = Executor(context, experiment.configs, supress_print=True).execute()
    return pd.DataFrame(records).drop_duplicates(["subset", "run", "timestep"], keep="last")


def expected(economy: Economy) -> pd.DataFrame:
    """The ensemble's metrics of every subset, run and day, the sweep's points one after another."""
    points = [dict(zip(SWEEP, values, strict=True)) for values in zip(*SWEEP.values(), strict=True)]
    frames = [simulate(economy, overrides=point, runs=RUNS, seed=7) for point in points]
    return pd.concat(frames, keys=range(len(frames)))


def metrics(table: pd.DataFrame) -> pd.DataFrame:
    """The metrics, indexed by subset, run from 0, and day."""
    table = table.assign(run=table["run"] - 1).set_index(["subset", "run", "timestep"]).sort_index()
    found = table.filter(like="metrics.").rename(columns=lambda name: name.removeprefix("metrics."))
    assert set(found.dtypes) == {np.dtype(float)}
    return found


def test_subsets_and_runs_are_those_of_the_ensemble() -> None:
    """Three values of a live parameter and of one that shapes the state: every metric of every day, bit for bit."""
    economy = small(DAYS)
    table = executed(cadcad_experiment(economy, sweep=SWEEP, runs=RUNS, seed=7))
    assert table.groupby("subset")["fees.burn_share"].first().tolist() == SWEEP["fees.burn_share"]
    found, wanted = metrics(table), expected(economy)
    assert found.index.tolist() == wanted.index.tolist()
    assert list(found) == list(wanted)
    np.testing.assert_array_equal(found, wanted)
    assert wanted["burned_quiv"].xs(DAYS, level="day").nunique() == 3 * RUNS


def test_one_run_is_the_first_of_every_subset() -> None:
    """Of a single run cadCAD would count the runs on through the subsets."""
    configs = cadcad_experiment(small(DAYS), sweep=SWEEP, metrics=["price_usd"]).configs
    assert [(config.subset_id, config.run_id) for config in configs] == [(0, 0), (1, 0), (2, 0)]


def test_params_are_what_the_blocks_read() -> None:
    """A live parameter is a variable, what only genesis reads is in the first state: neither is in `M`."""
    experiment = cadcad_experiment(small(DAYS), metrics=["price_usd"])
    (config,) = experiment.configs
    constants = config.sim_config["M"]
    assert {"fees.burn_share", "staking.initial_share"}.isdisjoint(constants)
    assert {"demand.noise_sigma", "draws.key"} <= set(constants)
    config.sim_config["M"] = {name: value for name, value in constants.items() if name != "demand.noise_sigma"}
    with pytest.raises(RequestError, match=r"^params: demand\.noise_sigma is missing, which the blocks read"):
        executed(experiment)


def test_a_constant_in_m_acts() -> None:
    """What the days read is changed by a user's own hand too, from the first day on."""
    experiment = cadcad_experiment(small(DAYS), metrics=["price_usd", "demand_tokens"])
    before = metrics(executed(experiment))
    (config,) = experiment.configs
    config.sim_config["M"] = config.sim_config["M"] | {"demand.noise_sigma": np.asarray(0.9)}
    after = metrics(executed(experiment))
    changed = before["demand_tokens"] != after["demand_tokens"]
    assert changed.tolist() == [False] + [True] * DAYS


def test_a_live_parameter_is_refused_in_m_and_acts_in_the_first_state() -> None:
    experiment = cadcad_experiment(small(DAYS), metrics=["burned_quiv"])
    (config,) = experiment.configs
    config.initial_state["fees.burn_share"] = np.asarray(0.75)
    wanted = simulate(small(DAYS), overrides={"fees.burn_share": 0.75}, metrics=["burned_quiv"])
    np.testing.assert_array_equal(metrics(executed(experiment)), wanted)
    config.sim_config["M"]["fees.burn_share"] = 0.75
    with pytest.raises(RequestError, match=r"^params: found fees\.burn_share, which nothing reads.*cadcad_experiment"):
        executed(experiment)


def test_runs_that_would_be_copies_are_refused() -> None:
    """`N` of cadCAD repeats one first state and one set of draws."""
    (config,) = cadcad_experiment(small(DAYS), metrics=["price_usd"]).configs
    again = Experiment()
    sim_configs = [config.sim_config | {"N": 2}]
    blocks = config.partial_state_update_blocks
    again.append_model(initial_state=config.initial_state, partial_state_update_blocks=blocks, sim_configs=sim_configs)
    with pytest.raises(RequestError, match=r"^run 2 would repeat run 1, whose first state and draws it has"):
        executed(again)


def test_additional_objects_are_refused() -> None:
    """`easy_run` hands them to every policy unless copies are off."""
    context = ExecutionContext(ExecutionMode.single_mode, additional_objs={"deepcopy_off": False})
    configs = cadcad_experiment(small(DAYS), metrics=["price_usd"]).configs
    with pytest.raises(RequestError, match=r"found additional_objs, .*; allowed: none, or {'deepcopy_off': True}$"):
        Executor(context, configs, supress_print=True).execute()


@pytest.mark.parametrize(
    ("sweep", "sentence"),
    [
        ({"fees.burn_shar": [0.1, 0.2]}, r"sweep: fees\.burn_shar: no such parameter; .*nearest: fees\.burn_share"),
        ({"fees.burn_share": [0.1, 2.0]}, r"sweep: fees\.burn_share: found 2\.0; allowed: a number from 0 to 1"),
        ({"fees.burn_share": 0.1}, r"sweep: fees\.burn_share: found 0\.1; allowed: a list with the value of each"),
        ({"fees.burn_share": []}, r"sweep: fees\.burn_share: found \[\]; allowed: a list with the value of each"),
        (
            {"fees.burn_share": [0.1, 0.2, 0.3], "staking.unbonding_days": [7, 21]},
            r"sweep: staking\.unbonding_days: found 2 values beside 3 of another key; allowed: as many of each, or one",
        ),
        (
            {"market.volatility": [0.5, 1.0]},
            r"sweep: market\.volatility: found \[0\.5, 1\.0\], all of which give the same runs; allowed: values of",
        ),
        ({"noise": [True, True]}, r"sweep: noise: found \[true, true\], all of which give the same runs"),
    ],
)
def test_a_sweep_that_cannot_act_is_refused_before_it_runs(sweep: Any, sentence: str) -> None:
    with pytest.raises(RequestError, match=f"^{sentence}"):
        cadcad_experiment(small(DAYS), sweep=sweep)


def test_one_value_holds_for_all_subsets() -> None:
    sweep = {"fees.burn_share": np.array([0.1, 0.2]), "staking.unbonding_days": [5]}
    experiment = cadcad_experiment(small(DAYS), sweep=sweep, metrics=["price_usd"])
    states = [config.initial_state for config in experiment.configs]
    assert [float(state["fees.burn_share"]) for state in states] == [0.1, 0.2]
    assert [state["provider_unbonding_nquiv"].shape for state in states] == [(5,)] * 2


def test_the_example_of_the_page_runs() -> None:
    """docs/engines.md: a row a subset, run and day, with the sweep's values beside the metrics."""
    page = (Path(__file__).parents[2] / "docs" / "engines.md").read_text(encoding="utf-8")
    found: dict[str, Any] = {}
    exec(re.search(r"```python\n(.+?)```", page, re.DOTALL)[1], found)  # type: ignore[index]
    table, sweep = found["table"], found["sweep"]
    assert len(table) == 3 * 2 * 4
    for subset, share in enumerate(sweep["fees.burn_share"]):
        overrides = {"fees.burn_share": share, "staking.unbonding_days": sweep["staking.unbonding_days"][subset]}
        wanted = simulate("whitepaper", days=3, runs=2, overrides=overrides, metrics=["price_usd", "burned_quiv"])
        mine = table[table["fees.burn_share"] == share]
        np.testing.assert_array_equal(mine[["metrics.price_usd", "metrics.burned_quiv"]], wanted)
