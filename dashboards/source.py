"""What figures need of a sweep's store: its tables in memory, checked against one another, and series by day.

`experiments.sweeps.results` reads the files. A store that is missing, incomplete or damaged is refused in one sentence.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.errors import RequestError
from experiments.sweeps.results import Results

QUANTILES = ("p05", "p25", "p50", "p75", "p95")
KEYS = ("title", "hash", "seed", "runs", "days", "axes", "kpis")
"""Keys of a manifest that a page cannot do without."""

COLUMNS = {
    "design": ("design", "today"),
    "kpis": ("design", "run"),
    "summary": ("design", "day", "metric", "n", "mean", *QUANTILES),
    "failures": (),
}

StoreError = RequestError
"""The folder is not a complete store; the message names the folder and what is wrong."""


class MissingMetricError(ValueError):
    """The store has no such metric, so the figure cannot be drawn; the message says so in a sentence."""


@dataclass(frozen=True)
class Store:
    """A store in memory: the manifest and its four tables. Trajectories stay on disk."""

    path: Path
    manifest: Mapping[str, Any]
    design: pd.DataFrame
    kpis: pd.DataFrame
    summary: pd.DataFrame
    failures: pd.DataFrame


def load_store(path: Path | str, metrics: Collection[str] | None = None) -> Store:
    """The store in ``path``; raise `StoreError` if a file, key or column is missing or a checksum differs.

    ``metrics`` limits the summary to those metrics, which is what a page of a large sweep needs; None reads them all.
    """
    rows = None if metrics is None else [("metric", "in", sorted(metrics))]
    results = _results(path)
    return _store(path, results, _table(results, "summary", rows))


def load_head(path: Path | str) -> Store:
    """The store without daily quantiles, whose table is not looked at: what is quick to read of a large one."""
    return _store(path, _results(path), pd.DataFrame(columns=list(COLUMNS["summary"])))


def json_of(file: Path) -> dict[str, Any]:
    """The keys of a JSON file, none where it holds anything else; `StoreError` if it is no JSON."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StoreError(f"{file.parent}: {file.name} is not valid JSON ({error})") from error
    return content if isinstance(content, dict) else {}


def _results(path: Path | str) -> Results:
    if not Path(path).is_dir():
        raise StoreError(f"{path}: no such folder, so there is no store to read")
    results = Results(path)
    if lacking := [key for key in KEYS if key not in results.manifest]:
        raise StoreError(f"{path}: manifest.json lacks {', '.join(lacking)}")
    return results


def _store(path: Path | str, results: Results, summary: pd.DataFrame) -> Store:
    design, kpis, failures = (_table(results, name) for name in ("design", "kpis", "failures"))
    store = Store(Path(path), results.manifest, design, kpis, summary, failures)
    _agree(store)
    return store


def _table(results: Results, name: str, rows: list[tuple[str, str, Any]] | None = None) -> pd.DataFrame:
    """A table that is as it was written and has the columns that figures need; ``rows`` is a filter."""
    file = f"{name}.parquet"
    results.check([file])
    table = results.part(file, rows=rows)
    if lacking := [column for column in COLUMNS[name] if column not in table]:
        raise StoreError(f"{results.place}: {file} lacks the column {', '.join(lacking)}")
    return table


def _agree(store: Store) -> None:
    """Refuse tables that do not fit the manifest or one another."""
    keys = {str(axis["key"]) for axis in store.manifest["axes"]}
    if lacking := sorted(keys - set(store.design.columns)):
        raise StoreError(f"{store.path}: design.parquet lacks the swept parameter {', '.join(lacking)}")
    names = {str(kpi["name"]) for kpi in store.manifest["kpis"]}
    if lacking := sorted(names - set(store.kpis.columns)):
        raise StoreError(f"{store.path}: kpis.parquet lacks the KPI {', '.join(lacking)}")
    if store.design.empty:
        raise StoreError(f"{store.path}: design.parquet has no rows")
    if store.design["design"].duplicated().any():
        raise StoreError(f"{store.path}: design.parquet numbers two settings alike")
    if int(store.design["today"].astype(bool).sum()) > 1:
        raise StoreError(f"{store.path}: design.parquet marks more than one setting as today's")
    if store.kpis.duplicated(["design", "run"]).any():
        raise StoreError(f"{store.path}: kpis.parquet has two rows for one design point and run")
    for name, table in (("kpis.parquet", store.kpis), ("summary.parquet", store.summary)):
        if unknown := sorted(set(table["design"]) - set(store.design["design"])):
            raise StoreError(f"{store.path}: {name} has design {unknown[0]}, which design.parquet does not")


def every(summary: pd.DataFrame, days: int) -> pd.DataFrame:
    """Every ``days``-th day of a summary, counted back from its last day, which is the one people read off."""
    if days <= 1 or summary.empty:
        return summary
    return summary[(summary["day"].max() - summary["day"]) % days == 0]


def series(summary: pd.DataFrame, metric: str, design: int) -> pd.DataFrame:
    """The rows of one metric at one design point, by day; `MissingMetricError` if there are none."""
    rows = summary[(summary["metric"] == metric) & (summary["design"] == design)]
    if rows.empty:
        raise MissingMetricError(f"this store has no metric {metric} for design point {design}")
    return rows.sort_values("day")
