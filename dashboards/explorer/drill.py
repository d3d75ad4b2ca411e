"""One trajectory: its daily path over the fan chart, its token flows and its events."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboards.explorer.data import StoreView
from dashboards.explorer.elements import Element, FigureElement, TextElement
from dashboards.explorer.jobs import Job
from dashboards.explorer.parts import step
from dashboards.explorer.state import Selection
from dashboards.explorer.work import DAYS
from dashboards.figures.fan import fan, metric_scale, time_axis
from dashboards.figures.sankey import sankey, sankey_caption
from dashboards.figures.template import BLACK
from dashboards.labels import upper_first
from dashboards.source import every
from experiments.words import counted, number


def trajectory_request(choice: Selection) -> dict[str, Any]:
    """Request for the simulation of one trajectory."""
    return {"design": choice.design, "run": choice.run}


def trajectory_part(store: StoreView, choice: Selection, job: Job | None) -> list[Element]:
    """The figures of the trajectory, or a sentence where it was not simulated."""
    if job is None or not job.finished or job.asked != {"store": choice.store, **trajectory_request(choice)}:
        return [TextElement(f"Run {choice.run} of this setting is not simulated yet.")]
    frame, said = pd.read_parquet(job.folder / DAYS), job.said
    count = counted(len(said["events"]), "event")
    return [*_path(store, choice, frame), _flows(said["moved"], choice.run), TextElement(f"Event log: {count}.")]


def _path(store: StoreView, choice: Selection, frame: pd.DataFrame) -> list[Element]:
    """Path of the run over the fan chart of its setting."""
    names, metric = store.labels, choice.metric
    if not metric:
        return [TextElement("This store keeps no daily quantiles, so there is no fan to lay the run on.")]
    rows = every(store.days(metric, choice.design), step(store))
    scale = metric_scale(rows, metric, names)
    drawn = fan(rows, metric, choice.design, names, "", "")
    mine = every(frame, step(store))
    drawn.add_trace(
        go.Scatter(
            y=mine[metric].to_numpy() * scale.factor,
            name=f"Run {choice.run}",
            mode="lines",
            line={"color": BLACK, "width": 1.8},
            legendrank=0,
            hovertemplate=f"%{{y:,.4~r}}<extra>Run {choice.run}</extra>",
            **time_axis(mine["day"]),
        )
    )
    end = number(float(frame[metric].iloc[-1]) * scale.factor)
    caption = f"Run {choice.run} ends at {end} {scale.unit}".strip() + "."
    note = f"{upper_first(names.long[choice.design])}; seed {store.manifest['seed']}, run {choice.run}, simulated again"
    return [FigureElement("path", f"{names.metric(metric)}: one run among all", note, drawn, caption)]


def _flows(moved: dict[str, float], run: int) -> FigureElement:
    """Token flows over the whole run, between groups of accounts."""
    note = f"All flows of run {run} over all days, between groups of accounts"
    return FigureElement("flows", "Token flows", note, sankey(moved, "", ""), sankey_caption(moved))
