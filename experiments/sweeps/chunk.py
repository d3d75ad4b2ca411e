"""One chunk of a sweep: its trajectories simulated, reduced to KPIs and daily quantiles, written as parts of the store.

A chunk runs anywhere: in this process or, with others, in a Ray worker. It writes its own files, each whole or not at
all, and then its record. A trajectory that fails becomes a row with its seed, parameters and traceback; the others of
its batch are run again without it. Where a design point's runs are spread over chunks, its days are kept for
`experiments/sweeps/merge_runs.py`, which makes of them what a whole chunk makes at once.
"""

from __future__ import annotations

import os
import re
import socket
import sys
import sysconfig
import time
import traceback
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.engines import compiled, device
from experiments.engines.ensemble import execute
from experiments.inputs.plan import Plan, aggregate_days
from experiments.storage.folder import Folder
from experiments.storage.parquet import write_parquet
from experiments.storage.version import HERE, code_version
from experiments.sweeps.progress import CHUNKS, Chunk, ChunkRecord
from model.flows import LEDGER

THIN_DAYS = 7
LEVELS = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}

FAILURE = {"design": "int32", "run": "int32", "seed": "int64", "parameters": str, "error": str, "traceback": str}
"""Columns of a failed trajectory."""

RUNS = 64
"""Runs of a row group of trajectories, where none failed."""

Trajectories = list[tuple[int, int]]
"""Design point and run of each."""


def run_chunk(plan: Plan, folder: Folder, chunk: Chunk) -> ChunkRecord:
    """Simulate and write a chunk; its record is in the store when this returns."""
    start = time.perf_counter()
    record, moved, kept, failures = simulate_chunk(plan, chunk.trajectories)
    return write_chunk(plan, folder, chunk, record, moved, kept, failures, start)


def simulate_chunk(
    plan: Plan, asked: Trajectories
) -> tuple[NDArray[Any], NDArray[Any], Trajectories, list[dict[str, Any]]]:
    """Record `(days + 1, metrics, trajectories)`, what flows moved, the trajectories in both, a row for each failure.

    A batch that fails is halved, down to the trajectory that does.
    """
    records, kept, failures = [], [], []
    moved = [np.empty((len(LEDGER.flows), 0))]
    waiting = [asked]
    while waiting:
        batch = waiting.pop()
        outcome, error = _attempt(plan, batch)
        if outcome is not None:
            records.append(outcome["record"])
            moved.append(outcome["moved"])
            kept += batch
        elif len(batch) == 1:
            failures.append(failure_row(plan, *batch[0], error))
        else:
            half = len(batch) // 2
            waiting += [batch[half:], batch[:half]]
    if len(records) == 1:
        return records[0], moved[-1], kept, failures
    empty = np.empty((plan.days + 1, len(plan.metrics), 0))
    return np.concatenate([empty, *records], axis=-1), np.concatenate(moved, axis=-1), kept, failures


def _attempt(plan: Plan, batch: Trajectories) -> tuple[dict[str, Any] | None, Exception]:
    """What came of a batch, or the error that it ended with."""
    economies = [plan.economy(design, run) for design, run in batch]
    simulated = compiled.execute_compiled if plan.engine == "jax" else execute
    try:
        return simulated(economies, plan.seed, [run for _, run in batch], plan.metrics), Exception()
    except MemoryError as error:
        if len(batch) == 1:
            raise
        return None, error
    except Exception as error:
        return None, error


def failure_row(plan: Plan, design: int, run: int, error: Exception) -> dict[str, Any]:
    """The row of a trajectory that failed."""
    return {
        "design": design,
        "run": run,
        "seed": plan.seed,
        "parameters": plan.economy(design, run).parameters.model_dump_json(),
        "error": unhoused(f"{type(error).__name__}: {error}"),
        "traceback": unhoused("".join(traceback.format_exception(error))),
    }


