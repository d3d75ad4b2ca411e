"""Tables of goals: how often each is met, today and elsewhere, and what the intervals say of the chance asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboards.labels import Labels
from dashboards.site.grids import Cell, Column, Row, Table
from dashboards.source import Store
from experiments.analysis.goals import MET, NOT_MET, Condition, Goal, goal_table, goals_of
from experiments.analysis.tuning_report import probability
from experiments.words import number, scale_for, with_unit

MARKS = {MET: "good", NOT_MET: "bad"}
WHAT = (
    "How often a goal is met, in percent of runs, with Wilson's 95 % interval and the number of runs. A goal is met "
    "where the whole interval lies at or above the chance asked for, not met where it lies below, and undecided in "
    "between."
)


def goals_met(store: Store) -> tuple[list[Goal], pd.DataFrame]:
    """The goals that the KPIs make, and their table: one row a goal and setting."""
    goals = goals_of(store.manifest["kpis"])
    return goals, goal_table(store.kpis, goals)


def goal_tables(store: Store, labels: Labels, met: tuple[list[Goal], pd.DataFrame], reference: int) -> list[Table]:
    """Each goal today and at the setting that meets it most often, of what `goals_met` gives; none without goals."""
    goals, found = met
    if not goals:
        return []
    here = "Today" if labels.today is not None else "First setting"
    head = [Column("Goal", words=True), Column("Asked"), Column(here), Column("Verdict"), Column("Best setting")]
    alone = len(store.design) == 1
    columns = head[:4] if alone else [*head, Column("There"), Column("Verdict"), Column("Settings that meet it")]
    rows = []
    for goal in goals:
        part = found[found["goal"] == goal.name].set_index("design")
        cells = [Cell(said(store, goal)), Cell(chance_asked(goal)), *met_cells(part, reference)]
        if not alone and part["share"].notna().any():
            best = _best(part["share"], reference)
            count = f"{int((part['verdict'] == MET).sum())} of {len(part)}" if goal.chance is not None else "—"
            cells += [Cell(labels.short[best], href=f"setting-{best}.html"), *met_cells(part, best), Cell(count)]
        rows.append(Row([*cells, *[Cell("—")] * (len(columns) - len(cells))]))
    return [Table("goals", WHAT, columns, rows, found)]


def at_setting(
    store: Store, labels: Labels, met: tuple[list[Goal], pd.DataFrame], reference: int, design: int
) -> list[Table]:
    """Each goal at one setting beside the reference, of what `goals_met` gives; none without goals."""
    goals, found = met
    if not goals:
        return []
    here = "Today" if labels.today is not None else "First setting"
    columns = [Column("Goal", words=True), Column("Asked"), Column(here), Column("Verdict")]
    columns += [Column("This setting"), Column("Verdict")] if design != reference else []
    rows = []
    for goal in goals:
        part = found[found["goal"] == goal.name].set_index("design")
        cells = [Cell(said(store, goal)), Cell(chance_asked(goal)), *met_cells(part, reference)]
        rows.append(Row(cells + (met_cells(part, design) if design != reference else [])))
    shown = found[found["design"].isin([reference, design])]
    return [Table(f"goals-{design}", WHAT, columns, rows, shown)]


def _best(share: pd.Series, reference: int) -> int:
    """The setting that meets a goal most often; the reference where none does so more often than it."""
    most = int(share.idxmax())
    return reference if share.get(reference) == share[most] else most


def met_cells(part: pd.DataFrame, design: int) -> list[Cell]:
    """The probability and the verdict at a setting; ``part`` is a goal's rows by design."""
    if design not in part.index:
        return [Cell("no run has a value"), Cell("—")]
    row = part.loc[design].to_dict()
    return [Cell(probability(row)), Cell(row["verdict"] or "—", MARKS.get(row["verdict"], ""))]


def said(store: Store, goal: Goal) -> str:
    """A goal's name, its conditions in the units of its KPIs, and what the experiment says of it."""
    kpis = {str(kpi["name"]): kpi for kpi in store.manifest["kpis"]}
    conditions = " and ".join(_condition(one, kpis[one.kpi]) for one in goal.conditions)
    words = str((store.manifest.get("goals") or {}).get(goal.name) or "")
    return f"{goal.name}: {conditions}. {words}".strip()


def chance_asked(goal: Goal) -> str:
    """The chance asked for."""
    return "—" if goal.chance is None else with_unit(number(100.0 * goal.chance), "%")


def _condition(condition: Condition, kpi: Mapping[str, Any]) -> str:
    scale = scale_for(str(kpi.get("unit") or ""), [condition.threshold])
    bound = with_unit(number(condition.threshold * scale.factor), scale.unit)
    return f"{kpi.get('label') or kpi['name']} {'at least' if condition.direction == 'up' else 'at most'} {bound}"
