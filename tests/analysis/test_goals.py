"""Goals: probabilities and intervals known by hand, and what they say of a chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from experiments.analysis.goals import Condition, Goal, chance_verdict, goal_table, goals_of, met, runs_needed
from experiments.errors import RequestError
from experiments.statistics import wilson_interval

KPIS = [
    {"name": "treasury", "direction": "up", "threshold": 10.0, "goal": "solvent", "chance": 0.5},
    {"name": "supply", "direction": "down", "threshold": 5.0, "goal": "solvent", "chance": 0.6},
    {"name": "price", "direction": "up", "threshold": 1.0, "goal": "", "chance": None},
    {"name": "burned", "direction": "none", "threshold": None, "goal": "", "chance": None},
]


def outcomes(treasury: list[float], supply: list[float], price: list[float]) -> pd.DataFrame:
    n = len(treasury)
    columns = {"treasury": treasury, "supply": supply, "price": price, "burned": np.zeros(n)}
    return pd.DataFrame({"design": np.zeros(n, int), "run": np.arange(n)} | columns)


def test_kpis_of_one_goal_are_one_and_its_chance_is_the_strictest() -> None:
    solvent, price = goals_of(KPIS)
    assert solvent.conditions == (Condition("treasury", "up", 10.0), Condition("supply", "down", 5.0))
    assert solvent.chance == 0.6
    assert (price.name, price.chance) == ("price", None)
    assert str(solvent) == "treasury at least 10 and supply at most 5, in 60 % of runs"


def test_a_goal_is_met_where_all_of_its_conditions_hold_and_thresholds_count_as_met() -> None:
    frame = outcomes([10.0, 10.0, 9.9, 50.0], [5.0, 5.1, 1.0, -3.0], [1.0] * 4)
    assert met(frame, goals_of(KPIS)[0]).tolist() == [True, False, False, True]


def test_eight_of_ten_have_wilsons_interval() -> None:
    """(p + z²/2n ± z √(p(1-p)/n + z²/4n²)) / (1 + z²/n), by hand at p = 0.8, n = 10."""
    frame = outcomes([11.0] * 8 + [0.0] * 2, [0.0] * 10, [2.0] * 10)
    row = goal_table(frame, goals_of(KPIS)).iloc[0]
    z2 = 1.959963984540054**2
    middle, reach = 0.8 + z2 / 20, np.sqrt(z2 * (0.016 + z2 / 400))
    assert (row["met"], row["n"], row["share"], row["without_value"]) == (8, 10, 0.8, 0)
    assert [row["low"], row["high"]] == pytest.approx(
        [(middle - reach) / (1 + z2 / 10), (middle + reach) / (1 + z2 / 10)]
    )
    assert row["verdict"] == "undecided"


@pytest.mark.parametrize("level", [0.9, 0.95, 0.995])
def test_wilsons_interval_is_scipys(level: float) -> None:
    for hits, n in ((0, 1), (1, 1), (0, 8), (3, 8), (8, 8), (60, 100), (999, 1000)):
        theirs = binomtest(hits, n).proportion_ci(confidence_level=level, method="wilson")
        assert wilson_interval(hits, n, level) == pytest.approx((theirs.low, theirs.high), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize(
    ("low", "high", "chance", "expected"),
    [(0.9, 0.95, 0.9, "met"), (0.8, 0.95, 0.9, "undecided"), (0.8, 0.89, 0.9, "not met"), (0.8, 0.9, None, "")],
)
def test_the_interval_gives_the_verdict(low: float, high: float, chance: float | None, expected: str) -> None:
    assert chance_verdict(low, high, chance) == expected


def test_a_run_without_a_value_is_counted_apart() -> None:
    row = goal_table(outcomes([11.0, np.nan, 11.0], [0.0] * 3, [2.0] * 3), goals_of(KPIS)).iloc[0]
    assert (row["met"], row["n"], row["without_value"]) == (2, 2, 1)


def test_design_points_are_apart() -> None:
    both = pd.concat(
        [outcomes([11.0] * 3, [0.0] * 3, [2.0] * 3), outcomes([0.0] * 3, [0.0] * 3, [2.0] * 3).assign(design=1)]
    )
    table = goal_table(both, goals_of(KPIS)).query("goal == 'solvent'")
    assert table["share"].tolist() == [1.0, 0.0]


@pytest.mark.parametrize(("chance", "runs"), [(0.9, 35), (0.95, 73), (0.5, 4)])
def test_the_fewest_runs_that_can_show_a_chance(chance: float, runs: int) -> None:
    """n / (n + 3.84) reaches 0.9 at 35 and 0.95 at 73, and one run fewer does not."""
    assert runs_needed(chance) == runs
    goal = Goal("price", (Condition("price", "up", 1.0),), chance)
    for n, expected in ((runs, "met"), (runs - 1, "undecided")):
        assert goal_table(outcomes([0.0] * n, [0.0] * n, [1.0] * n), [goal])["verdict"].item() == expected
    assert runs_needed(1.0) is None


def test_a_threshold_needs_a_direction() -> None:
    with pytest.raises(RequestError, match="KPI burned has a threshold and direction none"):
        goals_of([{"name": "burned", "direction": "none", "threshold": 1.0}])
