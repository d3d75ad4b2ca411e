"""The settings that meet limits: one row a setting with its controls and its mean of each KPI, judged by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from dashboards.labels import Labels, axis_label, axis_value
from experiments.analysis.pareto import Objective, front
from experiments.words import Scale, scale_for

Mask = npt.NDArray[np.bool_]
Limits = Mapping[str, tuple[float, float]]
"""Lowest and highest value by control or KPI, raw units, infinite where there is none."""


class Settings(Protocol):
    """What settings are judged by: the design, outcomes of runs, names, and KPIs by name as a manifest has them."""

    @property
    def design(self) -> pd.DataFrame:
        """One row a setting."""

    @property
    def kpis(self) -> pd.DataFrame:
        """One row a trajectory."""

    @property
    def labels(self) -> Labels:
        """What things are called."""

    @property
    def specs(self) -> Mapping[str, Mapping[str, Any]]:
        """The KPIs."""


@dataclass(frozen=True)
class Criterion:
    """A control or a KPI that settings are judged by. `words` are the values of a control that is no number, whose
    column has their places; a number is shown by `scale`.
    """

    key: str
    label: str
    scale: Scale
    is_kpi: bool
    words: tuple[str, ...] = ()
    direction: str = "none"

    @property
    def title(self) -> str:
        """The label with its unit."""
        return self.scale.axis(self.label)


def criteria(given: Settings) -> list[Criterion]:
    """The controls that vary, then the KPIs."""
    found = []
    for axis in given.labels.axes:
        values = given.design[axis["key"]]
        numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        words = () if numeric else tuple(dict.fromkeys(axis_value(axis, value) for value in values))
        scale = scale_for(str(axis.get("unit") or ""), values if numeric else ())
        found.append(Criterion(str(axis["key"]), axis_label(axis), scale, False, words))
    for name, kpi in given.specs.items():
        scale = scale_for(str(kpi.get("unit") or ""), given.kpis.groupby("design")[name].mean())
        label, direction = str(kpi.get("label") or name), str(kpi.get("direction") or "none")
        found.append(Criterion(name, label, scale, True, (), direction))
    return found


def criteria_table(given: Settings, shown: Sequence[Criterion]) -> pd.DataFrame:
    """One row a setting: `design`, and each column in raw units; a control that is no number as its place."""
    means = given.kpis.groupby("design")[list(given.specs)].mean()
    frame = pd.DataFrame({"design": given.design["design"].to_numpy()})
    axes = {str(axis["key"]): axis for axis in given.labels.axes}
    for column in shown:
        if column.is_kpi:
            frame[column.key] = means[column.key].reindex(frame["design"]).to_numpy(dtype=float)
        elif column.words:
            said = [axis_value(axes[column.key], value) for value in given.design[column.key]]
            frame[column.key] = [float(column.words.index(word)) for word in said]
        else:
            frame[column.key] = given.design[column.key].to_numpy(dtype=float)
    return frame


def admissible(frame: pd.DataFrame, limits: Limits) -> Mask:
    """Which rows lie within every limit, ends included; a value that is missing meets none."""
    inside = np.ones(len(frame), dtype=bool)
    for name, (low, high) in limits.items():
        values = frame[name].to_numpy(dtype=float)
        inside &= (values >= low) & (values <= high)
    return inside


def undominated(frame: pd.DataFrame, inside: Mask, across: Criterion, up: Criterion) -> Mask:
    """Which of the rows within the limits no other of them beats in both columns; none where one has no direction."""
    best = np.zeros(len(frame), dtype=bool)
    if across.key == up.key or {across.direction, up.direction} - {"up", "down"}:
        return best
    values = frame[[across.key, up.key]].to_numpy(dtype=float)
    rows = np.flatnonzero(inside & np.isfinite(values).all(axis=1))
    best[rows] = front(values[rows], [Objective(column.key, column.direction) for column in (across, up)])
    return best
