"""Panels of all settings at once: heat maps, paired differences from today, trade-offs of KPIs, how outcomes spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from dashboards.contrasts import Verdict, compare
from dashboards.figures.distribution import distribution
from dashboards.figures.heatmap import GridError, grid, heat_caption, heatmap, judged
from dashboards.figures.paired import differences, paired, paired_caption
from dashboards.figures.parallel import parallel
from dashboards.figures.template import titled
from dashboards.figures.tradeoff import trade_off
from dashboards.labels import Labels, axis_label, lower_first, slug
from dashboards.panels import Panel, View, by_setting, provenance
from dashboards.qualify import columns, table, undominated
from dashboards.source import Store
from dashboards.units import Scale, counted, number, scale_for, with_unit


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
                cells = grid(store.kpis, store.design, across, up, str(kpi["name"]))
            except GridError as reason:
                panels.append(Panel(name, title, missing=f"Not drawn: {reason}."))
                continue
            runs = max(cell.n for line in cells for cell in line)
            count = provenance(store, f"{counted(runs, 'run')} a cell")
            interval = "± is the 95 % interval of the mean" if runs > 1 else "no interval from one run"
            text = f"{_cells(store, labels)}; {count}; {interval}"
            figure = heatmap(store.kpis, store.design, (across, up), kpi, labels.today, title, text)
            columns = store.design[across["key"]].nunique()
            table = frame[frame["kpi"] == kpi["name"]]
            caption = heat_caption(judged(store.kpis, store.design, (across, up), kpi, labels.today).verdict)
            view = {-1: View(figure, caption)}
            panels.append(Panel(name, title, _note(kpi), view, table, min_width=110 + 72 * columns))
    return panels


def paired_panels(store: Store, labels: Labels, reference: int) -> list[Panel]:
    """Paired differences from the reference, a figure per KPI; none for a single setting."""
    if len(store.design) == 1:
        return []
    panels = []
    against = "today's parameters" if labels.today is not None else labels.short[reference]
    for kpi in store.manifest["kpis"]:
        name, title = slug(f"paired-{kpi['name']}"), f"{kpi.get('label') or kpi['name']}: change from {against}"
        table = differences(store.kpis, str(kpi["name"]), reference)
        if table.empty or table["n"].max() == 0:
            panels.append(Panel(name, title, missing="Not drawn: there is no other setting with a value for this KPI."))
            continue
        if compare(store.kpis, str(kpi["name"]), reference, 0).verdict is Verdict.SAME:
            panels.append(Panel(name, title, missing="Not drawn: every setting has the same value in every run."))
            continue
        count = provenance(store, f"{counted(int(table['n'].max()), 'pair')} a setting")
        text = f"Mean difference on the same runs; {_intervals(table)}; {count}"
        figure = paired(store.kpis, kpi, reference, labels, title, text)
        panels.append(Panel(name, title, _note(kpi), {-1: View(figure, paired_caption(table))}, table))
    return panels


@dataclass(frozen=True)
class Judged:
    """A store's settings as `dashboards.qualify` wants them."""

    design: pd.DataFrame
    kpis: pd.DataFrame
    labels: Labels
    specs: Mapping[str, Mapping[str, Any]]

    @classmethod
    def of(cls, store: Store, labels: Labels) -> Judged:
        """Those of a store."""
        return cls(store.design, store.kpis, labels, {str(kpi["name"]): kpi for kpi in store.manifest["kpis"]})


