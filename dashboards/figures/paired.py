"""Paired differences: each setting minus a reference on the same random numbers.

The intervals are those of `contrasts`, widened so that all of one figure hold together at 95 %.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.contrasts import comparable, contrasts
from dashboards.figures.template import BLACK, BLUE, GREY, VERMILION, styled
from dashboards.figures.whiskers import HOVER, by_name, whiskers
from dashboards.labels import Labels, escaped, lower_first
from experiments.statistics import Estimate
from experiments.words import counted, scale_for

MOST_ROWS = 40
TITLE = 52
"""Characters of an axis title that fit under half a page."""

NOISE = "Within Monte Carlo noise"
SAME = "Exactly the same"
SINGLE = "One run: no interval"
_SIGNS = {"up": ("Better", "Worse"), "down": ("Worse", "Better")}
_LOOKS = {
    "Better": (BLUE, "circle"),
    "Worse": (VERMILION, "diamond"),
    "Higher": (BLUE, "circle"),
    "Lower": (VERMILION, "diamond"),
    NOISE: (GREY, "circle-open"),
    SAME: (GREY, "square-open"),
    SINGLE: (GREY, "x-thin-open"),
}


def paired_differences(kpis: pd.DataFrame, kpi: str, reference: int) -> pd.DataFrame:
    """One row per other design point: number of pairs, mean difference, ends of its interval (raw units), and sign."""
    found = contrasts(kpis, kpi, reference, comparable(kpis, kpi))
    rows = []
    for design in sorted({int(d) for d in kpis["design"]} - {reference}):
        one = found.get(design, Estimate(math.nan, math.nan, 0))
        rows.append((design, one.n, one.mean, one.low, one.high, one.sign))
    return pd.DataFrame(rows, columns=["design", "n", "mean", "low", "high", "sign"])


def verdict_groups(table: pd.DataFrame, direction: str) -> list[str]:
    """The verdict on each row of `differences`, as the legend names it; nothing where there is no value."""
    higher, lower = _SIGNS.get(direction, ("Higher", "Lower"))
    verdicts = np.where((table["low"] == 0) & (table["high"] == 0), SAME, NOISE)
    verdicts = np.where(table["sign"] != 0, np.where(table["sign"] > 0, higher, lower), verdicts)
    return [str(v) for v in np.where(table["n"] == 0, "", np.where(table["n"] == 1, SINGLE, verdicts))]


def paired_caption(table: pd.DataFrame) -> str:
    """How many of the differences are none, cannot be told from none, or have no interval."""
    verdicts = verdict_groups(table, "none")
    total = counted(len(verdicts), "setting")
    found = {name: verdicts.count(name) for name in (NOISE, SAME, SINGLE)} | {"Without a value": verdicts.count("")}
    counts = [f"{name}: {count} of {total}" for name, count in found.items() if count]
    every = "Every interval excludes zero" if len(verdicts) > 1 else "The interval excludes zero"
    return f"{'; '.join([*counts[:1], *map(lower_first, counts[1:])]) or every}."


def paired_figure(
    kpis: pd.DataFrame,
    kpi: Mapping[str, Any],
    reference: int,
    labels: Labels,
    title: str,
    subtitle: str,
) -> go.Figure:
    """Dot and whisker per setting: mean difference of ``kpi`` from ``reference`` over the runs they share."""
    table = paired_differences(kpis, str(kpi["name"]), reference)
    shown = table.loc[table["mean"].abs().sort_values(ascending=False).index[:MOST_ROWS]].sort_values("design")
    if len(shown) < len(table):
        subtitle += f"; the {len(shown)} largest of {len(table)} differences"
    scale = scale_for(str(kpi.get("unit") or ""), [*table["mean"], *table["low"], *table["high"]])
    figure = go.Figure()
    direction = str(kpi.get("direction") or "none")
    verdicts = np.array(verdict_groups(shown, direction))
    for name, (colour, symbol) in _LOOKS.items():
        if (verdicts == name).any():
            figure.add_trace(_dots(shown[verdicts == name], name, colour, symbol, labels, scale.factor))
    figure.add_vline(x=0, line={"color": BLACK, "width": 1.2})
    names = [escaped(labels.short[d]) for d in shown["design"]]
    by_name(figure, names, escaped(labels.reading))
    label = str(kpi.get("label") or kpi["name"])
    change = scale.axis_change(f"Change in {lower_first(label)}")
    figure.update_xaxes(
        title_text="<br>".join(escaped(line) for line in textwrap.wrap(change, TITLE)),
        zeroline=False,
        ticklabeloverflow="allow",
    )
    return styled(figure, title, subtitle, height=190 + 26 * max(4, len(shown)))


def _dots(rows: pd.DataFrame, name: str, colour: str, symbol: str, labels: Labels, factor: float) -> go.Scatter:
    """The settings of one verdict."""
    mean, low, high = ((rows[part] * factor).to_numpy(dtype=float) for part in ("mean", "low", "high"))
    names = [escaped(labels.short[d]) for d in rows["design"]]
    return whiskers(mean, low, high, names, name, colour, symbol, [counted(n, "pair") for n in rows["n"]], HOVER)
