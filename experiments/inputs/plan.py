"""What is to be simulated, resolved: design points as economies, each run's environment, seed, KPIs, what to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.inputs.scenario import override
from experiments.inputs.stopping import Rule
from model.economy import Economy

AGGREGATIONS = ("last", "mean", "sum", "min", "max", "p05", "p95", "change")
"""How a metric's days become one figure: `p05` and `p95` are quantiles, `change` is the end over the start less one."""


@dataclass(frozen=True)
class Kpi:
    """A metric aggregated over a trajectory, or over the days after `window[0]` up to `window[1]`.

    `direction` says which way is better. With a `threshold`, in `unit`, a run is good where the KPI is at least that
    (up) or at most that (down); `chance` is the probability asked for. KPIs of one `goal` belong together.
    """

    name: str
    label: str
    metric: str
    aggregation: str
    unit: str
    direction: str
    description: str
    threshold: float | None = None
    goal: str = ""
    chance: float | None = None
    window: tuple[int, int] | None = None


@dataclass(frozen=True)
class Plan:
    """A sweep ready to run: point i of the design is `points[i]`, and its economy is `economies[i]`.

    `base` is the scenario's own economy, before the design changes any; `overrides` is what the user changed by hand.
    `environment[k]` is what run k changes in every design point, empty where nothing is uncertain. With `stopping`
    rules `runs` is the most there may be. `engine` is `ensemble` or `jax`, whose last digits differ.
    """

    name: str
    title: str
    question: str
    digest: str
    text: str
    base: Economy
    overrides: Mapping[str, Any]
    economies: Sequence[Economy]
    points: Sequence[Mapping[str, Any]]
    axes: Sequence[Mapping[str, Any]]
    today: int | None
    runs: int
    seed: int
    days: int
    kpis: Sequence[Kpi]
    metrics: Sequence[str]
    keep: str
    environment: Sequence[Mapping[str, Any]] = ()
    stopping: Sequence[Rule] = ()
    goals: Mapping[str, str] = field(default_factory=dict)
    engine: str = "ensemble"

    @property
    def folder(self) -> str:
        """The store's folder name: the experiment's name and the digest of what it asks."""
        return f"{self.name}-{self.digest[:6]}"

    def economy(self, index: int, run: int) -> Economy:
        """Design point `index` in the environment of a run; the very same object for every run where there is none."""
        drawn = self.environment[run] if self.environment else {}
        return override(self.economies[index], drawn, f"environment of run {run}") if drawn else self.economies[index]


def environment_frame(plan: Plan) -> pd.DataFrame:
    """The environment of each run: `run` and a column a parameter."""
    drawn = plan.environment or ({},) * plan.runs
    columns = {key: [row[key] for row in drawn] for key in drawn[0]}
    return pd.DataFrame({"run": np.arange(len(drawn), dtype=np.int32), **columns})


def aggregate_days(kpi: Kpi, series: NDArray[Any]) -> NDArray[Any]:
    """A KPI of each trajectory from its metric, shape `(days + 1, trajectories)`; genesis, day 0, earns nothing."""
    start, end = kpi.window or (0, len(series) - 1)
    if kpi.aggregation == "last":
        return np.asarray(series[end])
    if kpi.aggregation == "change":
        return np.asarray(series[end] / np.where(series[start] == 0.0, np.nan, series[start]) - 1.0)
    return REDUCE[kpi.aggregation](series[start + 1 : end + 1])


REDUCE: Mapping[str, Callable[[NDArray[Any]], NDArray[Any]]] = {
    "mean": lambda days: days.mean(axis=0),
    "sum": lambda days: days.sum(axis=0),
    "min": lambda days: days.min(axis=0),
    "max": lambda days: days.max(axis=0),
    "p05": lambda days: np.quantile(days, 0.05, axis=0),
    "p95": lambda days: np.quantile(days, 0.95, axis=0),
}
"""Aggregations over the days of each trajectory, `(days, trajectories)`."""
