"""The KPI table: one row per setting, each mean with its interval and number of runs."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from dashboards.answer import KpiAnswer
from dashboards.labels import Labels, axis_value
from dashboards.source import Store
from experiments.statistics import kpi_estimate
from experiments.words import mean_interval, scale_for

MOST_ROWS = 60
ARROWS = {"up": "higher is better", "down": "lower is better"}


@dataclass(frozen=True)
class MeanCell:
    """A printed mean with interval; ``best`` if it is the best of its column or not told apart from the best."""

    text: str
    best: bool


@dataclass(frozen=True)
class SettingRow:
    """A setting: its design number, axis values, KPI cells and number of runs."""

    design: int
    today: bool
    values: list[str]
    cells: list[MeanCell]
    runs: str


@dataclass(frozen=True)
class Heading:
    """A KPI column: its label, the unit of its numbers, which way is better."""

    label: str
    unit: str
    better: str


def kpi_means(store: Store) -> pd.DataFrame:
    """Every setting and KPI in raw units, with the number of runs, the mean and the ends of its interval."""
    keys = [str(axis["key"]) for axis in store.manifest["axes"]]
    rows = []
    for point in store.design.to_dict("records"):
        for kpi in store.manifest["kpis"]:
            found = kpi_estimate(store.kpis, str(kpi["name"]), int(point["design"]))
            head = {"design": int(point["design"]), **{key: point[key] for key in keys}, "today": bool(point["today"])}
            tail = {"n": found.n, "mean": found.mean, "low": found.low, "high": found.high}
            rows.append({**head, "kpi": kpi["name"], "unit": kpi.get("unit") or "", **tail})
    return pd.DataFrame(rows)


def kpi_table(
    store: Store, labels: Labels, frame: pd.DataFrame, findings: list[KpiAnswer]
) -> tuple[list[Heading], list[SettingRow]]:
    """Headings and the first `MOST_ROWS` rows of the printed table; today's row leads when the table is cut."""
    kpis = store.manifest["kpis"]
    if frame.empty:
        return [], []
    scales = [scale_for(str(k.get("unit") or ""), frame.loc[frame["kpi"] == k["name"], "mean"]) for k in kpis]
    headings = [
        Heading(str(k.get("label") or k["name"]), s.unit, ARROWS.get(str(k.get("direction")), ""))
        for k, s in zip(kpis, scales, strict=True)
    ]
    cell = {(row["design"], row["kpi"]): row for row in frame.to_dict("records")}
    points = store.design.to_dict("records")
    if len(points) > MOST_ROWS:
        points.sort(key=lambda point: not point["today"])
    rows = []
    for point in points[:MOST_ROWS]:
        design = int(point["design"])
        cells = []
        for kpi, scale, found in zip(kpis, scales, findings, strict=True):
            row = cell[design, kpi["name"]]
            sizes = (row["mean"], row["high"] - row["mean"], found.spread)
            text = mean_interval(*(size * scale.factor for size in sizes))
            cells.append(MeanCell(text, design in found.leaders))
        values = [axis_value(axis, point[axis["key"]]) for axis in labels.axes]
        runs = _runs([cell[design, kpi["name"]]["n"] for kpi in kpis])
        rows.append(SettingRow(design, bool(point["today"]), values, cells, runs))
    return headings, rows


def _runs(counts: list[int]) -> str:
    """The number of runs behind a row, as a range when KPIs differ."""
    low, high = min(counts), max(counts)
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"
