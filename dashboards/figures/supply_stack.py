"""Where the supply is: stacked areas of the mean of each holding.

The components partition the supply on every run, and means add up where medians need not; so means are what is stacked.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboards.figures.fan import time_axis, time_title
from dashboards.figures.template import BLACK, BLUE, GREEN, ORANGE, PURPLE, SILVER, SKY, VERMILION, rgba, styled
from dashboards.labels import Labels, lower_first
from dashboards.source import MissingMetricError, series
from experiments.words import number, scale_for, with_unit

TOTAL = "supply_quiv"
COMPONENTS = {
    "stack_liquid_quiv": ("Liquid in holders' hands", SKY),
    "stack_liquidity_quiv": ("In exchange liquidity", PURPLE),
    "stack_staked_quiv": ("Staked and delegated", BLUE),
    "stack_unbonding_quiv": ("Unbonding", ORANGE),
    "stack_vesting_quiv": ("Vesting, locked", SILVER),
    "stack_treasury_quiv": ("Treasury", GREEN),
    "stack_protocol_quiv": ("Protocol (pools, insurance, deposits)", VERMILION),
}
TOLERANCE = 1e-3
MEANS = "means across runs, which add up to the mean supply where medians need not"


def supply_stack(summary: pd.DataFrame, design: int, labels: Labels, title: str, subtitle: str) -> go.Figure:
    """Stacked mean holdings (QUIV) at ``design`` over time, with the mean supply as a line when the store has it."""
    parts = components(summary, design)
    scale = scale_for("QUIV", [float(_sum(parts).max())])
    figure = go.Figure()
    for metric, rows in parts.items():
        name, colour = COMPONENTS[metric]
        figure.add_trace(
            go.Scatter(
                y=(rows["mean"].to_numpy(dtype=float) * scale.factor).astype(np.float32),
                name=name,
                stackgroup="supply",
                mode="lines",
                line={"width": 0.8, "color": colour},
                fillcolor=rgba(colour, 0.75),
                hovertemplate=f"%{{y:,.4~r}}<extra>{name}</extra>",
                **time_axis(rows["day"]),
            )
        )
    _add_total(figure, summary, design, scale.factor)
    any_rows = next(iter(parts.values()))
    figure.update_layout(hovermode="x unified", legend={"traceorder": "normal"})
    figure.update_xaxes(time_title(any_rows["day"]))
    figure.update_yaxes(title_text=scale.axis("Supply by holder, mean"), rangemode="tozero")
    return styled(figure, title, f"{subtitle}; {MEANS}{gap(summary, design)}", height=460, legend_rows=3)


def components(summary: pd.DataFrame, design: int) -> dict[str, pd.DataFrame]:
    """The components that the store has, in drawing order; `MissingMetricError` if it has none."""
    have = set(summary.loc[summary["design"] == design, "metric"])
    parts = {metric: series(summary, metric, design) for metric in COMPONENTS if metric in have}
    if not parts:
        raise MissingMetricError("this store has none of the supply-stack metrics")
    return parts


def gap(summary: pd.DataFrame, design: int) -> str:
    """A warning when the components do not add up to the supply, otherwise nothing."""
    parts = components(summary, design)
    absent = [name for metric, (name, _) in COMPONENTS.items() if metric not in parts]
    text = f"; not in this store: {', '.join(absent)}" if absent else ""
    try:
        total = series(summary, TOTAL, design)["mean"].to_numpy(dtype=float)
    except MissingMetricError:
        return text
    off = float(np.max(np.abs(_sum(parts) - total) / np.maximum(np.abs(total), 1.0)))
    return f"{text}; the parts miss the supply by up to {number(100 * off)} %" if off > TOLERANCE else text


def stack_caption(summary: pd.DataFrame, design: int) -> str:
    """The last day's shares in words, largest first."""
    day = int(summary["day"].max())
    last = {COMPONENTS[metric][0]: float(rows["mean"].iloc[-1]) for metric, rows in components(summary, design).items()}
    total = sum(last.values()) or 1.0
    ranked = sorted(last.items(), key=lambda item: -item[1])
    shares = "; ".join(f"{lower_first(name)} {with_unit(number(100 * held / total, 1), '%')}" for name, held in ranked)
    return f"On day {day:,}: {shares}."


def _sum(parts: dict[str, pd.DataFrame]) -> NDArray[np.float64]:
    """The sum of the components' means, by day."""
    means: NDArray[np.float64] = np.sum([rows["mean"].to_numpy(dtype=float) for rows in parts.values()], axis=0)
    return means


def _add_total(figure: go.Figure, summary: pd.DataFrame, design: int, factor: float) -> None:
    """The mean supply as a thin line over the stack: it should run along the top edge."""
    try:
        rows = series(summary, TOTAL, design)
    except MissingMetricError:
        return
    figure.add_trace(
        go.Scatter(
            y=(rows["mean"].to_numpy(dtype=float) * factor).astype(np.float32),
            name="Total supply",
            mode="lines",
            line={"width": 1.5, "color": BLACK, "dash": "dot"},
            hovertemplate="%{y:,.4~r}<extra>Total supply</extra>",
            **time_axis(rows["day"]),
        )
    )
