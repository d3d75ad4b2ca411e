"""Search for policy settings: Optuna suggests a batch, one sweep evaluates it, and goals are its constraints.

Every candidate meets the same runs (common random numbers), so candidates differ by their settings and not by luck.
Objectives are means over runs; one more, that the setting be near today's, keeps the search where governance can go.
Each goal with a chance is a constraint: what its probability falls short of. Today's setting is candidate 0. At last
one more batch lies evenly on the straight way from today's to the nearest admissible setting, as something nearer may
do. A grid that has no more points than there are trials is evaluated whole, without Optuna.
"""

from __future__ import annotations

import itertools
import logging
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import optuna
import pandas as pd
from optuna.study import StudyDirection

from experiments.analysis.evaluate import Evaluate, unfinished_rows
from experiments.analysis.factors import Factor
from experiments.analysis.goals import Goal, goal_table
from experiments.analysis.pareto import Objective
from experiments.analysis.steps import distance

LOWER, ESTIMATE = JUDGED_BY = ("lower", "estimate")
"""What must reach a goal's chance: the lower end of Wilson's interval, or the share of runs."""

BATCH = 8
STARTUP = 16
"""Trials that are drawn at random before the sampler learns from them."""

Refusal = Callable[[Mapping[str, Any]], str]


@dataclass(frozen=True)
class Question:
    """The search problem: factors, today's setting, objectives, goals, and how goals are judged."""

    factors: Sequence[Factor]
    fixed: Mapping[str, Any]
    today: Mapping[str, Any]
    objectives: Sequence[Objective]
    goals: Sequence[Goal]
    judged_by: str = LOWER

    @property
    def constraints(self) -> list[Goal]:
        """Goals with a chance."""
        return [goal for goal in self.goals if goal.chance is not None]


def search(
    question: Question, evaluate: Evaluate, refusal: Refusal, trials: int, batch: int = BATCH, seed: int = 1
) -> pd.DataFrame:
    """One row a candidate, today's first, then in the order asked: settings, figures and `why` it is not admissible.

    Columns are the controls; `distance` from today's; the mean of each objective; `GOAL.share`, `.low`, `.high`, `.n`
    of each goal; `why`, empty if it is admissible. `refusal` says of a setting why no economy can have it.
    """
    ledger = _Ledger(question, evaluate, refusal)
    ledger.add([dict(question.today)])
    grid = _grid(question, trials)
    if grid is not None:
        for start in range(0, len(grid), batch):
            ledger.add(grid[start : start + batch])
    else:
        _by_optuna(question, ledger, trials, batch, seed)
        ledger.add(_on_the_way(question, ledger.nearest(), batch))
    return ledger.table()


def scored(question: Question, points: Sequence[Mapping[str, Any]], outcomes: pd.DataFrame) -> list[dict[str, Any]]:
    """Score of each point from its outcomes; `why` alone for one that lacks a value."""
    table = goal_table(outcomes, question.goals).set_index(["design", "goal"]) if question.goals else pd.DataFrame()
    rows = []
    for design, point in enumerate(points):
        row: dict[str, Any] = dict(point) | {"distance": distance(question.factors, point, question.today)}
        mine = outcomes[outcomes["design"] == design]
        if lacking := _lacking(question, mine):
            rows.append(row | {"why": lacking})
            continue
        row |= {objective.kpi: float(mine[objective.kpi].mean()) for objective in question.objectives}
        for goal in question.goals:
            found = table.loc[(design, goal.name)]
            row |= {f"{goal.name}.{name}": found[name] for name in ("met", "n", "share", "low", "high")}
        rows.append(row | {"why": "; ".join(_missed(question, row))})
    return rows


def shortfall(question: Question, goal: Goal, row: Mapping[str, Any]) -> float:
    """Shortfall: chance of a goal less its probability; zero or less if it is met."""
    column = "low" if question.judged_by == LOWER else "share"
    return float((goal.chance or 0.0) - row[f"{goal.name}.{column}"])


