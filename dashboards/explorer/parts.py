"""Figures and tables of each part of the page, from a store and a resolved choice."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from dashboards.explorer.bands import paired_bands
from dashboards.explorer.data import StoreView
from dashboards.explorer.elements import Element, FigureElement, TableElement, TextElement
from dashboards.explorer.state import Selection
from dashboards.figures.apart import apart
from dashboards.figures.distribution import distribution
from dashboards.figures.fan import fan, fan_caption, metric_scale, value_range
from dashboards.figures.heatmap import GridError, heat_caption, heat_verdicts, heatmap
from dashboards.figures.paired import paired_caption, paired_differences, paired_figure
from dashboards.labels import upper_first
from dashboards.source import every
from experiments.statistics import paired_estimate
from experiments.words import counted, mean_interval, number, scale_for

THIN_FROM, THIN_DAYS = 366, 7
"""Horizons from the first number of days on are drawn one point every second number."""

PAIRED_WIDTH = 520
"""Pixels that names of settings and their intervals need side by side."""

Parts = list[Element]


def fan_part(store: StoreView, choice: Selection) -> Parts:
    """Fan chart of the metric at the setting, with the median of the setting it is compared with."""
    if not store.metrics:
        return [
            TextElement(f"This store keeps no daily figures (keep: {store.manifest.get('keep')}), so there is no fan.")
        ]
    both = [choice.design, choice.against]
    rows = every(store.days(choice.metric, *both), step(store))
    names = store.labels
    drawn = fan(rows, choice.metric, choice.design, names, "", "", compare=choice.against)
    drawn.update_yaxes(range=value_range(rows, choice.metric, both, metric_scale(rows, choice.metric, names).factor))
    caption = fan_caption(rows, choice.metric, choice.design, names)
    count = int(rows.loc[rows["design"] == choice.design, "n"].max())
    note = (
        f"{upper_first(names.long[choice.design])}; {counted(count, 'run')}. {names.description(choice.metric)}".strip()
    )
    return [FigureElement("fan", names.metric(choice.metric), note, drawn, caption)]


def kpi_part(store: StoreView, choice: Selection) -> Parts:
    """The KPI over runs at both settings, and its mean at all settings: a heat map where they fill a grid."""
    if not choice.kpi:
        return [TextElement("This store has no KPIs.")]
    kpi, names = store.specs[choice.kpi], store.labels
    label = str(kpi.get("label") or choice.kpi)
    scale = scale_for(str(kpi.get("unit") or ""), store.kpis[choice.kpi])
    values = {
        names.short[d]: store.kpis.loc[store.kpis["design"] == d, choice.kpi].to_numpy(dtype=float)
        for d in dict.fromkeys((choice.design, choice.against))
    }
    description = str(kpi.get("description") or "")
    runs = distribution(values, scale.axis(label), scale)
    spread = FigureElement("distribution", f"{label}, run by run", description, runs, _medians(values, scale.factor))
    return [*_settings(store, choice, kpi, label), spread]


def compare_part(store: StoreView, choice: Selection) -> Parts:
    """Paired differences of two settings: the metric by day, where trajectories are kept, and each KPI."""
    if choice.design == choice.against:
        return [TextElement("Choose two different settings: a setting does not differ from itself.")]
    return [*_bands(store, choice), kpi_differences(store, choice.design, choice.against)]


def kpi_differences(store: StoreView, design: int, against: int) -> TableElement:
    """Paired difference of each KPI with its 95 % interval and number of pairs."""
    rows = []
    for name, kpi in store.specs.items():
        found = paired_estimate(store.kpis, name, design, against)
        scale = scale_for(str(kpi.get("unit") or ""), [found.mean, found.low, found.high])
        size = mean_interval(found.mean * scale.factor, found.half * scale.factor)
        verdict = {1: "higher", -1: "lower", 0: "statistically tied"}[found.sign]
        rows.append([str(kpi.get("label") or name), size, scale.change, verdict, f"{found.n:,}"])
    caption = (
        f"{upper_first(store.labels.long[design])}, less {store.labels.long[against]}: mean difference on the same "
        "runs ± 95 % interval, each KPI by itself"
    )
    return TableElement(caption, ("KPI", "Difference", "Unit", "Verdict", "Pairs"), rows)


def _bands(store: StoreView, choice: Selection) -> Parts:
    names = store.labels
    ours, theirs = (store.trajectories(choice.metric, d) for d in (choice.design, choice.against))
    if ours is None or theirs is None:
        kept = store.manifest.get("keep", "summary")
        return [
            TextElement(f"This store keeps no trajectories (keep: {kept}), so only KPIs can be compared run by run.")
        ]
    bands = paired_bands(ours, theirs, choice.metric, choice.design)
    drawn = apart(bands, choice.metric, choice.design, names)
    last, scale = bands.iloc[-1], metric_scale(bands, choice.metric, names)
    low, middle, high = (number(float(last[q]) * scale.factor) for q in ("p05", "p50", "p95"))
    ends = f"median {middle}, nine pairs in ten between {low} and {high} {scale.change}".strip()
    caption = f"On day {int(last['day']):,}: {ends}."
    pairs = counted(int(bands["n"].max()), "pair of runs", "pairs of runs")
    note = (
        f"{upper_first(names.long[choice.design])}, less {names.long[choice.against]}; {pairs}. Bands are quantiles of "
        "the difference of the same run at both settings, day by day"
    )
    return [FigureElement("bands", f"{names.metric(choice.metric)}: difference run by run", note, drawn, caption)]


def _settings(store: StoreView, choice: Selection, kpi: Mapping[str, object], label: str) -> Parts:
    """The KPI at all settings: a heat map over the first two controls, or paired differences from the reference."""
    names, axes = store.labels, store.labels.axes[:2]
    if len(axes) == 2:
        try:
            drawn = heatmap(store.kpis, store.design, axes, kpi, names.today)
            caption = heat_caption(heat_verdicts(store.kpis, store.design, axes, kpi, names.today).verdict)
            others = ", the mean over other controls" if len(names.axes) > 2 else ""
            note = f"Mean over runs with its 95 % interval{others}; today's is outlined"
            width = 110 + 72 * store.design[axes[0]["key"]].nunique()
            return [FigureElement("heat", f"{label} by setting", note, drawn, caption, width)]
        except GridError:
            pass
    if len(store.designs) == 1:
        return []
    drawn = paired_figure(store.kpis, kpi, choice.against, names, "", "")
    caption = paired_caption(paired_differences(store.kpis, choice.kpi, choice.against))
    note = f"Change from {names.long[choice.against]} on the same runs, with intervals that hold together at 95 %"
    return [FigureElement("heat", f"{label} by setting", note, drawn, caption, PAIRED_WIDTH)]


def _medians(values: Mapping[str, NDArray[np.float64]], factor: float) -> str:
    found = [
        f"{name}: median {number(float(np.nanmedian(v)) * factor)}"
        for name, v in values.items()
        if np.isfinite(v).any()
    ]
    return f"{'; '.join(found)}." if found else "No run has a value."


def step(store: StoreView) -> int:
    """Days between two points of a figure."""
    return THIN_DAYS if int(store.manifest["days"]) >= THIN_FROM else 1


PART: Mapping[str, Callable[[StoreView, Selection], Parts]] = {
    "fan": fan_part,
    "kpi": kpi_part,
    "compare": compare_part,
}
"""The function that makes each part, for parts that need no simulation."""
