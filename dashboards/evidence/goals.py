"""The objective: by which figures the proposal is judged, and the chance that each threshold is breached."""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd

from dashboards.evidence.parts import Block, Part, Sheet, better, called, line, looks, names, panel, settings, sheet
from dashboards.evidence.parts import under as below
from dashboards.figures.compared import Against, compared
from dashboards.panels import Panel, View
from dashboards.site.goals import MARKS
from dashboards.site.grids import Cell, Column
from dashboards.units import counted
from experiments.analysis.goals import MET, NOT_MET
from experiments.plan import Kpi
from experiments.proposals.case import Case
from experiments.proposals.tables import PROPOSED, TODAY
from experiments.words import figure

WHAT = (
    "The figures by which the proposal is judged, and how often a threshold may be missed. A goal is met where the "
    "whole interval of the chance to keep it lies at or above the chance asked, not met where it lies below, and "
    "undecided in between."
)


def part(case: Case) -> Part:
    """The objective."""
    bound = [kpi for kpi in case.asked.kpis if kpi.threshold is not None]
    ids = names(case, "chance", [kpi.name for kpi in bound])
    panels = [_panel(case, kpi, ids[kpi.name]) for kpi in bound]
    blocks = [
        Block(text=[WHAT], sheet=_kpis(case)),
        Block(head="Chance of breaching each threshold", panels=panels, sheet=_chances(case)),
    ]
    return Part("Objective", blocks)


def _kpis(case: Case) -> Sheet:
    labels = called(case)
    columns = [
        Column("KPI", words=True),
        Column("Metric", words=True),
        Column("Of its days", words=True),
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
            "none" if kpi.threshold is None else f"{figure(kpi.threshold)} {kpi.unit}",
            "none" if kpi.chance is None else f"{kpi.chance:.0%}",
        )
        for kpi in case.asked.kpis
    )
    return sheet("What the proposal is judged by", columns, rows)


def _chances(case: Case) -> Sheet:
    labels, shown = called(case), settings(case)
    columns = [
        Column("KPI", words=True),
        Column("Scenario", words=True),
        Column("Setting", words=True),
        Column("Asked"),
        Column("Breached in"),
        Column("Chance", "%"),
        Column("95 % interval", "Wilson's, %"),
        Column("Verdict", words=True),
    ]
    rows = (
        (
            labels[row.kpi],
            line(row.scenario),
            shown[row.setting],
            f"{row.asked} {figure(row.threshold)} {row.unit}",
            f"{row.breached} of {counted(row.n, 'run')}",
            *_percents(row.breach_share, row.low, row.high),
            Cell(row.verdict or "no chance asked", MARKS.get(row.verdict, "")),
        )
        for row in case.chances.sort_values(
            "kpi", key=lambda kpi: kpi.map(list(labels).index), kind="stable"
        ).itertuples()
    )
    return sheet("Breaches by scenario and setting", columns, rows)


def _percents(share: float, low: float, high: float) -> Iterator[str]:
    """A share and its interval in percent, or that there are none."""
    known = math.isfinite(share)
    yield f"{100.0 * share:.1f}" if known else "-"
    yield f"{100.0 * low:.1f} to {100.0 * high:.1f}" if known else "-"


def _panel(case: Case, kpi: Kpi, name: str) -> Panel:
    """How often one threshold is breached."""
    title = f"{called(case)[kpi.name]}: chance of breaching its threshold"
    rows, shown = case.chances[case.chances["kpi"] == kpi.name], settings(case)
    bound = f"{'at least' if kpi.direction == 'up' else 'at most'} {figure(kpi.threshold or 0.0)} {kpi.unit}"
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

    return panel(name, title, f"Asked: {bound}.", draw)


def _said(rows: pd.DataFrame, kpi: Kpi) -> str:
    """In how many scenarios the goal is met."""
    if kpi.chance is None:
        return "No chance is asked for."
    counts = {name: rows.loc[rows["setting"] == name, "verdict"] for name in (TODAY, PROPOSED)}
    total = counted(len(counts[TODAY]), "scenario")
    said = [
        f"{word}, met in {(found == MET).sum()}, not met in {(found == NOT_MET).sum()}"
        for word, found in zip(("today", "as proposed"), counts.values(), strict=True)
    ]
    return f"Of {total}: {'; '.join(said)}; the others are undecided."
