"""How long the treasury lasts at each day's net spending: the fan of its runway on a logarithmic axis."""

from __future__ import annotations

import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.fan import fan
from dashboards.figures.template import GREY
from dashboards.labels import Labels
from dashboards.source import QUANTILES, series
from experiments.words import number

METRIC = "treasury_runway_days"
MARKS = {30.0: "a month", 365.0: "a year", 3650.0: "ten years"}
FLOOR, CENTURY = 1.0, 36_500.0
"""Days at which the axis ends: one, and the most that the metric says."""


def runway(summary: pd.DataFrame, design: int, labels: Labels, title: str, subtitle: str) -> go.Figure:
    """The runway's median and bands at ``design`` in days, with a line at a month, a year and ten years.

    ``summary`` is the store's long table. Raises `MissingMetricError` if it lacks the metric.
    """
    shown = summary.assign(**{name: summary[name].clip(lower=FLOOR) for name in QUANTILES})
    figure = fan(shown, METRIC, design, labels, title, subtitle)
    for days, name in MARKS.items():
        line = {"color": GREY, "width": 1, "dash": "dot"}
        figure.add_hline(y=days, line=line, annotation_text=name, annotation_position="bottom left")
    ticks = [10.0**power for power in range(6)]
    return figure.update_yaxes(
        type="log",
        range=[0.0, 4.7],
        tickvals=ticks,
        ticktext=[number(tick) for tick in ticks],
        title_text="Runway (days)",
    )


def runway_caption(summary: pd.DataFrame, design: int) -> str:
    """The runway of the last day in words."""
    last = series(summary, METRIC, design).iloc[-1]
    worst = "a century or more" if last["p05"] >= CENTURY else f"{number(float(last['p05']), 0)} days"
    median = "a century or more" if last["p50"] >= CENTURY else f"{number(float(last['p50']), 0)} days"
    day = f"On day {int(last['day']):,}"
    return f"{day} the median run's treasury lasts {median}; in one run of twenty it is {worst} at most."
