"""The paired difference of a metric between two settings, day by day, as a fan."""

from __future__ import annotations

import textwrap

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.fan import fan, metric_scale
from dashboards.figures.template import GREY
from dashboards.labels import Labels, escaped, lower_first

WIDEST = 40
"""Characters of a line of a vertical axis' title."""


def apart(bands: pd.DataFrame, metric: str, design: int, labels: Labels) -> go.Figure:
    """The paired difference of a metric by day as a fan, with a line at none."""
    figure = fan(bands, metric, design, labels, "", "")
    change = metric_scale(bands, metric, labels).axis_change(f"Change in {lower_first(labels.metric(metric))}")
    figure.update_yaxes(title_text="<br>".join(escaped(line) for line in textwrap.wrap(change, WIDEST)))
    figure.add_hline(y=0.0, line={"color": GREY, "width": 1.5, "dash": "dot"})
    for trace in figure.data:
        trace.name = str(trace.name).replace("runs", "pairs")
    return figure
