"""Tuning: settings that meet the goals, the one recommended, and its validation on fresh runs.

The recommendation is the admissible candidate nearest to today's setting (or, if asked, the nearest on the Pareto
front): the least change that meets every goal. Where no goal has a chance every setting is admissible, so it is the
front that counts. The figures of a candidate that was selected by them are biased upwards, so it is simulated again
under another seed, paired with today's, and judged by those runs alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from experiments.analysis.evaluate import Evaluate, complete
from experiments.analysis.goals import MET, NOT_MET, UNDECIDED, goal_table, goals_of, runs_needed
from experiments.analysis.paired import paired_differences
from experiments.analysis.pareto import Objective, front, hypervolume, reference_point
from experiments.analysis.search import BATCH, ESTIMATE, Question, Refusal, search
from experiments.analysis.steps import road
from experiments.errors import RequestError, unknown

ADMISSIBLE, FRONT = AMONG = ("admissible", "front")
MOST_REJECTED = 8
HOLDS, NO_GOALS = "holds", "no goals"


@dataclass(frozen=True)
class Tuning:
    """Result of a search. `candidates` has a row each with `admissible`, `front`; `chosen` is one of them or None.

    `rejected` says of others why not; `validation` is the goals' table on fresh runs (design 0 today, 1 the chosen),
    `effect` the paired differences there, `verdict` whether it holds.
    """

    question: Question
    candidates: pd.DataFrame
    hypervolume: float
    reference: Mapping[str, float]
    among: str
    chosen: int | None
    quarters: int | None
    obstacles: Sequence[str]
    rejected: pd.DataFrame
    validation: pd.DataFrame
    effect: pd.DataFrame
    verdict: str

    def setting(self, candidate: int) -> dict[str, Any]:
        """The controls of a candidate."""
        row = self.candidates.iloc[[candidate]][list(self.question.today)]
        return {str(name): value for name, value in row.to_dict("records")[0].items()}


def objectives_of(kpis: Sequence[Mapping[str, Any]], named: Sequence[str] = ()) -> list[Objective]:
    """The KPIs that are named, or those with a direction and no threshold; RequestError for one that is neither way."""
    by_name = {kpi["name"]: kpi for kpi in kpis}
    for name in named:
        if name not in by_name:
            raise RequestError(f"objective {name}: {unknown(name, 'KPI', by_name)}")
        if by_name[name]["direction"] not in ("up", "down"):
            raise RequestError(f"objective {name}: its direction is none; allowed: a KPI of which up or down is better")
    chosen = named or [n for n, k in by_name.items() if k["direction"] != "none" and k.get("threshold") is None]
    return [Objective(name, by_name[name]["direction"]) for name in dict.fromkeys(chosen)]


def question_of(kpis: Sequence[Mapping[str, Any]], named: Sequence[str] = (), **parts: Any) -> Question:
    """The search problem of an experiment's KPIs; RequestError without an objective and a goal with a chance."""
    asked = Question(objectives=objectives_of(kpis, named), goals=goals_of(kpis), **parts)
    if not asked.objectives and not asked.constraints:
        raise RequestError(
            "kpis: found neither an objective nor a goal with a chance; allowed: a KPI with direction up or down, "
            "or one with threshold and chance"
        )
    if not asked.factors:
        raise RequestError("controls: found no parameter with more than one value; allowed: at least one to choose")
    return asked


def check_runs(question: Question, runs: int) -> None:
    """Refuse a number of runs with which no setting could be shown to meet a goal."""
    if question.judged_by == ESTIMATE:
        return
    for goal in question.constraints:
        needed = runs_needed(goal.chance or 0.0)
        if needed is None or runs < needed:
            allowed = "a chance below 1" if needed is None else f"at least {needed}"
            raise RequestError(
                f"runs: found {runs}, with which no setting can be shown to meet {goal.name} in "
                f"{100.0 * (goal.chance or 0.0):g} % of runs at 95 % confidence; allowed: {allowed}, or to judge by "
                f"{ESTIMATE}"
            )


