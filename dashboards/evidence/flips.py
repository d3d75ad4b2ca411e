"""Where the effect turns: the proposal's difference by scenario, and by thirds of what no one decides."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboards.evidence.parts import BETTER, WORSE, Block, Part, Sheet, called, line, names, panel, sheet, span, under
from dashboards.figures.compared import Against, compared
from dashboards.labels import lower_first
from dashboards.panels import Panel, View
from dashboards.site.grids import Cell, Column
from dashboards.units import counted, scale_for
from experiments.plan import Kpi
from experiments.proposals.case import Case
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import SCENARIO
from experiments.words import figure

WHAT = (
    "Differences of the proposal to today's values by scenario, and by thirds of the baseline's runs along what no one "
    "decides. It turns where the whole interval lies on the other side of zero from that of all runs of the baseline."
)
NONE = "The proposal's file has nothing that no one decides, so there are no thirds."
TURNS, STAYS = "Turns", "Does not turn"


def part(case: Case) -> Part:
    """A figure a KPI, and one table."""
    ids = names(case, "turns", [kpi.name for kpi in case.asked.kpis])
    blocks = [Block(panels=[_panel(case, kpi, ids[kpi.name])], sheet=_sheet(case, kpi)) for kpi in case.asked.kpis]
    none = [] if (case.flips["factor"] != SCENARIO).any() else [NONE]
    return Part("Where the effect turns", [Block(text=[WHAT, *none]), *blocks])


def _panel(case: Case, kpi: Kpi, name: str) -> Panel:
    """One KPI's differences, with the interval of all runs of the baseline as a band."""
    label = called(case)[kpi.name]
    title = f"{label}: where the effect turns"
    rows = case.flips[case.flips["kpi"] == kpi.name]
    scale = scale_for(kpi.unit, rows[["difference", "low", "high"]].to_numpy())
    table = (rows[["difference", "low", "high"]] * scale.factor).rename(columns={"difference": "mean"})
    table = table.assign(case=rows.apply(_called, axis=1), series=np.where(rows["flips"], TURNS, STAYS))
    whole = table[(rows["factor"] == SCENARIO) & (rows["part"] == BASELINE)].iloc[0]
    against = Against(0.0, band=(float(whole["low"]), float(whole["high"])))
    looks = {TURNS: WORSE, STAYS: BETTER}

    def draw() -> View:
        text = under(case, "Mean paired differences with 95 % intervals", int(rows["n"].max()))
        axis = scale.axis_change(f"Change in {lower_first(label)}")
        return View(compared(table, looks, axis, against, title, text), _said(rows, whole))

    return panel(name, title, "The band is the interval of all runs of the baseline.", draw)


def _called(row: pd.Series) -> str:
    """A part of the runs: a scenario, or a third with what it spans."""
    if row["factor"] == SCENARIO:
        return f"Scenario: {line(row['part'])}"
    return f"{row['factor']}, {row['part']}: {row['span']}"


def _said(rows: pd.DataFrame, whole: pd.Series) -> str:
    """Where the sign turns."""
    if not (whole["low"] > 0 or whole["high"] < 0):
        return "The interval of all runs of the baseline holds zero, so there is no sign that could turn."
    turned = [lower_first(_called(row)) for _, row in rows[rows["flips"]].iterrows()]
    return (
        f"The sign turns in {'; '.join(turned)}."
        if turned
        else f"The sign turns in none of {counted(len(rows), 'part')}."
    )


def _sheet(case: Case, kpi: Kpi) -> Sheet:
    columns = [
        Column("Along", words=True),
        Column("Part", words=True),
        Column("Span", words=True),
        Column("Runs"),
        Column("Difference"),
        Column("95 % interval"),
        Column("Unit", words=True),
        Column("Turns", words=True),
    ]
    rows = (
        (
            row.factor,
            line(row.part),
            "all its runs" if row.factor == SCENARIO else row.span,
            f"{row.n:,}",
            figure(row.difference),
            span(row.low, row.high),
            row.unit,
            Cell("yes", "bad") if row.flips else "no",
        )
        for row in case.flips[case.flips["kpi"] == kpi.name].itertuples()
    )
    return sheet(f"{called(case)[kpi.name]}: differences by part of the runs", columns, rows)
