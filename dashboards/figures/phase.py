"""The controller's phase plot: the fee multiplier against the congestion that moves it, day after day.

Points are daily medians across runs, coloured by day; the line joins means over a week, for demand has a weekly cycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLACK, GREY, SILVER, VERMILION, rgba, styled
from dashboards.source import MissingMetricError, series
from experiments.words import number
from model.parameters import REGISTRY

MULTIPLIER, CONGESTION = "fee_multiplier", "congestion"
WEEK, MOST_POINTS, SKIPPED = 7, 400, 3
"""Longer horizons show every third day: three and seven have no common factor, so every weekday stays in."""

SETTINGS = (
    "fees.controller",
    "fees.controller_target",
    "fees.congestion_low",
    "fees.congestion_high",
    "fees.multiplier_low",
    "fees.multiplier_high",
)


def phase(summary: pd.DataFrame, design: int, rules: Mapping[str, Any], title: str, subtitle: str) -> go.Figure:
    """Fee multiplier over congestion at ``design``, with where the controller rests and its clamps, by ``rules``.

    ``summary`` is the store's long table, ``rules`` what `rules_of` gives. Raises `MissingMetricError` if it lacks one
    of the two.
    """
    path = medians(summary, design)
    low, high = float(rules["fees.multiplier_low"]), float(rules["fees.multiplier_high"])
    ends = [min(low, path["y"].min()) / 1.15, max(high, path["y"].max()) * 1.15]
    right = 1.05 * max(path["x"].max(), float(rules["fees.congestion_high"]))
    figure = go.Figure([_rest(rules, ends), *_clamps(low, high, right), _line(path), _points(path)])
    figure.update_layout(legend={"traceorder": "normal"})
    figure.update_xaxes(title_text="Congestion: compute demanded over capacity", range=[0.0, right])
    ticks = [2.0**k for k in range(-12, 13) if ends[0] <= 2.0**k <= ends[1]]
    figure.update_yaxes(
        title_text="Fee multiplier (log scale)",
        type="log",
        range=[float(np.log10(end)) for end in ends],
        tickvals=ticks,
        ticktext=[number(tick) for tick in ticks],
    )
    often = "a day" if len(path) < 2 or path["day"].diff().max() == 1 else "every third day"
    return styled(figure, title, f"{subtitle}; medians across runs, a point {often}", height=480, legend_rows=3)


def phase_caption(summary: pd.DataFrame, design: int, rules: Mapping[str, Any]) -> str:
    """Where the path went, in words."""
    path = medians(summary, design, every_day=True)
    first, last = path.iloc[0], path.iloc[-1]
    least, most = path["y"].min(), path["y"].max()
    text = (
        f"The median multiplier goes from {number(first['y'], 2)} to {number(last['y'], 2)} on day "
        f"{int(last['day']):,}, between {number(least, 2)} and {number(most, 2)}."
    )
    if rules["fees.controller"] == "eip1559":
        above = float((path["x"] > float(rules["fees.controller_target"])).mean())
        return f"{text} Congestion is above its target on {number(100 * above, 0)} % of days."
    busy = float((path["x"] > float(rules["fees.congestion_high"])).mean())
    idle = float((path["x"] < float(rules["fees.congestion_low"])).mean())
    return (
        f"{text} Median congestion is above the zone of rest, where the fee rises up to its clamp, on "
        f"{number(100 * busy, 0)} % of days, and below it on {number(100 * idle, 0)} %. Zone and clamps are those of "
        "the start: votes can move them."
    )


def rules_of(parameters: Mapping[str, Any] | None, point: Mapping[str, Any]) -> dict[str, Any]:
    """The controller's settings: of the design ``point`` where swept, of the store, or by default."""
    known = parameters or {}
    return {name: point.get(name, known.get(name, REGISTRY[name].default)) for name in SETTINGS}


def medians(summary: pd.DataFrame, design: int, every_day: bool = False) -> pd.DataFrame:
    """Median congestion (``x``) and multiplier (``y``) by ``day`` from the first on, with their weekly means.

    Genesis has no congestion, so day 0 is left out. Every third day is kept where there are many.
    """
    x, y = (series(summary, metric, design).set_index("day")["p50"] for metric in (CONGESTION, MULTIPLIER))
    path = pd.DataFrame({"x": x, "y": y}).dropna()
    path = path[path.index > 0]
    if path.empty:
        raise MissingMetricError(f"this store has no day of {CONGESTION} and {MULTIPLIER} after genesis")
    weekly = path.rolling(WEEK, min_periods=1).mean()
    path = path.assign(week_x=weekly["x"], week_y=weekly["y"]).reset_index()
    thin = not every_day and len(path) > MOST_POINTS
    return path[(path["day"].max() - path["day"]) % SKIPPED == 0] if thin else path


def _rest(rules: Mapping[str, Any], ends: list[float]) -> go.Scatter:
    """Where the controller leaves the fee as it is: a zone, or a line at the target."""
    if rules["fees.controller"] == "eip1559":
        target = float(rules["fees.controller_target"])
        look = {"mode": "lines", "line": {"color": GREY, "dash": "dash", "width": 1.5}}
        return go.Scatter(x=[target] * 2, y=ends, name=f"Target ({number(target)})", hoverinfo="skip", **look)
    low, high = float(rules["fees.congestion_low"]), float(rules["fees.congestion_high"])
    return go.Scatter(
        x=[low, high, high, low],
        y=[ends[0], ends[0], ends[1], ends[1]],
        name=f"Dead zone, {number(low)} to {number(high)}: the fee rests",
        fill="toself",
        fillcolor=rgba(SILVER, 0.35),
        mode="lines",
        line={"width": 0},
        hoverinfo="skip",
    )


def _clamps(low: float, high: float, right: float) -> list[go.Scatter]:
    """The two clamps at the start; one legend entry."""
    look = {"mode": "lines", "line": {"color": VERMILION, "dash": "dash", "width": 1.5}, "hoverinfo": "skip"}
    name = f"Clamps at the start, {number(low)} and {number(high)}"
    return [
        go.Scatter(x=[0.0, right], y=[end] * 2, name=name, showlegend=place == 0, legendgroup="clamps", **look)
        for place, end in enumerate((low, high))
    ]


def _line(path: pd.DataFrame) -> go.Scatter:
    """The path's weekly means, joined in the order of days."""
    return go.Scatter(
        x=_short(path["week_x"]),
        y=_short(path["week_y"]),
        name="Mean over a week",
        mode="lines",
        line={"color": rgba(BLACK, 0.55), "width": 1.2},
        hoverinfo="skip",
    )


def _points(path: pd.DataFrame) -> go.Scatter:
    """A day a point, coloured from first to last."""
    bar = {
        "title": {"text": "Day", "side": "top", "font": {"size": 13}},
        "orientation": "h",
        "y": -0.22,
        "yanchor": "top",
        "thickness": 10,
    }
    return go.Scatter(
        x=_short(path["x"]),
        y=_short(path["y"]),
        name="Median of a day",
        mode="markers",
        marker={
            "color": [int(day) for day in path["day"]],
            "colorscale": "Viridis",
            "size": 6,
            "showscale": True,
            "colorbar": {**bar, "outlinewidth": 0, "tickformat": ",d"},
        },
        hovertemplate="day %{marker.color:,d}: congestion %{x:.2f}, multiplier %{y:.2f}<extra></extra>",
    )


def _short(values: pd.Series) -> list[float]:
    """Four digits, which is more than can be seen."""
    return [float(f"{value:.4g}") for value in values]
