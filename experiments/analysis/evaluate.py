"""Outcomes of design points: the one module of analysis that simulates, as a sweep does.

`Evaluate` turns points (one row each, a column a factor) into outcomes (`design`, the number of the row, `run`, and a
column a KPI); a run that did not finish has a row without values. Sensitivity and tuning take it as a parameter, so
that they can be tested on functions with known answers. All points of an experiment meet the same runs (common random
numbers).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.errors import RequestError, show
from experiments.inputs.experiment import Experiment
from experiments.inputs.plan import Plan
from experiments.inputs.ranges import axis
from experiments.inputs.scenario import override
from experiments.storage.lock import nothing
from experiments.sweeps.planning import plan_of
from experiments.sweeps.results import load
from experiments.sweeps.run import Tell, run_sweep
from model.economy import Economy

Evaluate = Callable[[pd.DataFrame], pd.DataFrame]


class MissingOutcomeError(ArithmeticError):
    """A run has no value where one is needed; the message names the design point, the run and the KPI."""


@dataclass(frozen=True)
class Simulated:
    """Points simulated as a sweep whose store lies below `folder`; what is there already is not run again.

    `runs` trajectories a point under `seed`; `workers` as for a sweep. `progress` is told the trajectories of a call as
    they are done, `tell` what a user should know.
    """

    experiment: Experiment
    runs: int
    seed: int
    folder: Path
    workers: int | None = None
    fresh: bool = False
    progress: Callable[[int], None] | None = None
    tell: Tell = nothing

    def __call__(self, points: pd.DataFrame) -> pd.DataFrame:
        settings = points.to_dict("records")
        economies = [self.economy(setting, f"design point {i}") for i, setting in enumerate(settings)]
        order = by_structure(economies)
        plan = _plan(self, [settings[i] for i in order], [economies[i] for i in order])
        kpis = load(run_sweep(plan, self.folder, self.workers, self.fresh, tell=self.tell)).kpis
        if self.progress:
            self.progress(len(points) * self.runs)
        kpis["design"] = np.asarray(order)[kpis["design"]]
        every = pd.MultiIndex.from_product([range(len(points)), range(self.runs)], names=["design", "run"])
        return kpis.set_index(["design", "run"]).reindex(every).reset_index()

    def economy(self, setting: Mapping[str, Any], where: str) -> Economy:
        """The economy of a point; RequestError where there can be none."""
        return override(self.experiment.base, setting, where)

    def refusal(self, point: Mapping[str, Any]) -> str:
        """Why a point is not a valid economy, in words; empty where it is."""
        try:
            self.economy(point, "")
        except RequestError as error:
            return "; ".join(sentence.removeprefix(": ") for sentence in error.problems)
        return ""


def distinct(evaluate: Evaluate) -> Evaluate:
    """Evaluate equal points once."""

    def once(points: pd.DataFrame) -> pd.DataFrame:
        different = points.drop_duplicates(ignore_index=True)
        numbered = different.assign(distinct=np.arange(len(different)))
        place = points.merge(numbered, how="left", on=list(points.columns))["distinct"].to_numpy()
        outcomes = evaluate(different).rename(columns={"design": "distinct"})
        keys = pd.DataFrame({"design": np.arange(len(points)), "distinct": place})
        return keys.merge(outcomes, on="distinct").drop(columns="distinct")

    return once


def with_fixed(evaluate: Evaluate, fixed: Mapping[str, Any]) -> Evaluate:
    """Evaluate with more columns, constant over points."""
    return lambda points: evaluate(points.assign(**{name: [value] * len(points) for name, value in fixed.items()}))


def differences_from_today(evaluate: Evaluate, today: Mapping[str, Any]) -> Evaluate:
    """Paired differences: outcomes less those of the same run with the controls at `today`, all else equal."""

    def differences(points: pd.DataFrame) -> pd.DataFrame:
        reset = {name: [value] * len(points) for name, value in today.items() if name in points.columns}
        both = evaluate(pd.concat([points, points.assign(**reset)], ignore_index=True))
        ours = both[both["design"] < len(points)].set_index(["design", "run"])
        twins = both[both["design"] >= len(points)]
        theirs = twins.assign(design=twins["design"] - len(points)).set_index(["design", "run"])
        shared = ours.index.intersection(theirs.index)
        return (ours.loc[shared] - theirs.loc[shared]).reset_index()

    return differences


def complete(points: pd.DataFrame, outcomes: pd.DataFrame, kpis: Sequence[str]) -> pd.DataFrame:
    """Outcomes, checked: every point has the same runs and every run a finite value of each KPI.

    One missing value would make every sensitivity index NaN, so MissingOutcomeError names the first.
    """
    runs = sorted(outcomes["run"].unique())
    have = set(zip(outcomes["design"], outcomes["run"], strict=True))
    for design in range(len(points)):
        lost = [run for run in runs if (design, run) not in have]
        if lost or not runs:
            which = f"run {lost[0]} did not finish" if lost else "no run finished"
            raise MissingOutcomeError(f"{point_label(points, design)}: {which}, so no KPI has a value")
    for kpi in kpis:
        bad = outcomes[~np.isfinite(outcomes[kpi].to_numpy(dtype=float))]
        if len(bad):
            first = bad.iloc[0]
            place, run = point_label(points, int(first["design"])), int(first["run"])
            if bad.index[0] in unfinished_rows(outcomes):
                raise MissingOutcomeError(f"{place}: run {run} did not finish, so no KPI has a value")
            raise MissingOutcomeError(f"{place}, run {run}: KPI {kpi} has no value")
    return outcomes


def unfinished_rows(outcomes: pd.DataFrame) -> pd.Index:
    """Rows of unfinished runs, in which no KPI has a value."""
    return outcomes.index[outcomes.drop(columns=["design", "run"]).isna().all(axis=1)]


def means(points: pd.DataFrame, outcomes: pd.DataFrame, kpi: str) -> NDArray[np.float64]:
    """The mean of a KPI over runs at each point, `(points,)`, in its unit; every run must have a value."""
    found = complete(points, outcomes, [kpi]).groupby("design")[kpi].mean()
    return np.asarray(found.reindex(np.arange(len(points))), dtype=float)


def point_label(points: pd.DataFrame, design: int) -> str:
    """A design point in words: its number and its setting."""
    setting = ", ".join(f"{name} {show(value)}" for name, value in points.iloc[[design]].to_dict("records")[0].items())
    return f"design point {design} ({setting})" if setting else f"design point {design}"


def by_structure(economies: Sequence[Economy]) -> list[int]:
    """Order of economies that puts those of one structure side by side, so that they share a batch."""
    first: dict[tuple[object, ...], int] = {}
    ranks = [first.setdefault(economy.structure(), len(first)) for economy in economies]
    return sorted(range(len(economies)), key=lambda i: ranks[i])


def _plan(asked: Simulated, points: Sequence[Mapping[str, Any]], economies: Sequence[Economy]) -> Plan:
    """The plan of a list of points under an experiment: its KPIs alone are kept."""
    experiment = asked.experiment
    plan = plan_of(replace(experiment, runs=asked.runs, seed=asked.seed))
    what = {"experiment": plan.digest, "points": [list(point.items()) for point in points]}
    return replace(
        plan,
        digest=hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:12],
        economies=economies,
        points=points,
        axes=[axis(name) for name in points[0]],
        today=None,
        stopping=(),
        metrics=list(dict.fromkeys(kpi.metric for kpi in experiment.kpis)),
        keep="kpis",
    )
