"""Whether there are enough runs: an estimate and its interval after the first 10, 20, 40 ... runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.template import BLACK, BLUE, rgba, styled
from dashboards.labels import escaped, lower_first
from dashboards.source import MissingMetricError
from experiments.words import number, scale_for


def converging(
    table: pd.DataFrame, kpi: Mapping[str, Any], design: int, difference: bool, title: str, subtitle: str
) -> go.Figure:
    """The mean of ``kpi`` (or of its paired ``difference`` from today's setting) at ``design``, by number of runs.

    ``table`` has the columns of `experiments.analysis.convergence.convergence`. Raises `MissingMetricError` where the
    setting has no run with a value.
    """
    rows = _by_runs(table, str(kpi["name"]), design)
    low, high = rows["mean"] - rows["half"], rows["mean"] + rows["half"]
    scale = scale_for(str(kpi.get("unit") or ""), [*low.dropna(), *high.dropna(), *rows["mean"]])
    edge = {"mode": "lines", "line": {"width": 0, "color": BLUE}, "x": rows["n"].to_numpy(), "hoverinfo": "skip"}
    line = {"color": BLUE, "width": 2.5}
    figure = go.Figure(
        [
            go.Scatter(y=(low * scale.factor).to_numpy(), showlegend=False, name="lower end", **edge),
            go.Scatter(
                y=(high * scale.factor).to_numpy(),
                fill="tonexty",
                fillcolor=rgba(BLUE, 0.2),
                name="95 % interval",
                **edge,
            ),
            go.Scatter(
                x=rows["n"].to_numpy(),
                y=(rows["mean"] * scale.factor).to_numpy(),
                mode="lines+markers",
                name="Mean difference of the first runs" if difference else "Mean of the first runs",
                line=line,
                hovertemplate="%{x} runs: %{y:,.4~r}<extra></extra>",
            ),
        ]
    )
    label = str(kpi.get("label") or kpi["name"])
    axis = scale.axis_change(f"Change in {lower_first(label)}") if difference else scale.axis(label)
    if difference:
        figure.add_hline(y=0.0, line={"color": BLACK, "width": 1.2})
    figure.update_layout(legend={"traceorder": "normal"})
    ticks = [int(n) for n in rows["n"]]
    figure.update_xaxes(
        title_text="Runs (logarithmic)", type="log", tickvals=ticks, ticktext=[number(n) for n in ticks]
    )
    figure.update_yaxes(title_text=escaped(axis))
    return styled(figure, title, subtitle)


def converging_caption(table: pd.DataFrame, kpi: Mapping[str, Any], design: int) -> str:
    """How far the last doubling of runs moved the estimate, in half-widths of its last interval."""
    rows = _by_runs(table, str(kpi["name"]), design)
    if len(rows) < 2 or not rows["half"].iloc[-1] > 0:
        return "Too few runs, or none that differ, to see it converge."
    last, before = rows.iloc[-1], rows.iloc[-2]
    moved = abs(last["mean"] - before["mean"]) / last["half"]
    return (
        f"From {int(before['n']):,} to {int(last['n']):,} runs the mean moved by {number(moved, 1)} half-widths of its "
        "last interval."
    )


def _by_runs(table: pd.DataFrame, kpi: str, design: int) -> pd.DataFrame:
    """The rows of a KPI at a setting, by number of runs; `MissingMetricError` if there are none."""
    rows = table[(table["kpi"] == kpi) & (table["design"] == design)]
    if rows.empty:
        raise MissingMetricError(f"no run has a value of the KPI {kpi} at design point {design}")
    return rows.sort_values("n")
