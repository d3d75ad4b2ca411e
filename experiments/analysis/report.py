"""Report of a finished sweep: goals, paired differences, convergence, and where goals fail."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from experiments.analysis.convergence import convergence
from experiments.analysis.discovery import Box, cases, path_table, peel, select_box
from experiments.analysis.goals import Goal, goal_table, goals_of, met
from experiments.analysis.paired import paired_differences
from experiments.analysis.rules import rules
from experiments.sweeps.results import Results

FEW = 20
"""Fewest failing and met cases for scenario discovery."""


@dataclass(frozen=True)
class Failing:
    """Where a goal fails: the box, the path that led to it, and the rules of a tree."""

    goal: Goal
    fails: int
    cases: int
    box: Box
    path: pd.DataFrame
    rules: pd.DataFrame


@dataclass(frozen=True)
class SweepReport:
    """The tables of a store; without a design point that is today's there are no differences."""

    today: int | None
    goals: pd.DataFrame
    differences: pd.DataFrame
    convergence: pd.DataFrame
    failing: list[Failing]


def report_of(results: Results) -> SweepReport:
    """Report on the KPIs of a store."""
    design, kpis, specs = results.design, results.kpis, results.manifest["kpis"]
    marked = design.loc[design["today"].astype(bool), "design"]
    today = int(marked.iloc[0]) if len(marked) else None
    goals = goals_of(specs)
    settings = cases(design, kpis, results.environment)
    return SweepReport(
        today=today,
        goals=goal_table(kpis, goals),
        differences=paired_differences(kpis, specs, today) if today is not None else pd.DataFrame(),
        convergence=convergence(kpis, specs, today),
        failing=[found for goal in goals if (found := failing(goal, settings, kpis))],
    )


def failing(goal: Goal, settings: pd.DataFrame, kpis: pd.DataFrame) -> Failing | None:
    """Where a goal fails; None where too few cases fail or are met, or nothing varies."""
    fails = ~met(kpis, goal).to_numpy()
    if min(fails.sum(), (~fails).sum()) < FEW or not (settings.nunique() > 1).any():
        return None
    path = peel(settings, fails)
    return Failing(goal, int(fails.sum()), len(fails), select_box(path), path_table(path), rules(settings, fails))
