"""Who holds how much: the Lorenz curve of the last day, its median and spread across runs."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLUE, GREY, rgba, styled
from dashboards.source import MissingMetricError
from model.metrics.supply import LORENZ

NAMES = {f"bottom_{percent}_share": percent for percent in LORENZ}
"""The metrics that are points of the curve, with the percentage of holders that each is about."""

PERCENT = 100.0


def lorenz(summary: pd.DataFrame, design: int, title: str, subtitle: str) -> go.Figure:
    """Tokens held by the poorest holders at ``design`` on the last day, with the line on which all hold the same.

    ``summary`` is the store's long table. Raises `MissingMetricError` if it lacks a point of the curve.
    """
    rows = points(summary, design)
    share = [0.0, *rows.index, PERCENT]
    figure = go.Figure()
    if rows["n"].max() > 1:
        edge = {"mode": "lines", "line": {"width": 0, "color": BLUE}, "legendrank": 3, "hoverinfo": "skip", "x": share}
        figure.add_trace(go.Scatter(y=_closed(rows["p05"]), name="5th percentile", showlegend=False, **edge))
        band = {"fill": "tonexty", "fillcolor": rgba(BLUE, 0.2)}
        figure.add_trace(go.Scatter(y=_closed(rows["p95"]), name="Nine runs in ten at each point", **edge, **band))
    name = "The only run" if rows["n"].max() == 1 else "Median across runs"
    look = {"mode": "lines+markers", "line": {"color": BLUE, "width": 2.5}, "legendrank": 1}
    template = f"the poorest %{{x:.0f}} %: %{{y:.3~g}} %<extra>{name}</extra>"
    figure.add_trace(go.Scatter(x=share, y=_closed(rows["p50"]), name=name, hovertemplate=template, **look))
    even = {"mode": "lines", "line": {"color": GREY, "dash": "dash", "width": 1.5}, "legendrank": 2}
    figure.add_trace(go.Scatter(x=[0.0, PERCENT], y=[0.0, PERCENT], name="All hold the same", hoverinfo="skip", **even))
    figure.update_layout(legend={"traceorder": "normal"})
    figure.update_xaxes(title_text="Holders and providers, poorest first (%)", range=[0.0, PERCENT], dtick=20)
    figure.update_yaxes(title_text="Tokens that they hold (%)", range=[0.0, PERCENT], dtick=20)
    return styled(figure, title, subtitle)


def lorenz_caption(summary: pd.DataFrame, design: int) -> str:
    """What the richest tenth and hundredth hold, in words."""
    rows = points(summary, design)
    tenth, hundredth = (PERCENT * (1.0 - float(rows.loc[percent, "p50"])) for percent in (90, 99))
    return f"On the last day the richest tenth hold {tenth:.0f} % of tokens, the richest hundredth {hundredth:.0f} %."


def points(summary: pd.DataFrame, design: int) -> pd.DataFrame:
    """Quantiles of each point on the last day, indexed by the percentage of holders."""
    rows = summary[(summary["design"] == design) & summary["metric"].isin(list(NAMES))]
    rows = rows[rows["day"] == rows["day"].max()]
    missing = [name for name in NAMES if name not in set(rows["metric"])]
    if missing:
        raise MissingMetricError(f"this store has no metric {missing[0]}")
    return rows.assign(percent=rows["metric"].map(NAMES)).set_index("percent").sort_index()


def _closed(values: pd.Series) -> list[float]:
    """A curve in percent from nothing to everything."""
    return [0.0, *(PERCENT * float(value) for value in values), PERCENT]
