"""One design point of a sweep: its runs simulated, reduced to KPIs and daily quantiles, written as the store's parts.

A chunk runs anywhere: in this process or, with others of its structure, in a Ray worker. It writes its own files, each
whole or not at all, and returns a receipt. A trajectory that fails becomes a row with its seed, parameters and
traceback; the others of its batch are run again without it.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.engines.ensemble import execute
from experiments.parquet import write_parquet
from experiments.plan import Plan, aggregate
from experiments.text_files import write_text
from model.arrays import Array
from model.economy import Economy

BATCH = 256
"""Trajectories at once: large enough to spread the cost of a call, small enough for the cache."""

THIN_DAYS = 7
LEVELS = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}


def run_chunk(plan: Plan, index: int, folder: Path) -> dict[str, Any]:
    """Simulate and write design point `index`; the receipt counts its trajectories and failures."""
    return write_point(plan, index, folder, *simulate_point(plan, index, range(plan.runs)))


def run_group(plan: Plan, indices: list[int], folder: Path) -> list[dict[str, Any]]:
    """Several design points of one structure in one batch, each written as by `run_chunk`; their receipts.

    The numbers are the same: a trajectory does not depend on its batch. Where one fails, each point is run alone.
    """
    runs = list(range(plan.runs))
    economies = [plan.economy(index, run) for index in indices for run in runs]
    try:
        record = execute(economies, plan.seed, runs * len(indices), plan.metrics)["record"]
    except Exception:
        return [run_chunk(plan, index, folder) for index in indices]
    parts = [record[..., place * len(runs) : (place + 1) * len(runs)] for place in range(len(indices))]
    return [write_point(plan, index, folder, part, runs, []) for index, part in zip(indices, parts, strict=True)]


def write_point(
    plan: Plan, index: int, folder: Path, record: np.ndarray, runs: list[int], failures: list[dict[str, Any]]
) -> dict[str, Any]:
    """Write a design point's record `(days + 1, metrics, trajectories)` as parts of a store; its receipt."""
    frames = {"failures": pd.DataFrame(failures, columns=["design", "run", "seed", "parameters", "error", "traceback"])}
    frames["failures"]["design"] = index
    frames["kpis"] = _kpis(plan, index, record, runs)
    frames["summary"] = _summary(plan, index, record)
    for name, frame in frames.items():
        write_parquet(frame, folder / "chunks" / f"{index:05d}.{name}.parquet")
    if plan.keep in ("thin", "full"):
        write_parquet(_trajectories(plan, index, record, runs), folder / "trajectories" / f"part-{index:05d}.parquet")
    receipt = {"design": index, "trajectories": len(runs), "failures": len(failures)}
    write_text(folder / "chunks" / f"{index:05d}.json", json.dumps(receipt))
    return receipt


def point_kpis(plan: Plan, index: int, runs: range) -> pd.DataFrame:
    """The KPIs of some runs of a design point, nothing else of them; those that fail are left out."""
    judged = replace(plan, metrics=tuple(dict.fromkeys(kpi.metric for kpi in plan.kpis)))
    record, kept, _ = simulate_point(judged, index, runs)
    return _kpis(judged, index, record, kept)


def simulate_point(plan: Plan, index: int, asked: range) -> tuple[np.ndarray, list[int], list[dict[str, Any]]]:
    """Record `(days + 1, metrics, trajectories)`, the runs in it, and a row for each run that failed."""
    records, kept, failures = [_empty(plan)], [], []
    for start in range(asked.start, asked.stop, BATCH):
        runs = list(range(start, min(start + BATCH, asked.stop)))
        for record, good, bad in _attempt(plan, index, runs):
            records.append(record)
            kept += good
            failures += bad
    return np.concatenate(records, axis=-1), kept, failures


def _attempt(plan: Plan, index: int, runs: list[int]) -> list[tuple[np.ndarray, list[int], list[dict[str, Any]]]]:
    """A batch; where it fails, its halves, down to the run that does."""
    economies = [plan.economy(index, run) for run in runs]
    try:
        return [(execute(economies, plan.seed, runs, plan.metrics)["record"], runs, [])]
    except Exception as error:
        if len(runs) == 1:
            return [(_empty(plan), [], [_failure(economies[0], plan, runs[0], error)])]
        half = len(runs) // 2
        return [*_attempt(plan, index, runs[:half]), *_attempt(plan, index, runs[half:])]


def _empty(plan: Plan) -> np.ndarray:
    return np.empty((plan.days + 1, len(plan.metrics), 0))


def _failure(economy: Economy, plan: Plan, run: int, error: Exception) -> dict[str, Any]:
    return {
        "design": -1,
        "run": run,
        "seed": plan.seed,
        "parameters": economy.parameters.model_dump_json(),
        "error": f"{type(error).__name__}: {error}",
        "traceback": "".join(traceback.format_exception(error)),
    }


def _kpis(plan: Plan, index: int, record: np.ndarray, runs: Sequence[int]) -> pd.DataFrame:
    place = {name: i for i, name in enumerate(plan.metrics)}
    columns = {kpi.name: aggregate(kpi, record[:, place[kpi.metric]]) for kpi in plan.kpis}
    return pd.DataFrame(
        {"design": np.full(len(runs), index, dtype=np.int32), "run": np.asarray(runs, np.int32), **columns}
    )


def _summary(plan: Plan, index: int, record: np.ndarray) -> pd.DataFrame:
    """Mean and quantiles over runs, one row a metric and day."""
    days, metrics, runs = record.shape
    if runs == 0:
        days = 0
    flat = np.sort(record.transpose(1, 0, 2)[:, :days].reshape(metrics * days, runs), axis=-1)
    columns = {name: _quantile(flat, level) for name, level in LEVELS.items()}
    return pd.DataFrame(
        {
            "design": np.full(metrics * days, index, dtype=np.int32),
            "day": np.tile(np.arange(days, dtype=np.int32), metrics),
            "metric": pd.Categorical(
                np.repeat(np.asarray(plan.metrics, dtype=object), days), categories=list(plan.metrics)
            ),
            "n": np.full(metrics * days, runs, dtype=np.int32),
            "mean": flat.mean(axis=-1) if days else np.empty(0),
            **columns,
        }
    )


def _quantile(ordered: Array, level: float) -> np.ndarray:
    """Linear interpolation between order statistics, as `numpy.quantile`, of rows that are sorted already."""
    if not ordered.size:
        return np.empty(len(ordered))
    place = level * (ordered.shape[-1] - 1)
    below = int(place)
    above = min(below + 1, ordered.shape[-1] - 1)
    lower: np.ndarray = ordered[:, below]
    return lower + (place - below) * (ordered[:, above] - lower)


def _trajectories(plan: Plan, index: int, record: np.ndarray, runs: Sequence[int]) -> pd.DataFrame:
    """One row a run and kept day: every day, or every seventh counted back from the last."""
    last = record.shape[0] - 1
    days = np.arange(last + 1) if plan.keep == "full" else np.arange(last % THIN_DAYS, last + 1, THIN_DAYS)
    kept = record[days].transpose(2, 0, 1).reshape(len(runs) * len(days), len(plan.metrics))
    keys = {
        "design": np.full(len(kept), index, dtype=np.int32),
        "run": np.repeat(np.asarray(runs, dtype=np.int32), len(days)),
        "day": np.tile(days.astype(np.int32), len(runs)),
    }
    return pd.DataFrame({**keys, **dict(zip(plan.metrics, kept.T.astype(np.float32), strict=True))})
