"""The objective: by which figures the proposal is judged, and the chance that each threshold is breached."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from dashboards.evidence.parts import (
    Block,
    Part,
    Sheet,
    amount,
    better,
    called,
    line,
    looks,
    names,
    panel,
    percent,
    settings,
    sheet,
)
from dashboards.evidence.parts import under as below
from dashboards.evidence.summary import WORDS, verdicts
from dashboards.figures.compared import Against, compared
from dashboards.labels import upper_first
from dashboards.panels import Panel, View
from dashboards.site.goals import MARKS
from dashboards.site.grids import Cell, Column
from dashboards.units import counted
from experiments.plan import Kpi
from experiments.proposals.case import Case

WHAT = (
    "The figures by which the proposal is judged, and how often a threshold may be missed. A goal is met where the "
    "whole interval of the chance to keep it lies at or above the chance asked, not met where it lies below, and "
    "undecided in between."
)


def part(case: Case) -> Part:
    """The objective."""
    bound = [kpi for kpi in case.asked.kpis if kpi.threshold is not None]
    ids = names(case, "chance", [kpi.name for kpi in bound])
    blocks = [Block(panels=[_panel(case, kpi, ids[kpi.name])], sheet=_chances(case, kpi)) for kpi in bound]
    return Part("Objective", [Block(text=[WHAT], sheet=_kpis(case)), *blocks])


def _kpis(case: Case) -> Sheet:
    labels = called(case)
    columns = [
        Column("KPI", words=True),
        Column("Metric", words=True),
        Column("Taken as", words=True),
        Column("Better", words=True),
        Column("Threshold"),
        Column("Chance asked"),
    ]
    rows = (
        (
            labels[kpi.name],
            Cell(kpi.metric, code=True),
            kpi.aggregation,
            better(kpi).split(" ")[0].lower() or "neither",
            "none" if kpi.threshold is None else amount(kpi.threshold, kpi.unit),
            "none" if kpi.chance is None else percent(kpi.chance),
        )
        for kpi in case.asked.kpis
    )
    return sheet("What the proposal is judged by", columns, rows)


def _chances(case: Case, kpi: Kpi) -> Sheet:
    columns = [
        Column("Scenario", words=True),
        Column("Setting", words=True),
        Column("Asked"),
        Column("Breached in"),
        Column("Chance", "%"),
        Column("95 % interval", "Wilson's, %"),
        Column("Verdict", words=True),
    ]
    rows = (_row(row) for _, row in case.chances[case.chances["kpi"] == kpi.name].iterrows())
    return sheet(f"{called(case)[kpi.name]}: breaches by scenario and setting", columns, rows)


def _row(row: pd.Series) -> tuple[str | Cell, ...]:
    return (
        line(row["scenario"]),
        upper_first(row["setting"]),
        f"{row['asked']} {amount(row['threshold'], row['unit'])}",
        f"{row['breached']} of {counted(row['n'], 'run')}",
        *_percents(row["breach_share"], row["low"], row["high"]),
        Cell(row["verdict"] or "no chance asked", MARKS.get(row["verdict"], "")),
    )


def _percents(share: float, low: float, high: float) -> Iterator[str]:
    """A share and its interval in percent, or that there are none."""
    known = math.isfinite(share)
    yield f"{100.0 * share:.1f}" if known else "-"
    yield f"{100.0 * low:.1f} to {100.0 * high:.1f}" if known else "-"


def _panel(case: Case, kpi: Kpi, name: str) -> Panel:
    """How often one threshold is breached."""
    title = f"{called(case)[kpi.name]}: chance of breaching its threshold"
    rows, shown = case.chances[case.chances["kpi"] == kpi.name], settings(case)
    asked = f"Asked: {rows['asked'].iloc[0]} {amount(rows['threshold'].iloc[0], kpi.unit)}."
    table = pd.DataFrame(
        {
            "case": [line(scenario) for scenario in rows["scenario"]],
            "series": [shown[setting] for setting in rows["setting"]],
            "mean": 100.0 * rows["breach_share"],
            "low": 100.0 * rows["low"],
            "high": 100.0 * rows["high"],
        }
    )
    most = None if kpi.chance is None else 100.0 * (1.0 - kpi.chance)
    against = None if most is None else Against(most, f"asked: at most {most:.3g} %")
    text = below(case, "Share of runs, with Wilson's 95 % intervals", int(rows["n"].max()))

    def draw() -> View:
        found = compared(table, looks(case), "Runs that breach the threshold (%)", against, title, text)
        return View(found.update_xaxes(range=[-2, 102]), _said(rows, kpi))

    return panel(name, title, asked, draw)


def _said(rows: pd.DataFrame, kpi: Kpi) -> str:
    """In how many scenarios the goal is met."""
    if kpi.chance is None:
        return "No chance is asked for."
    found = {word: rows.loc[rows["setting"] == name, "verdict"] for name, word in WORDS.items()}
    said = [f"{word} {verdicts(part)}" for word, part in found.items()]
    return f"In {counted(len(found['today']), 'scenario')} the goal is: {'; '.join(said)}."