def tune(
    question: Question,
    evaluate: Evaluate,
    fresh: Evaluate,
    refusal: Refusal,
    limit: float,
    trials: int,
    batch: int = BATCH,
    seed: int = 1,
    among: str = ADMISSIBLE,
) -> Tuning:
    """Search, choose and validate. `evaluate` has the search's runs, `fresh` others; `limit` is a quarter's (share)."""
    among = among if question.constraints else FRONT
    table = marked(question, search(question, evaluate, refusal, trials, batch, seed))
    chosen = recommended(table, among)
    names = [objective.kpi for objective in question.objectives]
    known = table[names].dropna().to_numpy(dtype=float) if names else np.empty((0, 0))
    best = table.loc[table["front"], names].to_numpy(dtype=float)
    reference = dict(zip(names, reference_point(known, question.objectives), strict=True)) if len(known) else {}
    found = Tuning(
        question=question,
        candidates=table,
        hypervolume=hypervolume(best, known, question.objectives) if names else 0.0,
        reference=reference,
        among=among,
        chosen=chosen,
        quarters=None,
        obstacles=(),
        rejected=rejected(table, chosen, among),
        validation=pd.DataFrame(),
        effect=pd.DataFrame(),
        verdict="",
    )
    return found if chosen is None else validated(found, fresh, limit)


def marked(question: Question, candidates: pd.DataFrame) -> pd.DataFrame:
    """The candidates with `admissible`, and `front`: not beaten by an admissible one in every objective."""
    table = candidates.assign(admissible=candidates["why"] == "", front=False)
    rows = table.index[table["admissible"]]
    if question.objectives and len(rows):
        values = table.loc[rows, [objective.kpi for objective in question.objectives]].to_numpy(dtype=float)
        table.loc[rows, "front"] = front(values, question.objectives)
    return table


def recommended(table: pd.DataFrame, among: str) -> int | None:
    """The candidate nearest to today's setting among those asked for; of two as near, the first. None if none is."""
    allowed = table[table["front" if among == FRONT else "admissible"]]
    return int(allowed["distance"].idxmin()) if len(allowed) else None


def rejected(table: pd.DataFrame, chosen: int | None, among: str) -> pd.DataFrame:
    """Candidates not recommended, and why: `candidate`, `distance`, `why`, nearest first.

    Half of them are the nearest misses, those that lie closest below the chosen distance, or nearest to today's setting
    where nothing was chosen; half are those that meet the goals, on the front first, then the nearest.
    """
    others = table.drop(index=[] if chosen is None else [chosen])
    reach = np.inf if chosen is None else table.loc[chosen, "distance"]
    misses = others[~others["admissible"] & (others["distance"] <= reach)].sort_values("distance", kind="stable")
    misses = misses.head(MOST_REJECTED) if chosen is None else misses.tail(MOST_REJECTED // 2)
    good = others[others["admissible"]].sort_values(["front", "distance"], ascending=[False, True], kind="stable")
    rows = pd.concat([misses, good.head(MOST_REJECTED // 2)]).sort_values("distance", kind="stable")
    beaten = "meets every goal, but is not on the front"
    further = "meets every goal, further from today's setting"
    why = np.where(rows["admissible"], further, rows["why"])
    if among == FRONT:
        why = np.where(rows["admissible"] & ~rows["front"], beaten, why)
    return pd.DataFrame({"candidate": rows.index, "distance": rows["distance"].to_numpy(), "why": why})


def validated(found: Tuning, fresh: Evaluate, limit: float) -> Tuning:
    """The result with the chosen setting validated against today's on fresh runs."""
    question, chosen = found.question, found.setting(found.chosen or 0)
    steps, obstacles = road(question.today, chosen, limit)
    points = pd.DataFrame([question.today, chosen])
    kpis = [condition.kpi for goal in question.goals for condition in goal.conditions]
    kpis += [objective.kpi for objective in question.objectives]
    outcomes = complete(points, fresh(points), list(dict.fromkeys(kpis)))
    table = goal_table(outcomes, question.goals)
    specs = [{"name": objective.kpi, "direction": objective.direction} for objective in question.objectives]
    return replace(
        found,
        quarters=steps,
        obstacles=obstacles,
        validation=table,
        effect=paired_differences(outcomes, specs, 0),
        verdict=validation_verdict(question, table),
    )


def validation_verdict(question: Question, validation: pd.DataFrame) -> str:
    """Whether the chosen setting (design 1) meets every goal with a chance on fresh runs: holds, not met, undecided.

    Judged by the share of runs it holds or not; by the interval it can also be undecided.
    """
    if not question.constraints:
        return NO_GOALS
    found = validation[(validation["design"] == 1) & validation["chance"].notna()]
    verdicts = list(found["verdict"])
    if question.judged_by == ESTIMATE:
        verdicts = [
            MET if share >= chance else NOT_MET for share, chance in zip(found["share"], found["chance"], strict=True)
        ]
    if NOT_MET in verdicts:
        return NOT_MET
    return UNDECIDED if UNDECIDED in verdicts else HOLDS
