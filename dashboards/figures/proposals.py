"""What became of proposals: stacked areas of the mean number by outcome, over time.

Every accepted proposal is open or has ended in one of four ways, so the parts add up to those submitted; means are
stacked, for they add up where medians need not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.fan import time_axis, time_title
from dashboards.figures.template import BLUE, GREEN, ORANGE, SILVER, VERMILION, rgba, styled
from dashboards.source import series
from experiments.words import number

FATES = {
    "proposals_executed": ("Executed", GREEN),
    "proposals_defeated": ("Defeated", VERMILION),
    "proposals_rejected": ("Rejected", ORANGE),
    "proposals_cancelled": ("Cancelled by veto", SILVER),
    "proposals_open": ("Open", BLUE),
}
"""The metrics that are stacked, from the bottom up, with their names and colours."""

MEANS = "means across runs"


def proposals(summary: pd.DataFrame, design: int, title: str, subtitle: str) -> go.Figure:
    """Mean numbers of proposals by outcome at ``design``, stacked over time.

    ``summary`` is the store's long table. Raises `MissingMetricError` if it lacks an outcome.
    """
    figure = go.Figure()
    found = _outcomes(summary, design)
    for metric, rows in found.items():
        name, colour = FATES[metric]
        figure.add_trace(
            go.Scatter(
                y=rows["mean"].to_numpy(dtype=float).astype(np.float32),
                name=name,
                stackgroup="proposals",
                mode="lines",
                line={"width": 0.8, "color": colour},
                fillcolor=rgba(colour, 0.75),
                hovertemplate=f"%{{y:,.3~r}}<extra>{name}</extra>",
                **time_axis(rows["day"]),
            )
        )
    figure.update_layout(hovermode="x unified", legend={"traceorder": "normal"})
    figure.update_xaxes(time_title(next(iter(found.values()))["day"]))
    figure.update_yaxes(title_text="Proposals so far, mean", rangemode="tozero")
    return styled(figure, title, f"{subtitle}; {MEANS}", legend_rows=2)


def _outcomes(summary: pd.DataFrame, design: int) -> dict[str, pd.DataFrame]:
    """Each outcome's rows at ``design``, in drawing order; `MissingMetricError` where one is absent."""
    return {metric: series(summary, metric, design) for metric in FATES}


def proposals_caption(summary: pd.DataFrame, design: int) -> str:
    """How many proposals there were by the last day, and what became of those that ended."""
    rows = _outcomes(summary, design)
    day = int(summary["day"].max())
    last = {FATES[metric][0]: float(part["mean"].iloc[-1]) for metric, part in rows.items()}
    count, still = sum(last.values()), last.pop("Open")
    ended = count - still
    if count <= 0.0:
        return f"By day {day:,} nobody has proposed anything."
    if ended <= 0.0:
        return f"By day {day:,} a run has {number(count, 1)} proposals on average, none of which has ended."
    fates = ", ".join(_fate(name, part / ended) for name, part in last.items())
    return (
        f"By day {day:,} a run has {number(count, 1)} proposals on average, {number(still, 1)} of them open. "
        f"Of those that ended, {fates}."
    )


def _fate(name: str, part: float) -> str:
    """One outcome's part of those that ended."""
    shown = f"{number(100.0 * part, 0 if part > 0.1 else 1)} %" if part > 0.0 else "none"
    return f"{shown} {name[:1].lower()}{name[1:]}"
