"""Panels of how each KPI is spread over runs, for the setting that is chosen beside the reference."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dashboards.figures.distribution import distribution
from dashboards.figures.template import titled
from dashboards.labels import Labels, slug, upper_first
from dashboards.panels import Panel, View, by_setting, provenance_note
from dashboards.site.comparisons import note_of
from dashboards.source import Store
from experiments.words import Scale, counted, number, scale_for, with_unit


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
            count = provenance_note(store, counted(len(_values(store, name, design)), "run"))
            titled(figure, title, f"{upper_first(labels.long[design])}; {count}")
            return View(figure, _spread_said(_values(store, name, design), scale))

        rows = store.kpis[["design", "run", name]]
        panels.append(by_setting(store, labels, Panel(slug(f"spread-{name}"), title, note_of(kpi)), rows, view))
    return panels


def _values(store: Store, kpi: str, design: int) -> NDArray[np.float64]:
    values: NDArray[np.float64] = store.kpis.loc[store.kpis["design"] == design, kpi].to_numpy(dtype=float)
    finite: NDArray[np.float64] = values[np.isfinite(values)]
    return finite


def _spread_said(values: NDArray[np.float64], scale: Scale) -> str:
    """Median and nine in ten in words."""
    if not len(values):
        return "No run has a value."
    low, median, high = (number(float(v) * scale.factor) for v in np.quantile(values, (0.05, 0.5, 0.95)))
    return f"Median {with_unit(median, scale.unit)}; nine runs in ten between {low} and {with_unit(high, scale.unit)}."
