"""Tuning on toy economies whose best and nearest admissible settings are known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.factors import Factor
from experiments.analysis.pareto import Objective, front, hypervolume, reference_point
from experiments.analysis.search import ESTIMATE, Question, search
from experiments.analysis.steps import distance, quarters, road
from experiments.analysis.tune import FRONT, HOLDS, Tuning, check_runs, question_of, tune
from experiments.errors import RequestError

RUNS = 40
SHARES = [Factor("fees.burn_share", 0.0, 1.0), Factor("fees.network_share", 0.0, 0.5)]
TODAY = {"fees.burn_share": 0.2, "fees.network_share": 0.15}
KPIS: list[dict[str, Any]] = [
    {"name": "income", "direction": "up", "threshold": None},
    {"name": "reserve", "direction": "up", "threshold": 0.5, "goal": "solvent", "chance": 0.8},
]


def economy(luck: float = 0.0) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """Income is best at a burn share of 0.8 and a take of 0.3; the reserve is the burn share and a shock of the run.

    Shocks are even from -0.1 to 0.1, the same for every setting: solvency holds in 80 % of runs from a burn share of
    0.56, and the lower end of its interval reaches 80 % somewhat above.
    """

    def evaluate(points: pd.DataFrame) -> pd.DataFrame:
        burn, take = (points[name].to_numpy(dtype=float).repeat(RUNS) for name in TODAY)
        shock = np.tile(np.linspace(-0.1, 0.1, RUNS), len(points)) + luck
        return pd.DataFrame(
            {
                "design": np.repeat(np.arange(len(points)), RUNS),
                "run": np.tile(np.arange(RUNS), len(points)),
                "income": 100.0 - 50.0 * (burn - 0.8) ** 2 - 50.0 * (take - 0.3) ** 2 + shock,
                "reserve": burn + shock,
            }
        )

    return evaluate


def anything(_: Mapping[str, Any]) -> str:
    return ""


def question(**changed: Any) -> Question:
    parts: dict[str, Any] = {"factors": SHARES, "fixed": {}, "today": TODAY}
    return question_of(changed.pop("kpis", KPIS), changed.pop("named", ()), **parts | changed)


def tuned(luck: float = 0.0, trials: int = 80, **options: Any) -> Tuning:
    asked = options.pop("question", question())
    evaluate = options.pop("evaluate", economy())
    return tune(asked, evaluate, economy(luck), options.pop("refusal", anything), 0.2, trials, seed=3, **options)


@pytest.fixture(scope="module")
def found() -> Tuning:
    return tuned()


def test_the_search_finds_the_best_income_and_knows_the_front(found: Tuning) -> None:
    """One objective: the front is its best admissible setting, near the optimum at (0.8, 0.3)."""
    best = found.candidates[found.candidates["front"]]
    assert len(best) == 1
    assert best["income"].item() > 99.5
    assert best["income"].item() == found.candidates.loc[found.candidates["admissible"], "income"].max()


def test_what_is_admissible_meets_its_goal_and_what_is_not_does_not(found: Tuning) -> None:
    """Of 40 even shocks the reserve is enough in the share (burn - 0.4) / 0.2; its lower end must reach 80 %."""
    table = found.candidates
    assert (table.loc[table["admissible"], "solvent.low"] >= 0.8).all()
    assert (table.loc[~table["admissible"], "solvent.low"] < 0.8).all()
    assert table.loc[table["admissible"], "fees.burn_share"].min() > 0.56
    assert table["why"].iloc[0] == "solvent met in 0 of 40 runs (0 to 9 %), 80 % asked"


def test_the_recommendation_is_the_least_change_that_meets_the_goals(found: Tuning) -> None:
    """37 of 40 is the least number whose lower end reaches 0.8, so the nearest setting is a burn share of 0.58."""
    chosen = found.setting(found.chosen or 0)
    assert 0.578 < chosen["fees.burn_share"] < 0.66
    assert chosen["fees.network_share"] == pytest.approx(0.15, abs=0.06)
    admissible = found.candidates[found.candidates["admissible"]]
    assert found.candidates.loc[found.chosen, "distance"] == admissible["distance"].min()
    assert found.chosen not in list(found.rejected["candidate"])
    assert found.rejected["distance"].is_monotonic_increasing
    misses = found.rejected[found.rejected["distance"] < found.candidates.loc[found.chosen, "distance"]]
    assert misses["why"].str.startswith("solvent met in").all()
    further = found.rejected[found.rejected["why"] == "meets every goal, further from today's setting"]
    assert (len(misses), len(further)) == (4, 4)
    assert found.candidates.loc[further["candidate"], "front"].any()


def test_the_front_can_be_asked_for_instead(found: Tuning) -> None:
    other = tuned(among=FRONT)
    assert other.candidates.equals(found.candidates)
    assert other.candidates.loc[other.chosen, "front"]
    assert other.setting(other.chosen or 0)["fees.burn_share"] == pytest.approx(0.8, abs=0.1)
    assert "meets every goal, but is not on the front" in set(other.rejected["why"])


def test_fresh_runs_decide_whether_it_holds() -> None:
    assert tuned(trials=24).verdict == HOLDS
    unlucky = tuned(luck=-0.1, trials=24)
    assert unlucky.verdict == "not met"
    chosen = unlucky.validation.query("design == 1").iloc[0]
    assert chosen["share"] < 0.8
    assert unlucky.effect["difference"].item() > 0.0
    assert tuned(luck=-0.02, trials=24).verdict == "undecided"


def test_today_is_recommended_where_it_meets_the_goals() -> None:
    found = tuned(trials=8, question=question(today={"fees.burn_share": 0.7, "fees.network_share": 0.1}))
    assert (found.chosen, found.quarters) == (0, 0)


def test_nothing_is_recommended_where_nothing_meets_the_goals() -> None:
    hard = [KPIS[0], KPIS[1] | {"threshold": 1.2}]
    found = tuned(trials=16, question=question(kpis=hard))
    assert found.chosen is None
    assert not found.candidates["admissible"].any()
    assert found.verdict == ""


def test_a_goal_alone_is_a_question_too() -> None:
    found = tuned(trials=60, question=question(kpis=[KPIS[1]]))
    assert found.setting(found.chosen or 0)["fees.burn_share"] == pytest.approx(0.58, abs=0.05)


@pytest.mark.parametrize(("direction", "sign"), [("up", 1.0), ("down", -1.0)])
def test_the_search_learns_which_way_is_better(direction: str, sign: float) -> None:
    """What it asks for after its random start is better on average, whichever way that is."""
    table = search(question(kpis=[KPIS[0] | {"direction": direction}]), economy(), anything, 64, seed=5)
    start, learnt = table["income"][1:17], table["income"][33:65]
    assert sign * (learnt.mean() - start.mean()) > 0.0


def test_two_objectives_have_a_front_between_their_optima() -> None:
    """Income is best at a burn share of 0.8 and thrift at 0.6: the front lies between, and nothing on it is beaten."""
    both = [*KPIS, {"name": "thrift", "direction": "down", "threshold": None}]

    def evaluate(points: pd.DataFrame) -> pd.DataFrame:
        outcomes = economy()(points)
        spent = (points["fees.burn_share"].to_numpy() - 0.6) ** 2
        return outcomes.assign(thrift=np.repeat(spent, RUNS))

    asked = question(kpis=both)
    table = search(asked, evaluate, anything, 80, seed=3)
    good = table[table["why"] == ""]
    on = front(good[["income", "thrift"]].to_numpy(), asked.objectives)
    burns = good.loc[on, "fees.burn_share"]
    assert on.sum() > 3
    assert burns.between(0.55, 0.85).all()


def test_a_small_grid_is_searched_whole() -> None:
    levels = [Factor("fees.burn_share", 0.2, 0.8, levels=(0.2, 0.4, 0.6, 0.8))]
    calls: list[int] = []

    def counting(points: pd.DataFrame) -> pd.DataFrame:
        calls.append(len(points))
        return economy()(points)

    found = tuned(trials=4, question=question(factors=levels, fixed={"fees.network_share": 0.15}), evaluate=counting)
    assert found.candidates["fees.burn_share"].tolist() == [0.2, 0.4, 0.6, 0.8]
    assert sum(calls) == 4
    assert found.setting(found.chosen or 0) == {"fees.burn_share": 0.6, "fees.network_share": 0.15}


def test_trials_are_asked_in_batches_and_nothing_twice() -> None:
    calls: list[int] = []

    def counting(points: pd.DataFrame) -> pd.DataFrame:
        calls.append(len(points))
        return economy()(points)

    table = search(question(), counting, anything, 20, batch=8, seed=1)
    assert calls[:4] == [1, 8, 8, 4]
    assert len(table) == sum(calls)
    assert not table[list(TODAY)].duplicated().any()


def test_the_seed_decides_the_search() -> None:
    one, same, other = (search(question(), economy(), anything, 24, seed=seed) for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, same)
    assert not one.equals(other)


def test_a_setting_that_fails_or_cannot_be_is_rejected_by_name() -> None:
    def refusal(point: Mapping[str, Any]) -> str:
        return "too much is burned" if point["fees.burn_share"] > 0.7 else ""

    def evaluate(points: pd.DataFrame) -> pd.DataFrame:
        outcomes = economy()(points)
        take = points["fees.network_share"].to_numpy().repeat(RUNS)
        outcomes.loc[(take > 0.4) & (outcomes["run"] == 7), "income"] = np.nan
        outcomes.loc[(take < 0.1) & (outcomes["run"] == 5), ["income", "reserve"]] = np.nan
        return outcomes

    table = tuned(refusal=refusal, evaluate=evaluate).candidates
    high, low = table["fees.network_share"] > 0.4, table["fees.network_share"] < 0.1
    refused = table["fees.burn_share"] > 0.7
    assert set(table.loc[refused, "why"]) == {"no economy can have it: too much is burned"}
    assert set(table.loc[high & ~refused, "why"]) == {"KPI income has no value in run 7"}
    assert set(table.loc[low & ~refused, "why"]) == {"1 of 40 runs did not finish"}
    assert table["admissible"].any()
    assert not table.loc[high | low | refused, "admissible"].any()


def test_by_the_estimate_less_is_enough() -> None:
    """The share of runs alone reaches 80 % from a burn share of 0.56."""
    found = tuned(question=question(judged_by=ESTIMATE), trials=60)
    assert (found.candidates.loc[found.candidates["admissible"], "solvent.share"] >= 0.8).all()
    assert found.candidates.loc[found.candidates["admissible"], "solvent.low"].min() < 0.8


def test_too_few_runs_to_show_anything_are_refused() -> None:
    check_runs(question(), 16)
    with pytest.raises(RequestError, match=r"runs: found 15, .* solvent in 80 % of runs .* at least 16"):
        check_runs(question(), 15)
    check_runs(question(judged_by=ESTIMATE), 1)
    with pytest.raises(RequestError, match="a chance below 1"):
        check_runs(question(kpis=[KPIS[1] | {"chance": 1.0}]), 1000)


def test_questions_that_are_none() -> None:
    none = {"name": "burned", "direction": "none", "threshold": None}
    with pytest.raises(RequestError, match="neither an objective nor a goal with a chance"):
        question(kpis=[none])
    with pytest.raises(RequestError, match=r"objective incme: no such KPI; .* nearest: income"):
        question(named=["incme"])
    with pytest.raises(RequestError, match="objective burned: its direction is none"):
        question(kpis=[*KPIS, none], named=["burned"])
    with pytest.raises(RequestError, match="no parameter with more than one value"):
        question(factors=[])
    assert question(named=["reserve"]).objectives == [Objective("reserve", "up")]


@pytest.mark.parametrize(
    ("today", "wanted", "expected"),
    [
        (0.5, 0.6, 1),
        (0.5, 0.5, 0),
        (0.5, 0.61, 2),
        (0.5, 0.4, 1),
        (0.5, 0.3, 3),
        (0.5, 1.0, 4),
        (0.5, 0.0, None),
        (0.0, 0.2, 1),
        (0.0, 0.25, 3),
    ],
)
def test_quarters_by_hand(today: float, wanted: float, expected: int | None) -> None:
    """0.5 to 1: 0.6, 0.72, 0.864, 1. From zero the first step is 0.2 of the range, then 0.24, then 0.25 (0.288)."""
    assert quarters(today, wanted, 0.2, 1.0) == expected


def test_the_road_takes_the_longest_of_its_parameters_and_names_what_blocks_it() -> None:
    assert road(TODAY, {"fees.burn_share": 0.24, "fees.network_share": 0.2}, 0.2) == (2, [])
    steps, why = road({"population.providers": 200}, {"population.providers": 100}, 0.2)
    assert steps is None
    assert why == ["population.providers is not governed: no vote changes it"]
    assert road({"fees.burn_share": 0.5}, {"fees.burn_share": 0.0}, 0.2)[0] is None


def test_distance_is_in_ranges() -> None:
    log = Factor("l", 1.0, 100.0, scale="log")
    point, today = {"fees.burn_share": 0.5, "l": 10.0}, {"fees.burn_share": 0.2, "l": 1.0}
    assert distance([SHARES[0], log], point, today) == pytest.approx(np.hypot(0.3, 0.5))


def test_a_front_and_its_hypervolume_by_hand() -> None:
    """Up and down: (1, 1), (3, 2) and (2, 3) against the worst (1, 3); (2, 3) is beaten."""
    objectives = [Objective("a", "up"), Objective("b", "down")]
    values = np.asarray([[1.0, 1.0], [3.0, 2.0], [2.0, 3.0]])
    on = front(values, objectives)
    assert on.tolist() == [True, True, False]
    assert reference_point(values, objectives).tolist() == [1.0, 3.0]
    assert hypervolume(values[on], values, objectives) == pytest.approx(0.5)
    assert hypervolume(values[:0], values, objectives) == 0.0
    assert hypervolume(values[on][:, :1], values[:, :1], objectives[:1]) == pytest.approx(1.0)
