"""Pages of settings: all beside each other, and one each with what it changes and what that does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboards.answer import KpiAnswer
from dashboards.figures.paired import paired_differences, verdict_groups
from dashboards.labels import Labels, axis_label, axis_value, upper_first
from dashboards.panels import Panel, settings
from dashboards.site import comparisons, goals
from dashboards.site.chapters import CHAPTERS
from dashboards.site.grids import Cell, Column, Page, Row, Section, Table
from dashboards.site.over_time import recorded_metrics
from dashboards.site.spreads import spread_panels
from dashboards.site.tradeoffs import trade_off_panels
from dashboards.source import Store
from dashboards.tables import kpi_means, kpi_table
from experiments.analysis.goals import Goal
from experiments.statistics import kpi_estimate
from experiments.words import MISSING, counted, decimals_for, mean_interval, number, scale_for

MARKS = {"Better": "good", "Worse": "bad"}


def compared(store: Store, labels: Labels, reference: int, findings: list[KpiAnswer]) -> Page:
    """All settings beside each other."""
    frame = kpi_means(store)
    against = "today's parameters" if labels.today is not None else "the first setting"
    changes = Section(
        "paired",
        f"Change from {against}",
        [
            "Every setting met the same random numbers, so a run is compared with its twin, and what both share "
            "cancels. A difference whose interval holds zero is within Monte Carlo noise."
        ],
        panels=comparisons.paired_panels(store, labels, reference),
    )
    against_each = Section(
        "tradeoffs",
        "One KPI against another",
        [
            "Means of every setting. A setting that another beats in both KPIs has no claim on them; whether two "
            "points differ beyond noise is for the paired differences to say."
        ],
        panels=trade_off_panels(store, labels, reference),
    )
    spreads = Section(
        "spread",
        "How outcomes are spread",
        ["The share of runs at or below each value, for the setting that is chosen and, dashed, for the reference."],
        panels=spread_panels(store, labels, reference),
    )
    table = Section("kpis", "KPIs by setting", tables=kpi_tables(store, labels, findings, len(store.design)))
    intro = f"What {counted(len(store.design), 'setting')} of the sweep do to its KPIs."
    found = [
        *_maps(comparisons.heat_panels(store, labels, frame)),
        *(part for part in (changes, against_each, spreads) if part.panels),
    ]
    return Page("settings", "Settings", intro, [table, *found])


def _maps(panels: list[Panel]) -> list[Section]:
    """The heat maps, or one sentence where no two parameters of the sweep form a grid; nothing for one parameter."""
    if not panels:
        return []
    text = (
        "Brighter cells are better where the KPI has a direction, and higher where it has none. A map whose cells "
        "paired runs cannot tell apart is not coloured."
    )
    if not any(panel.views for panel in panels):
        panels, text = [], "No two parameters of this sweep form a grid, so there are no maps of them."
    return [Section("heat", "Trade-offs between two parameters", [text], panels=panels)]


def kpi_tables(store: Store, labels: Labels, findings: list[KpiAnswer], points: int) -> list[Table]:
    """The table of KPIs, one row a setting with a link to its page; none without KPIs."""
    frame = kpi_means(store)
    headings, rows = kpi_table(store, labels, frame, findings)
    if not headings:
        return []
    pages = set(settings(store, labels)) if points > 1 else set()
    axes = [Column(axis_label(axis), words=True) for axis in labels.axes] or [Column("Setting", words=True)]
    columns = [*axes, *(Column(h.label, ", ".join(filter(None, [h.unit, h.better]))) for h in headings), Column("Runs")]
    made = []
    for row in rows:
        href = f"setting-{row.design}.html" if row.design in pages else ""
        names = [Cell(value, href=href if place == 0 else "") for place, value in enumerate(row.values or ["the only"])]
        cells = [Cell(cell.text, "best" if cell.best else "") for cell in row.cells]
        made.append(Row([*names, *cells, Cell(row.runs)], len(names), row.design, row.today))
    return [Table("kpis", _caption(store, points, len(made)), columns, made, frame)]


def _caption(store: Store, points: int, shown: int) -> str:
    """How to read the table of KPIs."""
    if store.manifest["runs"] == 1:
        return "One run a setting, so there is no interval."
    text = "Mean over runs ± half-width of its own 95 % interval."
    if points > 1:
        text += (
            " Whether two settings differ is judged by paired runs, not by whether these intervals overlap. Bold: the "
            "best setting of the column and those that paired runs cannot tell from it; a column without bold has no "
            "direction, or no difference beyond noise."
        )
    return text + (f" The first {shown} of {points} settings; all are in the CSV." if shown < points else "")


def setting_pages(store: Store, labels: Labels, reference: int) -> list[Page]:
    """A page for each setting that can be chosen; none where there is one setting."""
    chosen = settings(store, labels) if len(store.design) > 1 else []
    names = [str(kpi["name"]) for kpi in store.manifest["kpis"]]
    changes = {name: paired_differences(store.kpis, name, reference) for name in names}
    met = goals.goals_met(store)
    return [_page(store, labels, changes, met, reference, design) for design in chosen]


def _page(
    store: Store,
    labels: Labels,
    changes: Mapping[str, pd.DataFrame],
    met: tuple[list[Goal], pd.DataFrame],
    reference: int,
    design: int,
) -> Page:
    today = "Today's parameters" if labels.today is not None else "The first setting's parameters"
    intro = f"{today}, which other settings are compared with." if design == reference else "Beside " + _lower(today)
    tables = kpis_at(store, labels, changes, reference, design)
    found = goals.at_setting(store, labels, met, reference, design)
    recorded = recorded_metrics(store)
    sections = [
        Section("parameters", "What is set", tables=[parameters_at(store, labels, reference, design)]),
        *([Section("kpis", "What it does to the KPIs", tables=tables)] if tables else []),
        *([Section("goals", "How often goals are met", tables=found)] if found else []),
        Section(
            "more",
            "Over time",
            ["The same setting in every chapter:"],
            links=[(chapter.title, f"{chapter.id}.html") for chapter in CHAPTERS if recorded & set(chapter.metrics)],
        ),
    ]
    name = labels.long[design]
    return Page(f"setting-{design}", upper_first(name), f"{intro}.".replace("..", "."), sections, design)


def parameters_at(store: Store, labels: Labels, reference: int, design: int) -> Table:
    """The swept parameters at the setting, before and after."""
    points = store.design.set_index("design")
    before = "Today" if labels.today is not None else "First setting"
    rows, records = [], []
    for axis in labels.axes:
        old, new = points.loc[reference, axis["key"]], points.loc[design, axis["key"]]
        changed = "changed" if old != new else ""
        cells = [Cell(axis_label(axis)), Cell(str(axis["key"]), code=True), Cell(axis_value(axis, old))]
        rows.append(Row([*cells, Cell(axis_value(axis, new), changed)]))
        records.append({"parameter": axis["key"], "before": old, "after": new, "unit": axis.get("unit") or ""})
    columns = [Column("Parameter", words=True), Column("Key", words=True), Column(before), Column("This setting")]
    return Table(f"parameters-{design}", "Changed values are marked.", columns, rows, pd.DataFrame(records))


def kpis_at(
    store: Store, labels: Labels, changes: Mapping[str, pd.DataFrame], reference: int, design: int
) -> list[Table]:
    """Every KPI at the reference and at the setting, with the paired difference; none without KPIs."""
    if not store.manifest["kpis"]:
        return []
    rows, frames = [], []
    for kpi in store.manifest["kpis"]:
        change = changes[str(kpi["name"])]
        mine = change[change["design"] == design]
        rows.append(Row(_kpi_cells(store, kpi, reference, design, mine)))
        frames.append(mine.drop(columns="design").assign(kpi=kpi["name"], unit=kpi.get("unit") or ""))
    before = "Today" if labels.today is not None else "First setting"
    columns = [Column("KPI", words=True), Column("Unit", words=True), Column(before)]
    if design == reference:
        return [Table(f"kpis-{design}", "Mean ± half of its 95 % interval.", columns, rows, _means(store, design))]
    columns += [Column("This setting"), Column("Difference on the same runs"), Column("Interval"), Column("Verdict")]
    caption = (
        "Means ± half of their own 95 % intervals. The interval of a difference is widened so that those of all "
        "settings hold together at 95 %; one that holds zero is within Monte Carlo noise."
    )
    return [Table(f"kpis-{design}", caption, columns, rows, pd.concat(frames))]


def _means(store: Store, design: int) -> pd.DataFrame:
    frame = kpi_means(store)
    return frame[frame["design"] == design]


def _kpi_cells(
    store: Store, kpi: Mapping[str, Any], reference: int, design: int, difference: pd.DataFrame
) -> list[Cell]:
    """One KPI: both means, their difference with its interval, and the verdict."""
    name = str(kpi["name"])
    ends = [kpi_estimate(store.kpis, name, place) for place in (reference, design)]
    scale = scale_for(str(kpi.get("unit") or ""), [end.mean for end in ends])
    means = [Cell(mean_interval(end.mean * scale.factor, end.half * scale.factor)) for end in ends]
    label = Cell(str(kpi.get("label") or name))
    if difference.empty:
        return [label, Cell(scale.unit), means[0]]
    row = difference.iloc[0]
    mean, low, high = (float(row[part]) * scale.factor for part in ("mean", "low", "high"))
    places = decimals_for(mean, high - mean)
    verdict = verdict_groups(difference, str(kpi.get("direction") or "none"))[0] or MISSING
    ends_text = f"{number(low, places)} to {number(high, places)}" if row["n"] > 1 else MISSING
    sign = "+" if mean > 0 else ""
    shown = [Cell(f"{sign}{number(mean, places)}"), Cell(ends_text), Cell(verdict, MARKS.get(verdict, ""))]
    return [label, Cell(scale.unit), *means, *shown]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
