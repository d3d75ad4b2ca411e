"""The settings that meet limits: one row a setting with its controls and its mean of each KPI, judged by them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboards.explorer.data import Opened
from dashboards.explorer.state import Limits
from dashboards.labels import axis_label, axis_value
from dashboards.units import Scale, scale_for
from experiments.analysis.pareto import Objective, front


@dataclass(frozen=True)
class Column:
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


def columns(opened: Opened) -> list[Column]:
    """The controls that vary, then the KPIs."""
    found = []
    for axis in opened.labels.axes:
        values = opened.design[axis["key"]]
        numeric = pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)
        words = () if numeric else tuple(dict.fromkeys(axis_value(axis, value) for value in values))
        scale = scale_for(str(axis.get("unit") or ""), values if numeric else ())
        found.append(Column(str(axis["key"]), axis_label(axis), scale, False, words))
    for name, kpi in opened.specs.items():
        scale = scale_for(str(kpi.get("unit") or ""), opened.kpis.groupby("design")[name].mean())
        label, direction = str(kpi.get("label") or name), str(kpi.get("direction") or "none")
        found.append(Column(name, label, scale, True, (), direction))
    return found


def table(opened: Opened, shown: Sequence[Column]) -> pd.DataFrame:
    """One row a setting: `design`, and each column in raw units; a control that is no number as its place."""
    means = opened.kpis.groupby("design")[list(opened.specs)].mean()
    frame = pd.DataFrame({"design": opened.design["design"].to_numpy()})
    axes = {str(axis["key"]): axis for axis in opened.labels.axes}
    for column in shown:
        if column.is_kpi:
            frame[column.key] = means[column.key].reindex(frame["design"]).to_numpy(dtype=float)
        elif column.words:
            said = [axis_value(axes[column.key], value) for value in opened.design[column.key]]
            frame[column.key] = [float(column.words.index(word)) for word in said]
        else:
            frame[column.key] = opened.design[column.key].to_numpy(dtype=float)
    return frame


def admissible(frame: pd.DataFrame, limits: Limits) -> np.ndarray:
    """Which rows lie within every limit, ends included; a value that is missing meets none."""
    inside = np.ones(len(frame), dtype=bool)
    for name, (low, high) in limits.items():
        values = frame[name].to_numpy(dtype=float)
        inside &= (values >= low) & (values <= high)
    return inside


def undominated(frame: pd.DataFrame, inside: np.ndarray, across: Column, up: Column) -> np.ndarray:
    """Which of the rows within the limits no other of them beats in both columns; none where one has no direction."""
    best = np.zeros(len(frame), dtype=bool)
    if across.key == up.key or {across.direction, up.direction} - {"up", "down"}:
        return best
    values = frame[[across.key, up.key]].to_numpy(dtype=float)
    rows = np.flatnonzero(inside & np.isfinite(values).all(axis=1))
    best[rows] = front(values[rows], [Objective(column.key, column.direction) for column in (across, up)])
    return best