def unhoused(text: str) -> str:
    """An error's text without the folders of whoever ran it: a file is named from its project or library on."""
    roots = sorted({str(HERE), *sys.path, *sysconfig.get_paths().values()} - {"", os.sep}, key=len, reverse=True)

    def inside(path: re.Match[str]) -> str:
        root = next((root for root in roots if path[0].startswith(root + os.sep)), os.path.dirname(path[0]))
        return path[0][len(root) + 1 :]

    named, home = re.sub(r'(?<=File ")/[^"\n]+', inside, text), os.path.expanduser("~")
    return named.replace(home, "~") if len(home) > 1 else named


def write_chunk(
    plan: Plan,
    folder: Folder,
    chunk: Chunk,
    record: NDArray[Any],
    moved: NDArray[Any] | None,
    kept: Trajectories,
    failures: list[dict[str, Any]],
    start: float,
) -> ChunkRecord:
    """Write parts of a store from metrics `(days + 1, metrics, trajectories)` and what flows moved, then the chunk's
    record.
    """
    about, parts = file_metadata(plan), {}

    def put(name: str, frame: pd.DataFrame, rows: int | None = None) -> None:
        parts[name] = write_parquet(frame, folder, name, about, *(() if rows is None else (rows,)))

    place = f"{CHUNKS}/{chunk.name}"
    put(f"{place}.kpis.parquet", kpi_rows(plan, record, kept))
    if moved is not None:
        put(f"{place}.flows.parquet", flow_frame(moved, kept))
    put(f"{place}.failures.parquet", pd.DataFrame(failures, columns=list(FAILURE)).astype(FAILURE))
    if plan.keep != "kpis" and not chunk.whole:
        put(f"{place}.daily.parquet", daily_frame(plan, record, kept))
    if plan.keep != "kpis" and chunk.whole:
        mine = {design: [i for i, (other, _) in enumerate(kept) if other == design] for design in chunk.designs}
        tables = [summary_frame(plan.metrics, design, 0, record[..., place]) for design, place in mine.items()]
        put(f"{place}.summary.parquet", pd.concat(tables, ignore_index=True))
        for design, places in mine.items() if plan.keep in ("thin", "full") else ():
            runs = [kept[i][1] for i in places]
            rows = RUNS * len(kept_days(plan))
            put(trajectories_part(design), trajectory_frame(plan, design, record[..., places], runs), rows)
    seconds = time.perf_counter() - start
    where = (socket.gethostname(), os.getpid(), code_version(), device.hardware(plan.engine))
    done = ChunkRecord(chunk, len(kept), len(failures), seconds, time.time(), *where, plan.digest, parts)
    done.write(folder)
    return done


def trajectories_part(design: int) -> str:
    """The file of a design point's trajectories."""
    return f"trajectories/part-{design:05d}.parquet"


def file_metadata(plan: Plan) -> dict[str, str]:
    """What every Parquet file of a store says of where it comes from."""
    return {"experiment": plan.digest, "code_version": code_version(), "seed": str(plan.seed)}


def kpi_rows(plan: Plan, record: NDArray[Any], kept: Trajectories) -> pd.DataFrame:
    """One row a trajectory. Each is reduced by itself, so that its last digit does not depend on those beside it."""
    place = {name: i for i, name in enumerate(plan.metrics)}
    columns = {}
    for kpi in plan.kpis:
        series = np.ascontiguousarray(record[:, place[kpi.metric]].T)
        columns[kpi.name] = np.array([aggregate_days(kpi, days[:, None])[0] for days in series], dtype=float)
    keys = np.array(kept, dtype=np.int32).reshape(-1, 2)
    return pd.DataFrame({"design": keys[:, 0], "run": keys[:, 1], **columns})


