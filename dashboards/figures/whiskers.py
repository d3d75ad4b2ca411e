"""A dot with its interval lying across it, a row a case: paired differences, chances, effects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

HOVER = "%{y}<br>%{x:,.4~r} (%{customdata[0]:,.4~r} to %{customdata[1]:,.4~r}), %{customdata[2]}<extra></extra>"
"""Name, value, interval and what is said of it."""


def whiskers(
    mean: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    names: Sequence[str],
    legend: str,
    colour: str,
    symbol: str,
    said: Sequence[str],
    hover: str,
) -> go.Scatter:
    """Dots at ``mean`` (shown units) with whiskers from ``low`` to ``high``, one a name; ``names`` are plain.

    ``said`` ends what is shown on hovering; ``hover`` is the template, in which customdata has both ends and ``said``.
    """
    return go.Scatter(
        x=mean,
        y=list(names),
        error_x={
            "type": "data",
            "symmetric": False,
            "array": high - mean,
            "arrayminus": mean - low,
            "thickness": 1.6,
            "width": 4,
        },
        mode="markers",
        name=legend,
        marker={"color": colour, "size": 9, "symbol": symbol, "line": {"width": 2, "color": colour}},
        customdata=[[float(a), float(b), text] for a, b, text in zip(low, high, said, strict=True)],
        hovertemplate=hover,
        showlegend=True,
    )


def by_name(figure: go.Figure, names: Sequence[str], title: str) -> go.Figure:
    """Rows in the order of ``names`` from the top down."""
    return figure.update_yaxes(
        title_text=title,
        type="category",
        categoryorder="array",
        categoryarray=list(names),
        autorange="reversed",
        tickfont={"size": 12},
    )
