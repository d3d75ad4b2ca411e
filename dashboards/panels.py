"""A figure with what stands beside it: heading, subtitle, a sentence, a CSV, or why there is none."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import subtitle_of
from dashboards.labels import Labels, upper_first
from dashboards.source import MissingMetricError, Store, every
from experiments.words import counted

MOST_SETTINGS = 25
WHOLE, WEEK = 160, 7
"""Days up to which each is drawn; a longer horizon has points whole weeks apart, for demand has a weekly cycle."""

DRAWN, WRITTEN = 80, 4
"""Most points of a curve of a longer horizon; of these, its CSV has one in so many."""


@dataclass(frozen=True)
class View:
    """A figure for one setting (or for all), and a sentence that says what it shows."""

    figure: go.Figure
    caption: str = ""

    @property
    def subtitle(self) -> str:
        """The figure's subtitle as text."""
        return subtitle_of(self.figure)


@dataclass(frozen=True)
class Panel:
    """A place on a page. ``views`` by design number, -1 for all settings; ``missing`` says why none is drawn.

    ``shows``: the recorded metrics that are seen here, so that they need no figure of their own.
    """

    id: str
    title: str
    note: str = ""
    views: dict[int, View] = field(default_factory=dict)
    table: pd.DataFrame | None = None
    missing: str = ""
    min_width: int = 0
    shows: tuple[str, ...] = ()

    @property
    def first(self) -> View:
        """The view that a page begins with."""
        return next(iter(self.views.values()))

    @property
    def height(self) -> int:
        """Pixels that the figure takes."""
        return int(self.first.figure.layout.height or 400)


def settings(store: Store, labels: Labels) -> list[int]:
    """The design points that can be chosen on the site: all, or today's and an even spread of the others."""
    designs = [int(d) for d in store.design["design"]]
    if len(designs) > MOST_SETTINGS:
        step = len(designs) / MOST_SETTINGS
        spread = {designs[int(i * step)] for i in range(MOST_SETTINGS)}
        designs = [d for d in designs if d in spread or d == labels.today]
    return sorted(designs, key=lambda d: (d != labels.today, d))


def thinning(store: Store) -> int:
    """Every how many days a curve has a point."""
    days = store.summary["day"]
    span = int(days.max() - days.min()) if len(days) else 0
    return 1 if span <= WHOLE else WEEK * math.ceil(span / WEEK / DRAWN)


def provenance_note(store: Store, count: str) -> str:
    """``count`` of trajectories, runs or pairs, with the seed and horizon: the tail of every subtitle."""
    return f"{count}; seed {store.manifest['seed']}; {counted(int(store.manifest['days']), 'day')}"


def subtitle(store: Store, labels: Labels, design: int, rows: pd.DataFrame) -> str:
    """The setting's name with the number of trajectories behind its ``rows``, the seed and the horizon."""
    counts = rows.loc[rows["design"] == design, "n"]
    long = labels.long[design]
    count = counted(int(counts.max()) if len(counts) else 0, "trajectory", "trajectories")
    return f"{upper_first(long)}; {provenance_note(store, count)}"


def by_setting(store: Store, labels: Labels, blank: Panel, rows: pd.DataFrame, view: Callable[[int], View]) -> Panel:
    """``blank`` with a view per setting and ``rows`` as its CSV; one without data leaves it undrawn, with the reason.

    ``rows`` have a column ``design``; those with days are thinned, and one value by metric gets a column a metric.
    """
    chosen = settings(store, labels)
    try:
        views = {design: view(design) for design in chosen}
    except MissingMetricError as reason:
        return Panel(blank.id, blank.title, missing=f"Not drawn: {reason}.")
    table = rows[rows["design"].isin(chosen)]
    table = every(table, WRITTEN * step) if "day" in table and (step := thinning(store)) > 1 else table
    if {"day", "metric"} < set(table) and len(table.columns) == 4:
        wide = table.astype({"metric": str}).set_index(["design", "day", "metric"]).iloc[:, 0]
        table = wide.unstack("metric").reset_index()
    return replace(blank, views=views, table=table)
