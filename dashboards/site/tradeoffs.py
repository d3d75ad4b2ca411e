"""Panels of settings judged by several KPIs at once: parallel coordinates, and one KPI against another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd

from dashboards.figures.parallel import parallel_lines
from dashboards.figures.template import titled
from dashboards.figures.tradeoff import trade_off
from dashboards.labels import Labels, lower_first, slug
from dashboards.panels import Panel, View, provenance_note, settings
from dashboards.qualify import criteria, criteria_table, undominated
from dashboards.source import Store
from experiments.words import counted

MOST_KPIS = 4
"""KPIs with a direction, the first of the experiment, that are set against each other."""


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
    """All settings as parallel lines, and its first KPIs with a direction in pairs; none for one setting.

    No limit is set, so every setting is within.
    """
    found = Judged.of(store, labels)
    if len(store.design) == 1 or not found.specs:
        return []
    shown = criteria(found)
    frame = criteria_table(found, shown)
    runs = counted(int(store.manifest["runs"]), "run")
    count = provenance_note(store, f"{counted(len(frame), 'setting')}, means of {runs}")
    every = [name for name in frame if name != "design" and not frame[name].isna().any()]
    drawn = [column for column in shown if column.key in every]
    title = "Every setting: controls and KPIs"
    chosen = frame[frame["design"].isin(settings(store, labels))]
    figure = titled(parallel_lines(chosen, drawn, labels, reference), title, f"A line a setting; {count}")
    note = "Every axis runs from the least value among settings, at the bottom, to the most."
    panels = [Panel("parallel", title, note, {-1: View(figure)}, frame, min_width=105 * len(drawn))]
    judged = [column for column in shown if column.is_kpi and column.direction in ("up", "down")][:MOST_KPIS]
    ring = "Today" if labels.today is not None else "The first setting"
    for across, up in combinations(judged, 2):
        inside = np.ones(len(frame), dtype=bool)
        best = undominated(frame, inside, across, up)
        title = f"{across.label} against {lower_first(up.label)}"
        figure = trade_off(frame, across, up, inside, best, labels, reference, ring)
        titled(figure, title, f"A point a setting; {count}")
        rows = frame[["design", across.key, up.key]]
        name = slug(f"tradeoff-{across.key}-{up.key}")
        view = {-1: View(figure, _unbeaten(int(best.sum()), len(frame)))}
        panels.append(Panel(name, title, "", view, rows, min_width=420))
    return panels


def _unbeaten(count: int, of: int) -> str:
    """How many settings no other beats in both KPIs."""
    return f"For {count} of {counted(of, 'setting')} no other is better in both."
