"""Panels of all settings at once: heat maps of KPIs over two parameters, and paired differences from today."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from dashboards.contrasts import Verdict, compare
from dashboards.figures.heatmap import GridError, heat_caption, heat_cells, heat_verdicts, heatmap
from dashboards.figures.paired import paired_caption, paired_differences, paired_figure
from dashboards.labels import Labels, axis_label, slug, upper_first
from dashboards.panels import Panel, View, provenance_note
from dashboards.source import Store
from experiments.words import counted

NARROW = 480
"""Pixels below which rows named by their settings scroll sideways."""


def heat_panels(store: Store, labels: Labels, frame: pd.DataFrame) -> list[Panel]:
    """A heat map per KPI and pair of swept parameters (of the first three); none for a single setting."""
    pairs = list(combinations(labels.axes[:3], 2)) if len(store.design) > 1 else []
    panels = []
    for kpi in store.manifest["kpis"]:
        for across, up in pairs:
            label = str(kpi.get("label") or kpi["name"])
            title = label if len(pairs) == 1 else f"{label} by {axis_label(across)} and {axis_label(up)}"
            name = slug(f"heat-{kpi['name']}" if len(pairs) == 1 else f"heat-{kpi['name']}-{across['key']}-{up['key']}")
            try:
                cells = heat_cells(store.kpis, store.design, across, up, str(kpi["name"]))
            except GridError as reason:
                panels.append(Panel(name, title, missing=f"Not drawn: {reason}."))
                continue
            runs = max(cell.n for line in cells for cell in line)
            count = provenance_note(store, f"{counted(runs, 'run')} a cell")
            interval = "± is the 95 % interval of the mean" if runs > 1 else "no interval from one run"
            text = f"{_cells(store, labels)}; {count}; {interval}"
            figure = heatmap(store.kpis, store.design, (across, up), kpi, labels.today, title, text)
            columns = store.design[across["key"]].nunique()
            table = frame[frame["kpi"] == kpi["name"]]
            caption = heat_caption(heat_verdicts(store.kpis, store.design, (across, up), kpi, labels.today).verdict)
            view = {-1: View(figure, caption)}
            panels.append(Panel(name, title, note_of(kpi), view, table, min_width=110 + 72 * columns))
    return panels


def paired_panels(store: Store, labels: Labels, reference: int) -> list[Panel]:
    """Paired differences from the reference, a figure per KPI; none for a single setting."""
    if len(store.design) == 1:
        return []
    panels = []
    against = "today's parameters" if labels.today is not None else labels.short[reference]
    for kpi in store.manifest["kpis"]:
        name, title = slug(f"paired-{kpi['name']}"), f"{kpi.get('label') or kpi['name']}: change from {against}"
        table = paired_differences(store.kpis, str(kpi["name"]), reference)
        if table.empty or table["n"].max() == 0:
            panels.append(Panel(name, title, missing="Not drawn: there is no other setting with a value for this KPI."))
            continue
        if compare(store.kpis, str(kpi["name"]), reference, 0).verdict is Verdict.SAME:
            panels.append(Panel(name, title, missing="Not drawn: every setting has the same value in every run."))
            continue
        count = provenance_note(store, f"{counted(int(table['n'].max()), 'pair')} a setting")
        text = f"Mean difference on the same runs; {_intervals(table)}; {count}"
        figure = paired_figure(store.kpis, kpi, reference, labels, title, text)
        view = {-1: View(figure, paired_caption(table))}
        panels.append(Panel(name, title, note_of(kpi), view, table, min_width=NARROW))
    return panels


def _intervals(table: pd.DataFrame) -> str:
    """What the whiskers of a paired figure are."""
    if table["n"].max() < 2:
        return "no interval from one run"
    several = int((table["n"] > 0).sum()) > 1
    return "intervals that hold together at 95 % for all settings" if several else "95 % interval"


def note_of(kpi: Mapping[str, Any]) -> str:
    """What a KPI measures and which way is better."""
    better = {"up": "Higher is better.", "down": "Lower is better."}.get(str(kpi.get("direction")), "")
    return f"{kpi.get('description') or ''} {better}".strip()


def _cells(store: Store, labels: Labels) -> str:
    """What a cell averages over, and where today is."""
    others = [axis_label(axis) for axis in labels.axes]
    spread = "mean of each setting" if len(others) <= 2 else "mean over the other swept parameters"
    where = "today outlined" if labels.today is not None else "today's parameters are not among the settings"
    return f"{upper_first(spread)}, {where}"
