"""Rationale and alternatives: what each setting does to the KPIs, and how outcomes and differences spread over runs."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from dashboards.evidence import spreads
from dashboards.evidence.parts import (
    Block,
    Part,
    Sheet,
    better,
    called,
    finite,
    line,
    looks,
    names,
    panel,
    percent,
    settings,
    sheet,
    span,
    under,
)
from dashboards.figures.compared import Against, compared
from dashboards.labels import lower_first, upper_first
from dashboards.panels import Panel, View
from dashboards.site.grids import Cell, Column
from dashboards.units import counted, scale_for
from experiments.plan import Kpi
from experiments.proposals.case import Case
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import PROPOSED, TODAY
from experiments.words import figure

INTERVAL = "Differences are to today's values, run by run on the same random numbers: mean, and its 95 % interval."
NO_VALUE = "Not in it, as today's mean is zero or unknown: "


def part(case: Case) -> Part:
    """The rationale, and the effects that it rests on."""
    why = [line(found) for found in re.split(r"\n\s*\n", case.asked.rationale) if found.strip()]
    others = [
        (f"{upper_first(name)}:", line(", ".join(f"{key} {value!r}" for key, value in point.items())))
        for name, point in list(case.asked.settings.items())[2:]
    ]
    none = [] if others else ["No alternative was given to compare."]
    own = case.effects[case.effects["kpi"].isin(called(case))]
    ids = names(case, "effect", list(called(case)))
    each = [
        Block(panels=[_panel(case, own, kpi, ids[kpi.name])], sheet=_sheet(case, own, kpi)) for kpi in case.asked.kpis
    ]
    blocks = [
        Block(text=[*why, *none], points=others),
        Block(head="Effect on the KPIs", text=[INTERVAL], panels=[overview(case, own)]),
        *each,
        spreads.block(case),
    ]
    return Part("Rationale and alternatives", blocks)


def overview(case: Case, own: pd.DataFrame) -> Panel:
    """Every KPI in the baseline, in percent of today's mean, for KPIs differ in unit."""
    title, labels, shown = "All KPIs at once, in the baseline", called(case), settings(case)
    rows = own[own["scenario"] == BASELINE]
    share = in_percent(rows, rows[rows["setting"] == TODAY].set_index("kpi")["mean"].reindex(rows["kpi"]).to_numpy())
    table = share.assign(case=rows["kpi"].map(labels), series=rows["setting"].map(shown))[rows["setting"] != TODAY]
    absent = [name for name, part in table.groupby("case", sort=False) if part["mean"].isna().all()]
    note = "In percent of today's mean, for units differ." + (f" {NO_VALUE}{'; '.join(absent)}." if absent else "")
    text = under(case, "Mean paired differences with 95 % intervals", int(rows["n"].max()))

    def draw() -> View:
        found = compared(table, looks(case), "Difference to today (% of today's mean)", Against(0.0), title, text)
        some = table[(table["series"] == shown[PROPOSED]) & table["mean"].notna()]
        up, down = int((some["low"] > 0).sum()), int((some["high"] < 0).sum())
        said = f"As proposed, of {counted(len(some), 'KPI')} {up} rise and {down} fall beyond noise."
        return View(found, said)

    return panel("effects-all", title, note, draw)


def in_percent(rows: pd.DataFrame, today: np.ndarray) -> pd.DataFrame:
    """Differences and the ends of their intervals in percent of today's means, whose sign counts for nothing."""
    whole = np.where(np.isfinite(today) & (today != 0.0), np.abs(today), np.nan)
    ends = {"mean": "difference", "low": "difference_low", "high": "difference_high"}
    return pd.DataFrame({name: 100.0 * rows[column].to_numpy() / whole for name, column in ends.items()}, rows.index)


def _panel(case: Case, own: pd.DataFrame, kpi: Kpi, name: str) -> Panel:
    """One KPI in every scenario, in its own unit."""
    label, shown = called(case)[kpi.name], settings(case)
    title = f"{label}: difference to today"
    rows = finite(own[(own["kpi"] == kpi.name) & (own["setting"] != TODAY)])
    scale = scale_for(kpi.unit, [*rows["difference"], *rows["difference_low"], *rows["difference_high"]])
    table = pd.DataFrame(
        {
            "case": [line(scenario) for scenario in rows["scenario"]],
            "series": [shown[setting] for setting in rows["setting"]],
            "mean": rows["difference"] * scale.factor,
            "low": rows["difference_low"] * scale.factor,
            "high": rows["difference_high"] * scale.factor,
        }
    )

    def draw() -> View:
        text = under(case, "Mean paired differences with 95 % intervals", int(rows["n"].max() if len(rows) else 0))
        axis = scale.axis_change(f"Change in {lower_first(label)}")
        found = compared(table, looks(case), axis, Against(0.0), title, text)
        return View(found, _said(rows[rows["setting"] == PROPOSED], kpi))

    return panel(name, title, better(kpi), draw)


def _said(rows: pd.DataFrame, kpi: Kpi) -> str:
    """In how many scenarios the proposal is better or worse."""
    up, down = int((rows["difference_low"] > 0).sum()), int((rows["difference_high"] < 0).sum())
    words = ("better", "worse") if kpi.direction == "up" else ("worse", "better")
    words = words if kpi.direction in ("up", "down") else ("higher", "lower")
    found = dict(zip(words, (up, down), strict=True))
    said = ", ".join(f"{word} in {found[word]}" for word in sorted(found))
    return f"As proposed, of {counted(len(rows), 'scenario')}: {said}; the others are within the noise or the same."


def _sheet(case: Case, own: pd.DataFrame, kpi: Kpi) -> Sheet:
    columns = [
        Column("Scenario", words=True),
        Column("Setting", words=True),
        Column("Runs"),
        Column("Mean"),
        Column("95 % interval", "of the mean"),
        Column("Difference"),
        Column("95 % interval", "of the difference"),
        Column("Unit", words=True),
        Column("Better in"),
    ]
    rows = (_row(row) for _, row in own[own["kpi"] == kpi.name].iterrows())
    return sheet(f"{called(case)[kpi.name]}: effects by scenario and setting", columns, rows)


def _row(row: pd.Series) -> tuple[str | Cell, ...]:
    head = (line(row["scenario"]), upper_first(row["setting"]), f"{row['n']:,}")
    mean = (figure(row["mean"]), span(row["low"], row["high"]))
    if row["setting"] == TODAY:
        return (*head, *mean, "-", "-", row["unit"], "-")
    apart = span(row["difference_low"], row["difference_high"])
    share = "-" if np.isnan(row["better"]) else f"{percent(row['better'])} of runs"
    return (*head, *mean, figure(row["difference"]), apart, row["unit"], share)