def trade_off_panels(store: Store, labels: Labels, reference: int) -> list[Panel]:
    """All settings as parallel lines, and the first two KPIs with a direction against each other; none for one setting.

    No limit is set, so every setting is within.
    """
    found = Judged.of(store, labels)
    if len(store.design) == 1 or not found.specs:
        return []
    shown = columns(found)
    frame = table(found, shown)
    count = provenance(
        store, f"{counted(len(frame), 'setting')}, means of {counted(int(store.manifest['runs']), 'run')}"
    )
    every = [name for name in frame if name != "design" and not frame[name].isna().any()]
    drawn = [column for column in shown if column.key in every]
    title = "Every setting: controls and KPIs"
    figure = parallel(frame, drawn, {}, next(column.key for column in drawn))
    titled(figure, title, f"A line a setting; {count}")
    note = f"Lines are coloured by {lower_first(drawn[0].label)}, from low in blue to high in orange. Drag along an axis to pick out settings."
    panels = [Panel("parallel", title, note, {-1: View(figure)}, frame, min_width=110 * len(drawn))]
    judged = [column for column in shown if column.is_kpi and column.direction in ("up", "down")]
    for across, up in combinations(judged, 2):
        inside = np.ones(len(frame), dtype=bool)
        best = undominated(frame, inside, across, up)
        title = f"{across.label} against {lower_first(up.label)}"
        figure = trade_off(frame, across, up, inside, best, labels, reference)
        here = "today's" if labels.today is not None else "the first"
        titled(figure, title, f"A point a setting, {here} ringed; {count}")
        said = f"{counted(int(best.sum()), 'setting')} of {len(frame)} {'is' if best.sum() == 1 else 'are'} beaten in both by no other."
        columns_of = ["design", across.key, up.key]
        panels.append(
            Panel(slug(f"tradeoff-{across.key}-{up.key}"), title, "", {-1: View(figure, said)}, frame[columns_of])
        )
    return panels


def spread_panels(store: Store, labels: Labels, reference: int) -> list[Panel]:
    """How each KPI is spread over runs, one view per setting, beside the reference; none with one run a setting."""
    if int(store.manifest["runs"]) < 2:
        return []
    panels = []
    for kpi in store.manifest["kpis"]:
        name, label = str(kpi["name"]), str(kpi.get("label") or kpi["name"])
        runs = store.kpis.groupby("design")[name]
        scale = scale_for(str(kpi.get("unit") or ""), runs.mean())
        title = f"{label}: how it is spread"

        def view(design: int, name: str = name, label: str = label, scale: Scale = scale, title: str = title) -> View:
            values = {labels.short[d]: _values(store, name, d) for d in dict.fromkeys((design, reference))}
            figure = distribution(values, scale.axis(label), scale)
            count = provenance(store, counted(len(_values(store, name, design)), "run"))
            titled(figure, title, f"{labels.long[design]}; {count}")
            return View(figure, _spread_said(_values(store, name, design), scale))

        rows = store.kpis[["design", "run", name]]
        panels.append(by_setting(store, labels, Panel(slug(f"spread-{name}"), title, _note(kpi)), rows, view))
    return panels


def _values(store: Store, kpi: str, design: int) -> np.ndarray:
    values = store.kpis.loc[store.kpis["design"] == design, kpi].to_numpy(dtype=float)
    return values[np.isfinite(values)]


def _spread_said(values: np.ndarray, scale: Scale) -> str:
    """Median and nine in ten in words."""
    if not len(values):
        return "No run has a value."
    low, median, high = (number(float(v) * scale.factor) for v in np.quantile(values, (0.05, 0.5, 0.95)))
    return f"Median {with_unit(median, scale.unit)}; nine runs in ten between {low} and {with_unit(high, scale.unit)}."


def _intervals(table: pd.DataFrame) -> str:
    """What the whiskers of a paired figure are."""
    if table["n"].max() < 2:
        return "no interval from one run"
    several = int((table["n"] > 0).sum()) > 1
    return "intervals that hold together at 95 % for all settings" if several else "95 % interval"


def _note(kpi: Mapping[str, Any]) -> str:
    """What a KPI measures and which way is better."""
    better = {"up": "Higher is better.", "down": "Lower is better."}.get(str(kpi.get("direction")), "")
    return f"{kpi.get('description') or ''} {better}".strip()


def _cells(store: Store, labels: Labels) -> str:
    """What a cell averages over, and where today is."""
    others = [axis_label(axis) for axis in labels.axes]
    spread = "mean of each setting" if len(others) <= 2 else "mean over the other swept parameters"
    where = "today outlined" if labels.today is not None else "today's parameters are not among the settings"
    return f"{spread[:1].upper()}{spread[1:]}, {where}"
