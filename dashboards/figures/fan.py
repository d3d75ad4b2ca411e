"""Fan chart: the median across runs with the bands that hold half, and nine in ten, of the runs on each day."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboards.figures.template import BLUE, VERMILION, rgba, styled
from dashboards.labels import Labels, escaped
from dashboards.source import QUANTILES, series
from experiments.words import Scale, number, scale_for, with_unit

DAYS_A_YEAR = 365
YEARS_FROM = 730
WHOLE_DAYS = 12
LONG_TITLE = 40
"""Characters beyond which the unit of a vertical axis has a line of its own."""

NINE_IN_TEN = "Nine runs in ten (5th to 95th percentile)"
HALF = "Half of the runs (25th to 75th percentile)"
_RANKS = {"p05": "5th", "p25": "25th", "p75": "75th", "p95": "95th"}


def fan(
    summary: pd.DataFrame,
    metric: str,
    design: int,
    labels: Labels,
    title: str,
    subtitle: str,
    compare: int | None = None,
) -> go.Figure:
    """Median and bands of ``metric`` at ``design``; ``compare`` adds another design point's median, dashed.

    ``summary`` is the store's long table (design, day, metric, n, mean, p05 ... p95). Raises `MissingMetricError` if it
    lacks the metric.
    """
    rows = series(summary, metric, design)
    scale = metric_scale(summary, metric, labels)
    x = time_axis(rows["day"])
    figure = go.Figure()
    name = "The only run" if rows["n"].max() == 1 else "Median across runs"
    if rows["n"].max() > 1:
        figure.add_traces(_band(rows, "p05", "p95", NINE_IN_TEN, 3, 0.15, x, scale))
        figure.add_traces(_band(rows, "p25", "p75", HALF, 2, 0.30, x, scale))
    figure.add_trace(_line(rows, name, 1, x, scale, {"color": BLUE, "width": 2.5}))
    if compare is not None and compare != design:
        other = series(summary, metric, compare)
        name = "Median, today" if compare == labels.today else f"Median, {escaped(labels.short[compare])}"
        dashed = {"color": VERMILION, "width": 2, "dash": "dash"}
        figure.add_trace(_line(other, name, 4, time_axis(other["day"]), scale, dashed))
    figure.update_layout(hovermode="x unified", legend={"traceorder": "normal"})
    figure.update_xaxes(time_title(rows["day"]))
    figure.update_yaxes(title_text=_axis_title(labels.metric(metric), scale))
    return styled(figure, title, subtitle)


def fan_caption(summary: pd.DataFrame, metric: str, design: int, labels: Labels) -> str:
    """The end of the fan in words, in the same unit as its axis."""
    last = series(summary, metric, design).iloc[-1]
    scale = metric_scale(summary, metric, labels)
    p05, p50, p95 = (with_unit(number(float(last[q]) * scale.factor), scale.unit) for q in ("p05", "p50", "p95"))
    if int(last["n"]) == 1:
        return f"On day {int(last['day']):,}: {p50}, from one run."
    return f"On day {int(last['day']):,}: median {p50}, nine runs in ten between {p05} and {p95}."


def metric_scale(summary: pd.DataFrame, metric: str, labels: Labels) -> Scale:
    """One scale for a metric at every design point, so that settings can be compared by eye."""
    return scale_for(labels.unit(metric), summary.loc[summary["metric"] == metric, "p95"])


def value_range(summary: pd.DataFrame, metric: str, designs: list[int], factor: float) -> list[float]:
    """The range of axis values that holds the bands of all ``designs``, with a margin of 5 %."""
    rows = summary[(summary["metric"] == metric) & summary["design"].isin(designs)]
    values = rows[list(QUANTILES)].to_numpy(dtype=float) * factor
    low, high = float(np.nanmin(values)), float(np.nanmax(values))
    margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
    return [0.0 if 0 <= low <= 0.25 * high else low - margin, high + margin]


def time_axis(day: pd.Series) -> dict[str, object]:
    """The x values of a trace: ``x0`` and ``dx`` when days are evenly spaced, which costs no bytes, or each one."""
    unit = DAYS_A_YEAR if in_years(day) else 1
    values = day.to_numpy(dtype=float) / unit
    steps = np.unique(np.diff(day.to_numpy()))
    if len(steps) == 1:
        return {"x0": float(values[0]), "dx": float(steps[0]) / unit}
    return {"x": values.astype(np.float32)}


def time_title(day: pd.Series) -> dict[str, object]:
    """Axis settings for time: whole days, or years; the last tick keeps its label at the edge of the figure."""
    end = float(day.max())
    common: dict[str, object] = {"ticklabeloverflow": "allow"}
    if in_years(day):
        end /= DAYS_A_YEAR
        title, tick = "Time since the start (years of 365 days)", 0.5 if end < 4 else 1
        return {"title_text": title, "hoverformat": ".2f", "dtick": tick, "range": [0, end + 1e-6], **common}
    whole = {"dtick": 1} if end <= WHOLE_DAYS else {}
    return {"title_text": "Time since the start (days)", "range": [0, end], **whole, **common}


def in_years(day: pd.Series) -> bool:
    """Whether the horizon is long enough to count in years."""
    return int(day.max()) >= YEARS_FROM - 7


def _axis_title(label: str, scale: Scale) -> str:
    """The label with its unit, on two lines where it would not fit beside the figure."""
    whole = scale.axis(label)
    return escaped(whole) if len(whole) <= LONG_TITLE else f"{escaped(label)}<br>{escaped(whole[len(label) + 1 :])}"


def _line(
    rows: pd.DataFrame, name: str, rank: int, x: dict[str, object], scale: Scale, line: dict[str, object]
) -> go.Scatter:
    """The median as a line; ``rank`` is its place in the legend."""
    template = f"%{{y:,.4~r}}<extra>{name}</extra>"
    look = {"mode": "lines", "line": line, "legendrank": rank, "hovertemplate": template}
    return go.Scatter(y=_y(rows, "p50", scale), name=name, **look, **x)


def _band(
    rows: pd.DataFrame, low: str, high: str, name: str, rank: int, alpha: float, x: dict[str, object], scale: Scale
) -> list[go.Scatter]:
    """A filled band as two traces; only the upper one has a legend entry."""
    edge = {"mode": "lines", "line": {"width": 0, "color": BLUE}, "legendrank": rank, **x}
    lower = go.Scatter(y=_y(rows, low, scale), name=f"{name}, lower edge", showlegend=False, **edge)
    upper = go.Scatter(y=_y(rows, high, scale), name=name, fill="tonexty", fillcolor=rgba(BLUE, alpha), **edge)
    for trace, quantile in ((lower, low), (upper, high)):
        trace.hovertemplate = f"%{{y:,.4~r}}<extra>{_RANKS[quantile]} percentile</extra>"
    return [lower, upper]


def _y(rows: pd.DataFrame, column: str, scale: Scale) -> NDArray[np.float32]:
    """A quantile in shown units, single precision."""
    scaled: NDArray[np.float64] = rows[column].to_numpy(dtype=float) * scale.factor
    return scaled.astype(np.float32)
