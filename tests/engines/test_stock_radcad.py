"""A radCAD user's script: an experiment that radCAD's own `run()` runs, and what it refuses."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from radcad import Backend, Engine, Experiment, Simulation

from experiments import radcad_experiment, simulate
from experiments.errors import RequestError
from tests.engines.daily import small

SWEEP = {"fees.burn_share": [0.25, 0.5, 0.75], "staking.unbonding_days": [5, 7, 9]}
DAYS, RUNS = 2, 2


def executed(experiment: Experiment) -> pd.DataFrame:
    """The rows at the end of each day, in this process and without copies, as a user of radCAD may ask."""
    experiment.engine = Engine(backend=Backend.SINGLE_PROCESS, deepcopy=False, drop_substeps=True)
    return pd.DataFrame(experiment.run())


def test_subsets_and_runs_are_those_of_the_ensemble() -> None:
    """Three values of a live parameter and of one that shapes the state: every metric of every day, bit for bit."""
    economy = small(DAYS)
    table = executed(radcad_experiment(economy, sweep=SWEEP, runs=RUNS, seed=7))
    for subset, values in enumerate(zip(*SWEEP.values(), strict=True)):
        wanted = simulate(economy, overrides=dict(zip(SWEEP, values, strict=True)), runs=RUNS, seed=7)
        found = table[table["subset"] == subset].sort_values(["run", "timestep"])
        assert list(zip(found["run"] - 1, found["timestep"], strict=True)) == wanted.index.tolist()
        assert found["fees.burn_share"].tolist() == [values[0]] * len(found)
        np.testing.assert_array_equal(found[[f"metrics.{name}" for name in wanted]], wanted)


def test_every_substep_copies_and_more_runs_change_nothing() -> None:
    """radCAD's own defaults but for the processes: copies of every state, and every substep; and a run more by hand."""
    experiment = radcad_experiment(small(1), runs=RUNS, metrics=["price_usd"])
    short = executed(experiment)
    experiment.engine = Engine(backend=Backend.SINGLE_PROCESS)
    experiment.simulations[0].runs = 3
    whole = pd.DataFrame(experiment.run()).drop_duplicates(["subset", "run", "timestep"], keep="last")
    assert whole["metrics.price_usd"].tolist()[:4] == short["metrics.price_usd"].tolist()
    third = simulate(small(1), runs=3, metrics=["price_usd"]).loc[2, "price_usd"]
    assert whole["metrics.price_usd"].tolist()[4:] == third.tolist()
    assert whole["run"].tolist() == [1, 1, 2, 2, 3, 3]


def test_other_params_are_refused() -> None:
    """The first state follows from them, and radCAD has one for all subsets."""
    experiment = radcad_experiment(small(DAYS), metrics=["price_usd"])
    (simulation,) = experiment.simulations
    simulation.model.params["fees.burn_share"] = [0.25, 0.75]
    with pytest.raises(RequestError, match=r"^params: found fees\.burn_share, which nothing reads.*radcad_experiment"):
        executed(experiment)


def test_a_model_alone_is_refused() -> None:
    """Without the experiment's hooks a subset has neither its first state nor its constants."""
    (simulation,) = radcad_experiment(small(DAYS), metrics=["price_usd"]).simulations
    alone = Simulation(simulation.model, timesteps=DAYS)
    with pytest.raises(RequestError, match=r"^params: found subset, which nothing reads"):
        executed(Experiment([alone]))


def test_a_sweep_that_cannot_act_is_refused_before_it_runs() -> None:
    with pytest.raises(RequestError, match=r"^sweep: market\.volatility: found \[0\.5, 1\.0\], all of which give"):
        radcad_experiment(small(DAYS), sweep={"market.volatility": [0.5, 1.0]})