class _Ledger:
    """The candidates so far, each setting evaluated once."""

    def __init__(self, question: Question, evaluate: Evaluate, refusal: Refusal) -> None:
        self.question, self.evaluate, self.refusal = question, evaluate, refusal
        self.rows: dict[tuple[Any, ...], dict[str, Any]] = {}

    def add(self, points: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Evaluate those that are new, in one sweep; the figures of all."""
        keys = [tuple(point.values()) for point in points]
        new = {key: point for key, point in zip(keys, points, strict=True) if key not in self.rows}
        for key, point in new.items():
            if why := self.refusal(point):
                apart = distance(self.question.factors, point, self.question.today)
                self.rows[key] = dict(point) | {"distance": apart, "why": f"no economy can have it: {why}"}
        asked = {key: point for key, point in new.items() if key not in self.rows}
        if asked:
            outcomes = self.evaluate(pd.DataFrame(list(asked.values())))
            self.rows |= zip(asked, scored(self.question, list(asked.values()), outcomes), strict=True)
        return [self.rows[key] for key in keys]

    def nearest(self) -> dict[str, Any] | None:
        """The admissible candidate nearest to today's setting."""
        good = [row for row in self.rows.values() if not row["why"]]
        return min(good, key=lambda row: row["distance"], default=None)

    def table(self) -> pd.DataFrame:
        return pd.DataFrame(list(self.rows.values())).rename_axis("candidate").reset_index()


def _grid(question: Question, most: int) -> list[dict[str, Any]] | None:
    """Every combination of levels, if there are no more than `most`; None for ranges and larger grids."""
    levels = [factor.levels for factor in question.factors]
    if not all(levels) or math.prod(map(len, levels)) > most:
        return None
    names = [factor.name for factor in question.factors]
    return [_point(question, dict(zip(names, found, strict=True))) for found in itertools.product(*levels)]


def _by_optuna(question: Question, ledger: _Ledger, trials: int, batch: int, seed: int) -> None:
    optuna.logging.set_verbosity(logging.WARNING)
    ways = {"up": StudyDirection.MAXIMIZE, "down": StudyDirection.MINIMIZE}
    sampler = optuna.samplers.TPESampler(seed=seed % 2**32, multivariate=True, n_startup_trials=STARTUP)
    directions = [*(ways[objective.direction] for objective in question.objectives), StudyDirection.MINIMIZE]
    study = optuna.create_study(sampler=sampler, directions=directions)
    for count in _batches(trials, batch):
        asked = [study.ask() for _ in range(count)]
        points = [_point(question, {f.name: _suggested(trial, f) for f in question.factors}) for trial in asked]
        for trial, row in zip(asked, ledger.add(points), strict=True):
            _tell(question, study, trial, row)


def _on_the_way(question: Question, found: Mapping[str, Any] | None, batch: int) -> list[dict[str, Any]]:
    """Settings evenly spaced between today's and the one found, words as found; none where they are the same."""
    if found is None or not found["distance"]:
        return []
    shares = [step / (batch + 1) for step in range(1, batch + 1)]
    points = [{f.name: f.between(question.today[f.name], found[f.name], s) for f in question.factors} for s in shares]
    return [_point(question, point) for point in points]


def _batches(trials: int, batch: int) -> Iterator[int]:
    yield from (min(batch, trials - start) for start in range(0, trials, batch))


def _point(question: Question, chosen: Mapping[str, Any]) -> dict[str, Any]:
    """A whole setting, in the order of today's."""
    return {name: chosen.get(name, question.fixed.get(name)) for name in question.today}


def _suggested(trial: optuna.Trial, factor: Factor) -> Any:
    if factor.low is None or factor.high is None:
        return trial.suggest_categorical(factor.name, factor.levels)
    if factor.levels:
        return factor.levels[trial.suggest_int(factor.name, 0, len(factor.levels) - 1)]
    if factor.whole:
        return trial.suggest_int(factor.name, int(factor.low), int(factor.high), log=factor.scale == "log")
    return trial.suggest_float(factor.name, factor.low, factor.high, log=factor.scale == "log")


def _tell(question: Question, study: optuna.Study, trial: optuna.Trial, row: Mapping[str, Any]) -> None:
    """A setting without figures is a failed trial."""
    values = [row.get(objective.kpi, np.nan) for objective in question.objectives]
    if not np.isfinite(values).all() or any(f"{goal.name}.share" not in row for goal in question.goals):
        study.tell(trial, state=optuna.trial.TrialState.FAIL)
        return
    for goal in question.constraints:
        trial.set_constraint(goal.name, shortfall(question, goal, row))
    study.tell(trial, [*values, row["distance"]])


def _lacking(question: Question, outcomes: pd.DataFrame) -> str:
    """Missing values of a point, in words."""
    if len(lost := unfinished_rows(outcomes)) or outcomes.empty:
        return f"{len(lost)} of {len(outcomes)} runs did not finish"
    kpis = [o.kpi for o in question.objectives] + [c.kpi for goal in question.goals for c in goal.conditions]
    for kpi in dict.fromkeys(kpis):
        bad = outcomes[~np.isfinite(outcomes[kpi].to_numpy(dtype=float))]
        if len(bad):
            return f"KPI {kpi} has no value in run {int(bad['run'].iloc[0])}"
    return ""


def _missed(question: Question, row: Mapping[str, Any]) -> list[str]:
    """Goals that miss their chance, in words."""
    return [
        f"{goal.name} met in {int(row[f'{goal.name}.met'])} of {int(row[f'{goal.name}.n'])} runs "
        f"({100.0 * row[f'{goal.name}.low']:.0f} to {100.0 * row[f'{goal.name}.high']:.0f} %), "
        f"{100.0 * (goal.chance or 0.0):g} % asked"
        for goal in question.constraints
        if shortfall(question, goal, row) > 0.0
    ]
