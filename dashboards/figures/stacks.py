"""Parts that add up over time, as stacked areas of means: who stakes, what is slashed, which cases are opened and how
they end.

Means are what is stacked: they add up where medians need not. What is counted beside the parts is a dotted line.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboards.figures.fan import time_axis, time_title
from dashboards.figures.template import BLACK, BLUE, GREEN, ORANGE, PURPLE, SILVER, SKY, VERMILION, rgba, styled
from dashboards.labels import lower_first
from dashboards.source import MissingMetricError, series
from experiments.words import Scale, number, scale_for, with_unit

HEADROOM = 1.05
MEANS = "means across runs"


@dataclass(frozen=True)
class Stack:
    """A stacked figure: its parts by metric (name, colour), what stands beside them, and its words.

    ``says`` ends the sentence "On day 365, on average 12 QUIV ..."; ``none`` is said where that is nothing.
    """

    id: str
    title: str
    note: str
    unit: str
    axis: str
    says: str
    none: str
    parts: Mapping[str, tuple[str, str]]
    beside: Mapping[str, str] = field(default_factory=dict)

    @property
    def metrics(self) -> tuple[str, ...]:
        """All metrics that the figure draws."""
        return (*self.parts, *self.beside)


STAKE_BY_CLASS = Stack(
    id="stake-by-class",
    title="Who stakes",
    note="Stake of providers, of holders who delegate, and of validators.",
    unit="QUIV",
    axis="Staked, mean",
    says="were staked",
    none="nothing was staked",
    parts={
        "staked_quiv": ("Providers", BLUE),
        "delegated_quiv": ("Delegated", SKY),
        "validator_staked_quiv": ("Validators", ORANGE),
    },
)
STAKE_BY_TIER = Stack(
    id="stake-by-tier",
    title="Providers' stake by tier",
    note="Own stake of the providers in each tier. What the dotted line has beyond the areas is below the lowest tier.",
    unit="QUIV",
    axis="Own stake, mean",
    says="were in a tier",
    none="no stake was in a tier",
    parts={
        "stake_quiv_bronze": ("Bronze", ORANGE),
        "stake_quiv_silver": ("Silver", SILVER),
        "stake_quiv_gold": ("Gold", GREEN),
        "stake_quiv_platinum": ("Platinum", BLUE),
    },
    beside={"staked_quiv": "All own stake"},
)
SLASHES = Stack(
    id="slashes",
    title="What is slashed, by cause",
    note="Stake slashed so far, own, delegated and unbonding.",
    unit="QUIV",
    axis="Slashed so far, mean",
    says="had been slashed",
    none="nothing had been slashed",
    parts={
        "slashed_quiv_downtime": ("Downtime", SILVER),
        "slashed_quiv_degraded": ("Smaller models", ORANGE),
        "slashed_quiv_garbage": ("Garbage", VERMILION),
        "slashed_quiv_validators": ("Validators", PURPLE),
    },
    beside={"slashed_quiv": "All slashes"},
)
OPENINGS = Stack(
    id="case-openings",
    title="Who opens cases",
    note="Cases against providers opened so far.",
    unit="cases",
    axis="Cases opened so far, mean",
    says="had been opened",
    none="no case had been opened",
    parts={
        "cases_by_canary": ("Canaries", BLUE),
        "cases_by_consumer": ("Consumers", GREEN),
        "cases_by_watcher": ("Watchers", SKY),
        "cases_by_frivolous": ("Without reason", SILVER),
    },
)
OUTCOMES = Stack(
    id="case-outcomes",
    title="How cases end",
    note="Cases closed so far by outcome, and those still open. An overturned ruling is counted beside its outcome.",
    unit="cases",
    axis="Cases so far, mean",
    says="had been opened",
    none="no case had been opened",
    parts={
        "cases_upheld": ("Upheld", VERMILION),
        "cases_rejected": ("Rejected", BLUE),
        "cases_lapsed": ("Lapsed, no quorum", SILVER),
        "challenges_open": ("Still open", ORANGE),
    },
    beside={"cases_overturned": "Rulings overturned on appeal"},
)
TOTALS = frozenset({"staked_quiv", "slashed_quiv"})
"""What stands beside the parts as their sum, and needs no words."""


def stacked(summary: pd.DataFrame, stack: Stack, design: int, subtitle: str) -> go.Figure:
    """The mean of each part at ``design`` over time, on the same axis for every design in ``summary``.

    Raises `MissingMetricError` if the store has none of the parts.
    """
    parts = _present(summary, stack, design)
    scale = scale_of(summary, stack)
    figure = go.Figure()
    for metric, rows in parts.items():
        name, colour = stack.parts[metric]
        look = {"line": {"width": 0.8, "color": colour}, "fillcolor": rgba(colour, 0.75), "stackgroup": "parts"}
        figure.add_trace(_trace(rows, name, scale, look))
    for metric, name in stack.beside.items():
        if _has(summary, metric, design):
            line = {"line": {"width": 1.5, "color": BLACK, "dash": "dot"}}
            figure.add_trace(_trace(series(summary, metric, design), name, scale, line))
    figure.update_layout(hovermode="x unified", legend={"traceorder": "normal"})
    figure.update_xaxes(time_title(next(iter(parts.values()))["day"]))
    top = HEADROOM * _top(summary, stack) * scale.factor or 1.0
    figure.update_yaxes(title_text=scale.axis(stack.axis), range=[0.0, top])
    absent = [name for metric, (name, _) in stack.parts.items() if metric not in parts]
    lacking = f"; not in this store: {', '.join(absent)}" if absent else ""
    return styled(figure, stack.title, f"{subtitle}; {MEANS}{lacking}", legend_rows=2)


def stacked_caption(summary: pd.DataFrame, stack: Stack, design: int) -> str:
    """The last day in words: the sum, and each part's share of it, largest first."""
    parts = _present(summary, stack, design)
    day = int(summary["day"].max())
    last = {stack.parts[metric][0]: float(rows["mean"].iloc[-1]) for metric, rows in parts.items()}
    total = sum(last.values())
    beside = "".join(
        f" {name}: {with_unit(number(_last(summary, metric, design)), stack.unit)}."
        for metric, name in stack.beside.items()
        if metric not in TOTALS and _has(summary, metric, design)
    )
    if total <= 0:
        return f"On day {day:,} {stack.none} in any run.{beside}"
    scale = scale_for(stack.unit, [total])
    ranked = sorted(last.items(), key=lambda item: -item[1])
    shares = "; ".join(f"{lower_first(name)} {_percent(part, total)}" for name, part in ranked if part > 0)
    amount = with_unit(number(total * scale.factor), scale.unit)
    return f"On day {day:,}, on average {amount} {stack.says}: {shares}.{beside}"


