"""Tornado: what each varied parameter does to a KPI, the largest effect on top, and Sobol's shares of its variance."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboards.figures.template import BLACK, BLUE, GREY, ORANGE, VERMILION, styled
from dashboards.figures.whiskers import by_name
from dashboards.labels import escaped, lower_first
from dashboards.source import MissingMetricError
from experiments.words import number, scale_for, with_unit

MOST_ROWS = 20
TITLE = 52
HIGHER, LOWER, OPEN = "Higher", "Lower", "The interval holds zero"
LOOKS = {HIGHER: BLUE, LOWER: VERMILION, OPEN: GREY}
SHARES = {"first": ("By itself", BLUE), "total": ("With all its interactions", ORANGE)}


def tornado(
    effects: pd.DataFrame, kpi: Mapping[str, Any], names: Mapping[str, str], title: str, subtitle: str
) -> go.Figure:
    """A bar a parameter from zero to its effect on ``kpi``, with the interval as a whisker.

    ``effects`` has the columns kpi, factor, effect, low and high (raw units); ``names`` says what factors are called.
    Raises `MissingMetricError` where nothing is known of the KPI.
    """
    rows = largest(effects, str(kpi["name"]))
    scale = scale_for(str(kpi.get("unit") or ""), [*rows["low"], *rows["high"]])
    signs = np.where(rows["low"] > 0, HIGHER, np.where(rows["high"] < 0, LOWER, OPEN))
    called = [escaped(names.get(factor, factor)) for factor in rows["factor"]]
    figure = go.Figure()
    for sign, colour in LOOKS.items():
        which = signs == sign
        if which.any():
            some = rows[which]
            mean, low, high = ((some[part] * scale.factor).to_numpy(dtype=float) for part in ("effect", "low", "high"))
            shown = [name for name, there in zip(called, which, strict=True) if there]
            figure.add_trace(_bars(mean, low, high, shown, sign, colour))
    figure.add_vline(x=0, line={"color": BLACK, "width": 1.2})
    by_name(figure, called, "")
    change = scale.axis_change(f"Change in {lower_first(str(kpi.get('label') or kpi['name']))}")
    lines = textwrap.wrap(change, TITLE)
    figure.update_xaxes(title_text="<br>".join(map(escaped, lines)), ticklabeloverflow="allow")
    figure.update_layout(bargap=0.35)
    return styled(figure, title, subtitle, height=190 + 30 * max(3, len(rows)))


def tornado_caption(effects: pd.DataFrame, kpi: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """The parameter that moves the KPI most, or that none does beyond noise."""
    rows = largest(effects, str(kpi["name"]))
    clear = rows[(rows["low"] > 0) | (rows["high"] < 0)]
    if clear.empty:
        return "No parameter moves it beyond Monte Carlo noise."
    top = clear.iloc[0]
    scale = scale_for(str(kpi.get("unit") or ""), [top["effect"]])
    plus = "+" if top["effect"] > 0 else ""
    amount = with_unit(plus + number(float(f"{top['effect'] * scale.factor:.3g}")), scale.change)
    return f"{names.get(top['factor'], top['factor'])} moves it most: {amount}. {len(clear)} of {len(rows)} are clear."


def shares(
    indices: pd.DataFrame, kpi: Mapping[str, Any], names: Mapping[str, str], title: str, subtitle: str
) -> go.Figure:
    """Two bars a parameter: Sobol's first-order and total share of the KPI's variance, with bootstrap intervals.

    ``indices`` has the columns kpi, factor, first, total and the ends of their intervals, as shares. Raises
    `MissingMetricError` where nothing is known of the KPI.
    """
    rows = indices[indices["kpi"] == kpi["name"]].sort_values("total", ascending=False, kind="stable").head(MOST_ROWS)
    if rows.empty:
        raise MissingMetricError(f"there are no indices of the KPI {kpi['name']}")
    called = [escaped(names.get(factor, factor)) for factor in rows["factor"]]
    figure = go.Figure()
    for of, (name, colour) in SHARES.items():
        mean, low, high = ((100.0 * rows[part]).to_numpy(dtype=float) for part in (of, f"{of}_low", f"{of}_high"))
        figure.add_trace(_bars(mean, low, high, called, name, colour))
    by_name(figure, called, "")
    figure.update_xaxes(title_text="Share of the variance over the ranges (%)", ticklabeloverflow="allow")
    figure.update_layout(barmode="group", bargap=0.3)
    return styled(figure, title, subtitle, height=190 + 44 * max(3, len(rows)))


def largest(effects: pd.DataFrame, kpi: str) -> pd.DataFrame:
    """The rows of a KPI, the largest effect first; `MissingMetricError` if there are none."""
    rows = effects[effects["kpi"] == kpi]
    if rows.empty:
        raise MissingMetricError(f"no effect on the KPI {kpi} is known")
    return rows.iloc[np.argsort(-rows["effect"].abs().to_numpy(), kind="stable")].head(MOST_ROWS)


def _bars(
    mean: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    names: list[str],
    legend: str,
    colour: str,
) -> go.Bar:
    """Bars lying across, with their intervals."""
    error = {"type": "data", "symmetric": False, "array": high - mean, "arrayminus": mean - low}
    return go.Bar(
        x=mean,
        y=names,
        orientation="h",
        name=legend,
        marker={"color": colour},
        error_x={**error, "color": BLACK, "thickness": 1.4, "width": 4},
        customdata=np.column_stack([low, high]),
        hovertemplate="%{y}<br>%{x:,.4~r} (%{customdata[0]:,.4~r} to %{customdata[1]:,.4~r})<extra></extra>",
        showlegend=True,
    )
