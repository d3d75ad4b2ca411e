"""A design point whose runs were simulated in several chunks: its quantiles and trajectories, out of the chunks' days.

Only some metrics, days or runs are in memory at a time. The rows are those of a whole chunk, digit for digit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from experiments.inputs.plan import Plan
from experiments.storage.folder import Folder
from experiments.storage.parquet import read_table, write_stream
from experiments.sweeps.chunk import RUNS, file_metadata, kept_days, summary_frame, trajectories_part
from experiments.sweeps.progress import CHUNKS

HELD_BYTES = 2**27
"""Bytes of days in memory at a time; with what is made of them some three times that."""


@dataclass(frozen=True)
class SplitPoint:
    """A design point and the parts that have days of it, in the order of their runs."""

    design: int
    parts: tuple[str, ...]


def merge_runs(plan: Plan, folder: Folder, point: SplitPoint) -> dict[str, str]:
    """Write a design point's quantiles and trajectories; the parts with their SHA-256."""
    name = f"{CHUNKS}/point-{point.design:05d}.summary.parquet"
    runs = sorted(run for part in point.parts for run in _runs(plan, folder, point.design, part))
    found = {name: _write(plan, folder, name, _summaries(plan, folder, point, len(runs)))}
    if plan.keep in ("thin", "full"):
        part = trajectories_part(point.design)
        rows = RUNS * len(kept_days(plan))
        found[part] = _write(plan, folder, part, _trajectories(plan, folder, point), rows)
    return found


def _write(plan: Plan, folder: Folder, name: str, frames: Iterator[pd.DataFrame], *rows: int) -> str:
    first = pa.Table.from_pandas(next(frames), preserve_index=False)

    def batches() -> Iterator[pa.RecordBatch]:
        yield from first.to_batches()
        for frame in frames:
            yield from pa.Table.from_pandas(frame, schema=first.schema, preserve_index=False).to_batches()

    return write_stream(batches(), first.schema, folder, name, file_metadata(plan), *rows)


def _runs(plan: Plan, folder: Folder, design: int, part: str) -> list[int]:
    """The runs of a design point in a part that count: with stopping rules there may be more than were asked for."""
    frame = read_table(folder, part, ["run"], [("design", "==", design), ("day", "==", 0), ("run", "<", plan.runs)])
    return [int(run) for run in frame["run"]]


def _summaries(plan: Plan, folder: Folder, point: SplitPoint, runs: int) -> Iterator[pd.DataFrame]:
    """Quantiles, a few metrics at a time, or one metric a few days at a time."""
    names, days = list(plan.metrics), plan.days + 1
    together = max(1, HELD_BYTES // max(1, 8 * runs * days))
    step = days if 8 * runs * days <= HELD_BYTES else max(1, HELD_BYTES // (8 * runs))
    for start in range(0, len(names), together):
        chosen = names[start : start + together]
        for first in range(0, days, step):
            some = range(first, min(first + step, days))
            record = _record(plan, folder, point, chosen, some)
            frame = summary_frame(chosen, point.design, first, record)
            frame["metric"] = pd.Categorical(frame["metric"].astype(object), categories=names)
            yield frame


def _record(plan: Plan, folder: Folder, point: SplitPoint, metrics: Sequence[str], days: range) -> NDArray[Any]:
    """Some metrics of some days of every run, `(days, metrics, runs)`."""
    which = [("design", "==", point.design), ("day", ">=", days.start), ("day", "<", days.stop)]
    frames = [
        read_table(folder, part, list(metrics), [*which, ("run", "<", plan.runs)])[list(metrics)].to_numpy()
        for part in point.parts
    ]
    blocks = [frame.reshape(len(days), -1, len(metrics)).transpose(0, 2, 1) for frame in frames if len(frame)]
    return np.concatenate([np.empty((len(days), len(metrics), 0)), *blocks], axis=-1)


def _trajectories(plan: Plan, folder: Folder, point: SplitPoint) -> Iterator[pd.DataFrame]:
    """Kept days by run, one part's after another's."""
    days = [int(day) for day in kept_days(plan)]
    which = [("design", "==", point.design), ("day", "in", days), ("run", "<", plan.runs)]
    for part in point.parts:
        frame = read_table(folder, part, ["run", "day", *plan.metrics], which)
        frame = frame.sort_values(["run", "day"], ignore_index=True)
        keys = {
            "design": np.full(len(frame), point.design, dtype=np.int32),
            "run": frame["run"].to_numpy(np.int32),
            "day": frame["day"].to_numpy(np.int32),
        }
        yield pd.DataFrame(keys | {name: frame[name].to_numpy(np.float32) for name in plan.metrics})
