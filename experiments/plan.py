"""What is to be simulated, resolved: design points as economies, runs, seed, KPIs, and what to keep."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from model.economy import Economy

AGGREGATIONS = ("last", "mean", "sum", "min", "max", "change")
"""How a metric's days become one figure; `change` is the last day over the first, less one."""


@dataclass(frozen=True)
class Kpi:
    """A metric aggregated over a trajectory; `direction` says which way is better."""

    name: str
    label: str
    metric: str
    aggregation: str
    unit: str
    direction: str
    description: str


@dataclass(frozen=True)
class Plan:
    """A sweep ready to run: point i of the design is `points[i]`, and its economy is `economies[i]`.

    `base` is the scenario's own economy, before the design changes any; `overrides` is what the user changed by hand.
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

    @property
    def folder(self) -> str:
        """The store's folder name: the experiment's name and the digest of what it asks."""
        return f"{self.name}-{self.digest[:6]}"


def aggregate(kpi: Kpi, series: np.ndarray) -> np.ndarray:
    """A KPI of each trajectory from its metric, shape `(days + 1, trajectories)`; genesis, day 0, earns nothing."""
    if kpi.aggregation == "last":
        return series[-1]
    if kpi.aggregation == "change":
        return series[-1] / np.where(series[0] == 0.0, np.nan, series[0]) - 1.0
    reduce: dict[str, Callable[..., np.ndarray]] = {"mean": np.mean, "sum": np.sum, "min": np.min, "max": np.max}
    return reduce[kpi.aggregation](series[1:], axis=0)
