"""Parallel coordinates: a line a setting over its controls and its mean of each KPI, to brush or to print."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLUE, ORANGE, SILVER, SKY, VERMILION, styled
from dashboards.labels import Labels, escaped
from dashboards.qualify import Criterion, Limits
from experiments.words import number

LONGEST = 26
"""Characters of an axis' name."""

WRAPPED = 16
"""Characters of its lines where it is under the axis."""


def parallel(frame: pd.DataFrame, shown: Sequence[Criterion], limits: Limits, colour: str) -> go.Figure:
    """A line a setting over its controls and KPIs, brushed to the limits; coloured by the column `colour`."""
    dimensions = []
    for column in shown:
        factor = 1.0 if column.words else column.scale.factor
        one: dict[str, object] = {
            "label": escaped(_short(column.title)),
            "name": column.key,
            "values": frame[column.key].to_numpy(dtype=float) * factor,
        }
        if column.words:
            one |= {"tickvals": list(range(len(column.words))), "ticktext": [escaped(word) for word in column.words]}
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
    return figure.update_layout(margin={"l": 110, "r": 90, "t": 96, "b": 24})


def parallel_lines(frame: pd.DataFrame, shown: Sequence[Criterion], labels: Labels, marked: int) -> go.Figure:
    """The same for a page that is printed, without WebGL: a line a setting, the ``marked`` one thick, in front.

    Each axis runs from the least value, at the bottom, to the most; values are in raw units in ``frame``.
    """
    ends = {column.key: (float(frame[column.key].min()), float(frame[column.key].max())) for column in shown}
    figure = go.Figure()
    for row in sorted(frame.to_dict("records"), key=lambda row: row["design"] == marked):
        mine = row["design"] == marked
        heights = [_height(row[column.key], *ends[column.key]) for column in shown]
        said = [f"{escaped(column.label)}: {escaped(_said(column, row[column.key]))}" for column in shown]
        figure.add_trace(
            go.Scatter(
                x=list(range(len(shown))),
                y=heights,
                name=escaped(labels.short[int(row["design"])]),
                mode="lines+markers",
                line={"color": VERMILION if mine else BLUE, "width": 3 if mine else 1.2},
                marker={"size": 7 if mine else 4},
                opacity=1.0 if mine else 0.55,
                text=said,
                hovertemplate="%{text}<extra>%{fullData.name}</extra>",
                showlegend=mine,
            )
        )
    for place, column in enumerate(shown):
        for height, value in zip((-0.09, 1.09), ends[column.key], strict=True):
            text = escaped(_said(column, value))
            figure.add_annotation(x=place, y=height, text=text, showarrow=False, font={"size": 11})
    names = ["<br>".join(map(escaped, textwrap.wrap(column.title, WRAPPED))) for column in shown]
    figure.update_xaxes(tickvals=list(range(len(shown))), ticktext=names, tickangle=0, range=[-0.4, len(shown) - 0.6])
    figure.update_yaxes(visible=False, range=[-0.18, 1.18])
    return styled(figure, "", "", height=460)


def _height(value: float, low: float, high: float) -> float:
    """Where a value lies between the ends of its axis, from 0 to 1."""
    return (value - low) / (high - low) if high > low else 0.5


def _said(column: Criterion, value: float) -> str:
    return column.words[int(value)] if column.words else number(float(f"{value * column.scale.factor:.4g}"))


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
