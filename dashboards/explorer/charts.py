"""Charts of the explorer: parallel coordinates to brush, a KPI run by run, the difference of two settings."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.explorer.qualify import Column
from dashboards.explorer.state import Limits
from dashboards.figures.fan import fan, metric_scale
from dashboards.figures.template import BLACK, BLUE, GREY, ORANGE, SILVER, SKY, VERMILION, styled
from dashboards.labels import Labels, lower_first, plain
from dashboards.units import Scale

WIDEST = 40
"""Characters of a line of a vertical axis' title."""

LONGEST = 26
"""Characters of an axis' name over parallel coordinates."""


def parallel(frame: pd.DataFrame, shown: Sequence[Column], limits: Limits, colour: str) -> go.Figure:
    """A line a setting over its controls and KPIs, brushed to the limits; coloured by the column `colour`."""
    dimensions = []
    for column in shown:
        factor = 1.0 if column.words else column.scale.factor
        one: dict[str, object] = {
            "label": plain(_short(column.title)),
            "name": column.key,
            "values": frame[column.key].to_numpy(dtype=float) * factor,
        }
        if column.words:
            one |= {"tickvals": list(range(len(column.words))), "ticktext": [plain(word) for word in column.words]}
        if column.key in limits:
            low, high = limits[column.key]
            values = frame[column.key].to_numpy(dtype=float)
            least, most = float(np.nanmin(values)), float(np.nanmax(values))
            one["constraintrange"] = [
                factor * (end if math.isfinite(end) else far) for end, far in ((low, least), (high, most))
            ]
        dimensions.append(one)
    line = {"color": frame[colour].to_numpy(dtype=float), "colorscale": [[0, SKY], [1, ORANGE]], "showscale": False}
    figure = go.Figure(go.Parcoords(dimensions=dimensions, line=line, labelangle=-18, labelside="top"))
    figure.update_traces(unselected={"line": {"color": SILVER, "opacity": 0.25}})
    styled(figure, "", "", height=420)
    return figure.update_layout(margin={"l": 110, "r": 70, "t": 96, "b": 24})


def trade_off(
    frame: pd.DataFrame, across: Column, up: Column, inside: np.ndarray, best: np.ndarray, labels: Labels, chosen: int
) -> go.Figure:
    """A point a setting: one KPI against another, those within the limits filled, the undominated of them marked."""
    figure = go.Figure()
    looks = {
        "Outside the limits": (~inside, {"color": SILVER, "symbol": "circle-open", "size": 8}),
        "Within the limits": (inside & ~best, {"color": BLUE, "symbol": "circle", "size": 9}),
        "Within, and none better in both": (inside & best, {"color": VERMILION, "symbol": "diamond", "size": 11}),
        "The setting shown": (
            frame["design"].to_numpy() == chosen,
            {"color": BLACK, "symbol": "circle-open", "size": 18},
        ),
    }
    for name, (rows, marker) in looks.items():
        some = frame[rows]
        if len(some):
            figure.add_trace(
                go.Scatter(
                    x=some[across.key].to_numpy() * across.scale.factor,
                    y=some[up.key].to_numpy() * up.scale.factor,
                    mode="markers",
                    name=name,
                    marker=marker,
                    customdata=some["design"].to_numpy(),
                    text=[plain(labels.short[int(d)]) for d in some["design"]],
                    hovertemplate="%{text}<br>%{x:,.4~r}, %{y:,.4~r}<extra></extra>",
                )
            )
    figure.update_xaxes(title_text=plain(across.title))
    figure.update_yaxes(title_text=plain(up.title))
    return styled(figure, "", "", height=420, legend_rows=2)


def distribution(values: Mapping[str, np.ndarray], title: str, scale: Scale) -> go.Figure:
    """A KPI over runs by name of setting: the share of runs at or below each value."""
    figure = go.Figure()
    looks = ((BLUE, "solid"), (VERMILION, "dash"))
    for (name, found), (colour, dash) in zip(values.items(), looks, strict=False):
        ordered = np.sort(found[np.isfinite(found)]) * scale.factor
        shares = 100.0 * np.arange(1, len(ordered) + 1) / max(1, len(ordered))
        figure.add_trace(
            go.Scatter(
                x=ordered,
                y=shares,
                name=plain(name),
                mode="lines",
                line={"color": colour, "width": 2.5, "shape": "hv", "dash": dash},
                hovertemplate="%{y:.0f} % of runs: %{x:,.4~r} or less<extra></extra>",
            )
        )
    figure.update_xaxes(title_text=plain(title))
    figure.update_yaxes(title_text="Runs at or below (%)", range=[0, 101])
    figure.update_layout(showlegend=True)
    return styled(figure, "", "", height=380)


def apart(bands: pd.DataFrame, metric: str, design: int, labels: Labels) -> go.Figure:
    """The paired difference of a metric by day as a fan, with a line at none."""
    figure = fan(bands, metric, design, labels, "", "")
    change = metric_scale(bands, metric, labels).axis_change(f"Change in {lower_first(labels.metric(metric))}")
    figure.update_yaxes(title_text="<br>".join(plain(line) for line in textwrap.wrap(change, WIDEST)))
    figure.add_hline(y=0.0, line={"color": GREY, "width": 1.5, "dash": "dot"})
    for trace in figure.data:
        trace.name = str(trace.name).replace("runs", "pairs")
    return figure


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