def _present(summary: pd.DataFrame, stack: Stack, design: int) -> dict[str, pd.DataFrame]:
    """The parts that the store has, in drawing order; `MissingMetricError` if it has none."""
    parts = {metric: series(summary, metric, design) for metric in stack.parts if _has(summary, metric, design)}
    if not parts:
        raise MissingMetricError(f"this store has none of the metrics {', '.join(stack.parts)}")
    return parts


def scale_of(summary: pd.DataFrame, stack: Stack) -> Scale:
    """One scale for all designs."""
    return scale_for(stack.unit, [_top(summary, stack)])


def _top(summary: pd.DataFrame, stack: Stack) -> float:
    """The largest sum of the parts, or value beside them, on any day of any design."""
    rows = summary[summary["metric"].isin(list(stack.parts))]
    most = float(rows.groupby(["design", "day"])["mean"].sum().max())
    beside = summary.loc[summary["metric"].isin(list(stack.beside)), "mean"]
    return max(most, float(beside.max())) if len(beside) else most


def _trace(rows: pd.DataFrame, name: str, scale: Scale, look: Mapping[str, object]) -> go.Scatter:
    return go.Scatter(
        y=(rows["mean"].to_numpy(dtype=float) * scale.factor).astype(np.float32),
        name=name,
        mode="lines",
        hovertemplate=f"%{{y:,.4~r}}<extra>{name}</extra>",
        **look,
        **time_axis(rows["day"]),
    )


def _percent(part: float, total: float) -> str:
    share = 100.0 * part / total
    return with_unit("under 0.1" if share < 0.05 else number(share, 1), "%")


def _last(summary: pd.DataFrame, metric: str, design: int) -> float:
    return float(series(summary, metric, design)["mean"].iloc[-1])


def _has(summary: pd.DataFrame, metric: str, design: int) -> bool:
    return bool(((summary["metric"] == metric) & (summary["design"] == design)).any())
