"""Paired differences: each setting minus a reference on the same random numbers, with 95 % intervals."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards.labels import Labels, lower_first, plain
from dashboards.stats import paired_estimate
from dashboards.template import BLACK, BLUE, GREY, VERMILION, styled
from dashboards.units import scale_for

MOST_ROWS = 40
TITLE = 52
"""Characters of an axis title that fit under half a page."""

HOVER = "%{y}<br>%{x:,.4~r} (%{customdata[0]:,.4~r} to %{customdata[1]:,.4~r}), %{customdata[2]} pairs<extra></extra>"
NOISE = "Within Monte Carlo noise"
_GROUPS = {
    "up": ((1, "Better", BLUE, "circle"), (-1, "Worse", VERMILION, "diamond")),
    "down": ((-1, "Better", BLUE, "circle"), (1, "Worse", VERMILION, "diamond")),
    "none": ((1, "Higher", BLUE, "circle"), (-1, "Lower", VERMILION, "diamond")),
}


def differences(kpis: pd.DataFrame, kpi: str, reference: int) -> pd.DataFrame:
    """One row per other design point: number of pairs, mean difference, ends of its interval (raw units), and sign."""
    rows = []
    for design in sorted(set(kpis["design"]) - {reference}):
        found = paired_estimate(kpis, kpi, int(design), reference)
        rows.append((int(design), found.n, found.mean, found.low, found.high, found.sign))
    return pd.DataFrame(rows, columns=["design", "n", "mean", "low", "high", "sign"])


def paired(
    kpis: pd.DataFrame,
    kpi: Mapping[str, Any],
    reference: int,
    labels: Labels,
    title: str,
    subtitle: str,
) -> go.Figure:
    """Dot and whisker per setting: mean difference of ``kpi`` from ``reference`` over the runs they share."""
    table = differences(kpis, str(kpi["name"]), reference)
    shown = table.loc[table["mean"].abs().sort_values(ascending=False).index[:MOST_ROWS]].sort_values("design")
    if len(shown) < len(table):
        subtitle += f"; the {len(shown)} largest of {len(table)} differences"
    scale = scale_for(str(kpi.get("unit") or ""), [*table["mean"], *table["low"], *table["high"]])
    figure = go.Figure()
    direction = str(kpi.get("direction") or "none")
    for sign, name, colour, symbol in (*_GROUPS.get(direction, _GROUPS["none"]), (0, NOISE, GREY, "circle-open")):
        figure.add_trace(_dots(shown[shown["sign"] == sign], name, colour, symbol, labels, scale.factor))
    figure.add_vline(x=0, line={"color": BLACK, "width": 1.2})
    names = [plain(labels.short[d]) for d in shown["design"]]
    figure.update_yaxes(
        title_text=plain(labels.reading),
        type="category",
        categoryorder="array",
        categoryarray=names,
        autorange="reversed",
        tickfont={"size": 12},
    )
    label = str(kpi.get("label") or kpi["name"])
    change = scale.axis_change(f"Change in {lower_first(label)}")
    figure.update_xaxes(title_text="<br>".join(plain(line) for line in textwrap.wrap(change, TITLE)), zeroline=False)
    return styled(figure, title, subtitle, height=190 + 26 * max(4, len(shown)))


def _dots(rows: pd.DataFrame, name: str, colour: str, symbol: str, labels: Labels, factor: float) -> go.Scatter:
    """The settings of one verdict."""
    return go.Scatter(
        x=(rows["mean"] * factor).to_numpy(),
        y=[plain(labels.short[d]) for d in rows["design"]],
        error_x={
            "type": "data",
            "symmetric": False,
            "array": ((rows["high"] - rows["mean"]) * factor).to_numpy(),
            "arrayminus": ((rows["mean"] - rows["low"]) * factor).to_numpy(),
            "thickness": 1.6,
            "width": 4,
        },
        mode="markers",
        name=name,
        marker={"color": colour, "size": 9, "symbol": symbol, "line": {"width": 2, "color": colour}},
        customdata=(rows[["low", "high"]] * factor).assign(n=rows["n"]).to_numpy(),
        hovertemplate=HOVER,
        showlegend=True,
    )
