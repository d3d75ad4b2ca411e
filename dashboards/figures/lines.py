"""A few metrics of one unit as lines in one figure: yields by class, who cheats, which validators look,
what insurance gets and pays, and its ruin.

Where most runs have nothing to show (who cheats, who is ruined) the mean across runs is drawn, elsewhere the median.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go
from numpy.typing import NDArray

from dashboards.figures.fan import time_axis, time_title
from dashboards.figures.template import BLUE, GREEN, GREY, ORANGE, SKY, VERMILION, rgba, styled
from dashboards.labels import lower_first
from dashboards.source import MissingMetricError, series
from experiments.words import Scale, number, scale_for, with_unit

HEADROOM = 1.05
LOG_FLOOR = 1e-3
"""The lowest value on a logarithmic axis; what is below it is not drawn."""

COUNTS = frozenset({"providers", "validators"})
"""Units that a line's own name says."""


@dataclass(frozen=True)
class Lines:
    """A figure of lines: its metrics (name, colour), the column of the summary that is drawn, and its words.

    ``log`` is a logarithmic axis; of what comes on single days the mean of the last ``window`` days is drawn.
    """

    id: str
    title: str
    note: str
    unit: str
    axis: str
    parts: Mapping[str, tuple[str, str]]
    column: str = "mean"
    log: bool = False
    window: int = 1

    @property
    def metrics(self) -> tuple[str, ...]:
        """All metrics that the figure draws."""
        return tuple(self.parts)


YIELDS = Lines(
    id="yields",
    title="Yields of staking by class",
    note="A year of the day's reward over the stake, not compounded, on a logarithmic axis: on the first days little "
    "is staked and yields are very high.",
    unit="share",
    axis="Yield a year, median",
    parts={
        "direct_apr": ("Own stake of providers", BLUE),
        "delegator_apr": ("Delegation", SKY),
        "validator_apr": ("Validators", ORANGE),
    },
    column="p50",
    log=True,
)
CONDUCT = Lines(
    id="conduct",
    title="Providers who do not serve what was paid for",
    note="Who serves a smaller model or garbage, how many of those pass unseen on the day, who stays off to save cost, "
    "and who is banned for good.",
    unit="providers",
    axis="Providers, mean",
    parts={
        "cheating_providers": ("Cheat", VERMILION),
        "undetected_providers": ("Cheat unseen", ORANGE),
        "absent_providers": ("Stay away", SKY),
        "banned_providers": ("Banned", GREY),
    },
)
VALIDATORS = Lines(
    id="validators",
    title="Validators who are active, and who do not look",
    note="Active with the stake and the accuracy. Who does not look votes for the provider, active or not.",
    unit="validators",
    axis="Validators, mean",
    parts={"active_validators": ("Active", GREEN), "lazy_validators": ("Do not look", VERMILION)},
)
RUIN = Lines(
    id="ruin",
    title="Ruin of the insurance fund",
    note="Part of the runs in which the fund has failed to pay a claim so far.",
    unit="share",
    axis="Runs with an unpaid claim",
    parts={"insurance_ruined": ("Runs with an unpaid claim", VERMILION)},
)
FLOWS = Lines(
    id="insurance-flows",
    title="Bonds lost and claims paid",
    note="Bonds of rejected challenges and lost appeals go into the insurance fund; verified losses come out of it.",
    unit="QUIV a day",
    axis="A day, mean of 30 days",
    parts={"bonds_lost_quiv": ("Bonds lost", GREEN), "claims_paid_quiv": ("Claims paid", VERMILION)},
    window=30,
)


def lines(summary: pd.DataFrame, chosen: Lines, design: int, subtitle: str) -> go.Figure:
    """Every line at ``design``, on the same axis for every design in ``summary``.

    Yields have the band of nine runs in ten. Raises `MissingMetricError` if the store has none of the metrics.
    """
    found = _present(summary, chosen, design)
    scale = scale_for(chosen.unit, [_top(summary, chosen)])
    figure = go.Figure()
    for metric, rows in found.items():
        name, colour = chosen.parts[metric]
        if chosen.column == "p50" and rows["n"].max() > 1:
            figure.add_traces(_band(rows, colour, chosen, scale))
        figure.add_trace(
            go.Scatter(
                y=_values(rows[chosen.column], chosen, scale),
                name=name,
                mode="lines",
                line={"color": colour, "width": 2.5},
                hovertemplate=f"%{{y:,.4~r}}<extra>{name}</extra>",
                **time_axis(rows["day"]),
            )
        )
    figure.update_layout(hovermode="x unified", legend={"traceorder": "normal"}, showlegend=True)
    figure.update_xaxes(time_title(next(iter(found.values()))["day"]))
    figure.update_yaxes(title_text=scale.axis(chosen.axis), **_axis(summary, chosen, scale))
    how = "medians across runs, shaded nine runs in ten" if chosen.column == "p50" else "means across runs"
    return styled(figure, chosen.title, f"{subtitle}; {how}", legend_rows=2)


