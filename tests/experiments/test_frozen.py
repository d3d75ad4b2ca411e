"""What governance makes of the economy: pairs of runs under the same shocks, and the intervals of their differences."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.ensemble import execute
from experiments.inputs.experiment import load_experiment
from experiments.validation.governance_effect import FROZEN, METRICS, governance_differences
from model.economy import Economy
from model.parameters import Parameters
from model.parameters.governance import Governance

SEED = 1


def days(case: Economy, runs: int = 3) -> np.ndarray:
    return np.asarray(execute([case] * runs, SEED, list(range(runs)), METRICS)["record"])


def test_no_ideas_and_nobody_who_proposes_are_the_same_bit_for_bit() -> None:
    """So that an experiment, whose controls are parameters, can freeze governance."""
    idle = Economy(days=60, parameters=Parameters(governance=Governance(ideas_per_year=0.0)))
    np.testing.assert_array_equal(days(idle), days(Economy(days=60, mechanisms=FROZEN)))


def test_a_pair_is_one_until_a_vote_takes_effect() -> None:
    """Prices are the same to the bit for four weeks, and differ by the end of a quarter."""
    busy = Parameters(governance=Governance(ideas_per_year=365.0, deposit_quiv=0.0))
    governed = days(Economy(days=90, parameters=busy))
    frozen = days(Economy(days=90, parameters=busy, mechanisms=FROZEN))
    price = METRICS.index("price_usd")
    np.testing.assert_array_equal(governed[:29, price], frozen[:29, price])
    assert np.all(governed[-1, price] != frozen[-1, price])


def test_the_difference_of_pairs_by_hand() -> None:
    """Differences of 1, 2 and 3: mean 2, standard error 1 / sqrt 3, Student's t of two degrees 4.303."""
    (found,) = governance_differences(
        {"price_usd": np.asarray([2.0, 4.0, 6.0])}, {"price_usd": np.asarray([1.0, 2.0, 3.0])}
    )
    assert (found.governed, found.frozen, found.mean) == (4.0, 2.0, 2.0)
    assert found.interval == pytest.approx((2.0 - 4.30265 / np.sqrt(3.0), 2.0 + 4.30265 / np.sqrt(3.0)), rel=1e-5)
    assert (found.higher, found.runs) == (3, 3)


def test_pairs_say_more_than_runs_beside_each_other() -> None:
    """Where both share all that is random, nothing of it is left in the difference."""
    drawn = np.random.default_rng(3).normal(100.0, 10.0, 50)
    (found,) = governance_differences({"price_usd": drawn + 1.0}, {"price_usd": drawn})
    assert found.mean == pytest.approx(1.0, rel=1e-9)
    assert found.apart.half < 1e-9


def test_the_experiment_that_ships_has_both_and_knows_which_is_today() -> None:
    found = load_experiment("governance_frozen")
    assert [economy.parameters.governance.ideas_per_year for economy in found.economies()] == [0.0, 24.0]
    assert found.today_index() == 1
    assert set(METRICS) <= {kpi.metric for kpi in found.kpis}
