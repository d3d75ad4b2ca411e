"""Points simulated for analysis are those of any sweep, whatever their order and structure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments import simulate
from experiments.analysis.evaluate import MissingOutcomeError, Simulated, complete
from experiments.analysis.factors import (
    Factor,
    controls_of,
    environment_of,
    fixed_of,
    today_of,
    without_environment,
)
from experiments.errors import RequestError
from experiments.inputs.experiment import Experiment, load_experiment
from experiments.sweeps import chunk

TEXT = """
scenario: quiet
days: 4
runs: 3
seed: 7
design: {kind: latin_hypercube, points: 2}
controls:
  fees.burn_share: {low: 0.2, high: 0.8}
  staking.unbonding_days: [28, 7, 14]
  fees.network_share: [0.1]
  mechanisms.adaptive_fee: [true, false]
environment:
  demand.budget_usd_per_day: {low: 10.0, high: 1000.0, scale: log}
kpis:
  - {name: burned, metric: burned_quiv, aggregation: last, direction: none}
  - {name: income, metric: provider_income_quiv, aggregation: sum, direction: up}
"""
POINTS = pd.DataFrame({"fees.burn_share": [0.3, 0.4, 0.5, 0.6], "staking.unbonding_days": [7, 14, 7, 14]})


@pytest.fixture(scope="module")
def experiment(tmp_path_factory: pytest.TempPathFactory) -> Experiment:
    file = tmp_path_factory.mktemp("experiment") / "small.yaml"
    file.write_text(TEXT, encoding="utf-8")
    return load_experiment(file)


def test_an_experiment_has_factors_of_both_kinds(experiment: Experiment) -> None:
    assert controls_of(experiment) == [
        Factor("fees.burn_share", 0.2, 0.8),
        Factor("staking.unbonding_days", 7.0, 28.0, levels=(7, 14, 28), whole=True),
        Factor("mechanisms.adaptive_fee", levels=(True, False)),
    ]
    assert environment_of(experiment) == [
        Factor("demand.budget_usd_per_day", 10.0, 1000.0, scale="log", kind="environment")
    ]
    assert fixed_of(experiment) == {"fees.network_share": 0.1}
    assert today_of(experiment) == {
        "fees.burn_share": 0.5,
        "staking.unbonding_days": 21,
        "fees.network_share": 0.15,
        "mechanisms.adaptive_fee": True,
    }


def test_points_are_simulated_as_anywhere(experiment: Experiment, tmp_path: Path) -> None:
    """Points of two structures, which share batches by structure, against each one alone."""
    found = Simulated(without_environment(experiment), 3, 7, tmp_path, 0)(POINTS)
    assert found["design"].tolist() == [0] * 3 + [1] * 3 + [2] * 3 + [3] * 3
    for design, point in enumerate(POINTS.to_dict("records")):
        alone = simulate("quiet", days=4, seed=7, runs=3, overrides={str(k): v for k, v in point.items()})
        mine = found[found["design"] == design]
        np.testing.assert_array_equal(mine["burned"], alone["burned_quiv"].groupby(level="run").last())


def test_every_run_has_its_environment_and_every_seed_its_own(experiment: Experiment, tmp_path: Path) -> None:
    found = Simulated(experiment, 3, 7, tmp_path, 0)(POINTS.iloc[:1])
    drawn = experiment.environment.draws(3, 7)
    for run, setting in enumerate(drawn):
        overrides = {str(k): v for k, v in POINTS.to_dict("records")[0].items()} | setting
        alone = simulate("quiet", days=4, seed=7, runs=3, overrides=overrides)["burned_quiv"].loc[run].iloc[-1]
        assert found["burned"][run] == alone
    other = Simulated(experiment, 3, 8, tmp_path, 0)(POINTS.iloc[:1])
    assert not set(found["burned"]) & set(other["burned"])


def test_what_is_there_is_not_simulated_again(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []
    evaluate = Simulated(experiment, 3, 7, tmp_path, 0, progress=told.append)
    found = evaluate(POINTS)
    monkeypatch.setattr(chunk, "execute", None)
    pd.testing.assert_frame_equal(evaluate(POINTS), found)
    assert told == [12, 12]


def test_a_run_that_fails_has_a_row_without_values_and_is_refused_by_name(
    experiment: Experiment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = chunk.execute

    def failing(economies: Any, seed: int, runs: list[int], metrics: Any) -> Any:
        if any(e.parameters.fees.burn_share == 0.4 and run == 1 for e, run in zip(economies, runs, strict=True)):
            raise ArithmeticError("a burnt fuse")
        return real(economies, seed, runs, metrics)

    monkeypatch.setattr(chunk, "execute", failing)
    found = Simulated(experiment, 3, 7, tmp_path, 0)(POINTS)
    assert found[found["burned"].isna()][["design", "run"]].to_numpy().tolist() == [[1, 1]]
    with pytest.raises(MissingOutcomeError, match=r"design point 1 \(fees.burn_share 0.4, .*\): run 1 did not finish"):
        complete(POINTS, found, ["income"])


def test_a_setting_that_no_economy_can_have_is_refused_in_words(experiment: Experiment, tmp_path: Path) -> None:
    evaluate = Simulated(experiment, 3, 7, tmp_path, 0)
    assert evaluate.refusal({"fees.burn_share": 0.4}) == ""
    assert "from 0 to 1" in evaluate.refusal({"fees.burn_share": 1.4})
    with pytest.raises(RequestError, match=r"design point 1: fees.burn_share: found 1.4"):
        evaluate(pd.DataFrame({"fees.burn_share": [0.4, 1.4]}))
