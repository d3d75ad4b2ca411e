"""Reads a sweep's store and refuses, in one sentence, what is missing or damaged.

A store is a folder with ``manifest.json``, ``design.parquet`` (one row per design point), ``kpis.parquet`` (one row
per design point and run), ``summary.parquet`` (one row per design point, day and metric) and ``failures.parquet`` (one
row per failed trajectory).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq

QUANTILES = ("p05", "p25", "p50", "p75", "p95")
FORMAT = 1
_MANIFEST = ("title", "hash", "seed", "runs", "days", "axes", "kpis")
_COLUMNS = {
    "design.parquet": ("design", "today"),
    "kpis.parquet": ("design", "run"),
    "summary.parquet": ("design", "day", "metric", "n", "mean", *QUANTILES),
    "failures.parquet": (),
}


class StoreError(ValueError):
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
    """Read the store in ``path``; raise `StoreError` if a file, key or column is missing or a checksum differs.

    ``metrics`` limits the summary to those metrics, which is what a page of a large sweep needs; None reads them all.
    """
    folder = Path(path)
    if not folder.is_dir():
        raise StoreError(f"{folder}: no such folder, so there is no store to read")
    manifest = _manifest(folder)
    rows = {"summary.parquet": [("metric", "in", sorted(metrics))]} if metrics is not None else {}
    tables = {name: _table(folder, name, columns, manifest, rows.get(name)) for name, columns in _COLUMNS.items()}
    store = Store(folder, manifest, *tables.values())
    _agree(store)
    return store


def load_head(path: Path | str) -> Store:
    """The store without daily quantiles, whose table is not looked at: what is quick to read of a large one."""
    folder = Path(path)
    manifest = _manifest(folder)
    names = [name for name in _COLUMNS if name != "summary.parquet"]
    design, kpis, failures = (_table(folder, name, _COLUMNS[name], manifest, None) for name in names)
    store = Store(folder, manifest, design, kpis, pd.DataFrame(columns=list(_COLUMNS["summary.parquet"])), failures)
    _agree(store)
    return store


def json_of(file: Path) -> dict[str, Any]:
    """The keys of a JSON file, none where it holds anything else; `StoreError` if it is no JSON."""
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise StoreError(f"{file.parent}: {file.name} is not valid JSON ({error})") from error
    return content if isinstance(content, dict) else {}


def _manifest(folder: Path) -> dict[str, Any]:
    """The manifest, with the keys that a page cannot do without."""
    file = folder / "manifest.json"
    if not file.is_file():
        raise StoreError(f"{folder}: manifest.json is missing, so this is not a complete store")
    given = json_of(file)
    if given.get("format", FORMAT) != FORMAT:
        raise StoreError(f"{folder}: the store has format {given['format']!r}, and this version reads {FORMAT} only")
    if lacking := [key for key in _MANIFEST if key not in given]:
        raise StoreError(f"{folder}: manifest.json lacks {', '.join(lacking)}")
    return given


def _table(
    folder: Path,
    name: str,
    columns: tuple[str, ...],
    manifest: Mapping[str, Any],
    rows: list[tuple[str, str, Any]] | None,
) -> pd.DataFrame:
    """One Parquet table, checked against its checksum and its columns; ``rows`` is a filter in pyarrow's form."""
    file = folder / name
    if not file.is_file():
        raise StoreError(f"{folder}: {name} is missing, so this is not a complete store")
    expected = str((manifest.get("parts") or {}).get(name, "")).removeprefix("sha256:")
    if expected and hashlib.sha256(file.read_bytes()).hexdigest() != expected:
        raise StoreError(f"{folder}: {name} does not match its checksum in manifest.json")
    try:
        have = pq.read_schema(file).names
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder}: {name} cannot be read as Parquet ({error})") from error
    if lacking := [column for column in columns if column not in have]:
        raise StoreError(f"{folder}: {name} lacks the column {', '.join(lacking)}")
    try:
        return pd.read_parquet(file, filters=rows)
    except (OSError, ValueError) as error:
        raise StoreError(f"{folder}: {name} cannot be read as Parquet ({error})") from error


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