def flow_frame(moved: NDArray[Any], kept: Trajectories) -> pd.DataFrame:
    """One row a trajectory: what each flow of the ledger moved over all days, QUIV."""
    keys = np.array(kept, dtype=np.int32).reshape(-1, 2)
    return pd.DataFrame({"design": keys[:, 0], "run": keys[:, 1], **dict(zip(LEDGER.flows, moved, strict=True))})


def summary_frame(metrics: Sequence[str], design: int, first: int, record: NDArray[Any]) -> pd.DataFrame:
    """Mean and quantiles over runs, one row a metric and day; the record's days start with day `first`.

    Runs are sorted before they are averaged, so their order changes no digit.
    """
    days, count, runs = record.shape
    if runs == 0:
        days = 0
    flat = np.sort(record.transpose(1, 0, 2)[:, :days].reshape(count * days, runs), axis=-1)
    columns = {name: _quantile(flat, level) for name, level in LEVELS.items()}
    return pd.DataFrame(
        {
            "design": np.full(count * days, design, dtype=np.int32),
            "day": np.tile(np.arange(first, first + days, dtype=np.int32), count),
            "metric": pd.Categorical.from_codes(np.repeat(np.arange(count), days), categories=list(metrics)),
            "n": np.full(count * days, runs, dtype=np.int32),
            "mean": flat.mean(axis=-1) if days else np.empty(0),
            **columns,
        }
    )


def _quantile(ordered: NDArray[Any], level: float) -> NDArray[Any]:
    """Linear interpolation between order statistics, as `numpy.quantile`, of rows that are sorted already."""
    if not ordered.size:
        return np.empty(len(ordered))
    place = level * (ordered.shape[-1] - 1)
    below = int(place)
    above = min(below + 1, ordered.shape[-1] - 1)
    lower = ordered[:, below]
    found: NDArray[Any] = lower + (place - below) * (ordered[:, above] - lower)
    return found


def kept_days(plan: Plan) -> NDArray[Any]:
    """Days of trajectories that a plan keeps."""
    return days_kept(plan.keep, plan.days)


def days_kept(keep: str, days: int) -> NDArray[Any]:
    """Days of trajectories that are kept: every one, or every seventh counted back from the last."""
    return np.arange(days + 1) if keep == "full" else np.arange(days % THIN_DAYS, days + 1, THIN_DAYS)


def trajectory_frame(plan: Plan, design: int, record: NDArray[Any], runs: Sequence[int]) -> pd.DataFrame:
    """One row a run and kept day."""
    days = kept_days(plan)
    kept = record[days].transpose(2, 0, 1).reshape(len(runs) * len(days), len(plan.metrics))
    keys = {
        "design": np.full(len(kept), design, dtype=np.int32),
        "run": np.repeat(np.asarray(runs, dtype=np.int32), len(days)),
        "day": np.tile(days.astype(np.int32), len(runs)),
    }
    return pd.DataFrame({**keys, **dict(zip(plan.metrics, kept.T.astype(np.float32), strict=True))})


def daily_frame(plan: Plan, record: NDArray[Any], kept: Trajectories) -> pd.DataFrame:
    """Every day as it was recorded, one row a design point, day and run in this order."""
    days = len(record)
    designs = [design for design, _ in kept]
    frames = []
    for design in dict.fromkeys(designs):
        mine = [i for i, other in enumerate(designs) if other == design]
        rows = record[..., mine].transpose(1, 0, 2).reshape(len(plan.metrics), days * len(mine))
        keys = {
            "design": np.full(days * len(mine), design, dtype=np.int32),
            "day": np.repeat(np.arange(days, dtype=np.int32), len(mine)),
            "run": np.tile(np.array([kept[i][1] for i in mine], dtype=np.int32), days),
        }
        frames.append(pd.DataFrame(keys | dict(zip(plan.metrics, rows, strict=True))))
    columns = {"design": np.int32, "day": np.int32, "run": np.int32} | dict.fromkeys(plan.metrics, np.float64)
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(columns)).astype(columns)
