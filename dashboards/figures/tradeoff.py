"""One KPI against another, a point a setting: which lie within limits, and which no other beats in both."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboards.figures.template import BLACK, BLUE, SILVER, VERMILION, styled
from dashboards.labels import Labels, escaped
from dashboards.qualify import Criterion

WITHIN = ("Within the limits", "Within, and none better in both")


def trade_off(
    frame: pd.DataFrame,
    across: Criterion,
    up: Criterion,
    inside: NDArray[np.bool_],
    best: NDArray[np.bool_],
    labels: Labels,
    chosen: int,
    ring: str = "The setting shown",
) -> go.Figure:
    """A point a setting: one KPI against another, those within the limits filled, the undominated of them marked,
    ``chosen`` ringed.
    """
    figure = go.Figure()
    within = ("Another is better in both", "None is better in both") if inside.all() else WITHIN
    looks = {
        "Outside the limits": (~inside, {"color": SILVER, "symbol": "circle-open", "size": 8}),
        within[0]: (inside & ~best, {"color": BLUE, "symbol": "circle", "size": 9}),
        within[1]: (inside & best, {"color": VERMILION, "symbol": "diamond", "size": 11}),
        ring: (
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
                    text=[escaped(labels.short[int(d)]) for d in some["design"]],
                    hovertemplate="%{text}<br>%{x:,.4~r}, %{y:,.4~r}<extra></extra>",
                )
            )
    figure.update_xaxes(title_text=escaped(across.title))
    figure.update_yaxes(title_text=escaped(up.title))
    return styled(figure, "", "", height=420, legend_rows=2)
