"""A KPI run by run: the share of runs at or below each value, one setting beside another."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboards.figures.template import BLUE, VERMILION, styled
from dashboards.labels import escaped
from experiments.words import Scale


def distribution(values: Mapping[str, NDArray[np.float64]], title: str, scale: Scale) -> go.Figure:
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
                name=escaped(name),
                mode="lines",
                line={"color": colour, "width": 2.5, "shape": "hv", "dash": dash},
                hovertemplate="%{y:.0f} % of runs: %{x:,.4~r} or less<extra></extra>",
            )
        )
    figure.update_xaxes(title_text=escaped(title))
    figure.update_yaxes(title_text="Runs at or below (%)", range=[0, 101])
    figure.update_layout(showlegend=True)
    return styled(figure, "", "", height=380)