def smoothed(summary: pd.DataFrame, chosen: Lines) -> pd.DataFrame:
    """The summary with the figure's column as a mean of its last days, by design and metric. Needs every day."""
    if chosen.window <= 1:
        return summary
    ordered = summary.sort_values(["design", "metric", "day"])
    groups = ordered.groupby(["design", "metric"])[chosen.column]
    return ordered.assign(**{chosen.column: groups.transform(lambda day: day.rolling(chosen.window, 1).mean())})


def lines_caption(summary: pd.DataFrame, chosen: Lines, design: int) -> str:
    """The last day in words."""
    found = _present(summary, chosen, design)
    scale = scale_for(chosen.unit, [_top(summary, chosen)])
    day = int(summary["day"].max())
    said = "; ".join(
        f"{lower_first(chosen.parts[metric][0])} {_said(float(rows[chosen.column].iloc[-1]) * scale.factor, scale)}"
        for metric, rows in found.items()
    )
    return f"On day {day:,}: {said}."


def _present(summary: pd.DataFrame, chosen: Lines, design: int) -> dict[str, pd.DataFrame]:
    """The metrics that the store has, in drawing order; `MissingMetricError` if it has none."""
    have = set(summary.loc[summary["design"] == design, "metric"])
    found = {metric: series(summary, metric, design) for metric in chosen.parts if metric in have}
    if not found:
        raise MissingMetricError(f"this store has none of the metrics {', '.join(chosen.parts)}")
    return found


def _said(value: float, scale: Scale) -> str:
    """A value, with its unit where the name of the line does not say what is counted."""
    return number(value) if scale.unit in COUNTS else with_unit(number(value), scale.unit)


def _top(summary: pd.DataFrame, chosen: Lines) -> float:
    rows = summary[summary["metric"].isin(list(chosen.parts))]
    return float(rows[chosen.column].max())


def _axis(summary: pd.DataFrame, chosen: Lines, scale: Scale) -> dict[str, object]:
    """The range of the axis: from nothing to the top, or as many powers of ten as the values cover."""
    if not chosen.log:
        return {"range": [0.0, HEADROOM * _top(summary, chosen) * scale.factor or 1.0]}
    rows = summary[summary["metric"].isin(list(chosen.parts))]
    values = rows[["p05", "p95"]].to_numpy(dtype=float)
    values = np.maximum(values[values > 0], LOG_FLOOR)
    low, high = (values.min(), values.max()) if values.size else (LOG_FLOOR, 1.0)
    limits = [float(np.log10(low * scale.factor)) - 0.05, float(np.log10(high * scale.factor)) + 0.05]
    return {"type": "log", "range": limits, "dtick": 1}


def _values(column: pd.Series, chosen: Lines, scale: Scale) -> NDArray[np.float32]:
    values: NDArray[np.float64] = column.to_numpy(dtype=float)
    if chosen.log:
        values = np.where(values >= LOG_FLOOR, values, np.nan)
    return (values * scale.factor).astype(np.float32)


def _band(rows: pd.DataFrame, colour: str, chosen: Lines, scale: Scale) -> list[go.Scatter]:
    """Nine runs in ten as a filled band without an entry in the legend."""
    edge = {"mode": "lines", "line": {"width": 0, "color": colour}, "hoverinfo": "skip", "showlegend": False}
    lower = np.maximum(rows["p05"], LOG_FLOOR) if chosen.log else rows["p05"]
    axis = time_axis(rows["day"])
    below = go.Scatter(y=_values(lower, chosen, scale), **edge, **axis)
    above = go.Scatter(
        y=_values(rows["p95"], chosen, scale), fill="tonexty", fillcolor=rgba(colour, 0.18), **edge, **axis
    )
    return [below, above]
