"""Parallel coordinates: a line a setting over its controls and its mean of each KPI."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import ORANGE, SILVER, SKY, styled
from dashboards.labels import plain
from dashboards.qualify import Column, Limits

LONGEST = 26
"""Characters of an axis' name."""


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


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
