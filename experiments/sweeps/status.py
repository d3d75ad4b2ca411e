"""Status of a sweep, from its store, whether a process works on it or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.errors import RequestError
from experiments.storage.folder import Folder
from experiments.storage.lock import holder, nothing
from experiments.storage.sql import fetch_rows
from experiments.sweeps.finish import MANIFEST
from experiments.sweeps.plan_file import read_plan_data
from experiments.sweeps.progress import ChunkRecord, read_chunk_records
from experiments.sweeps.run import read_manifest

FAILED = "SELECT design, run, error FROM {} ORDER BY design, run"


@dataclass(frozen=True)
class SweepStatus:
    """A sweep's `state` is `running`, `stopped` or `finished`; `done` of `total` trajectories, `failures` of them.

    `rate` is in trajectories a second and `eta` in seconds, with the `workers` that are at work or were last said to
    be; both are None where there is nothing to judge by. `holder` is who works on it.
    """

    state: str
    done: int
    total: int
    failures: int
    rate: float | None
    eta: float | None
    workers: int | None
    holder: dict[str, Any] | None


def sweep_status(folder: Folder) -> SweepStatus:
    """Status of the sweep of a store; RequestError where there is none."""
    if folder.exists(MANIFEST):
        counts = read_manifest(folder)["counts"]
        done = counts["trajectories"] + counts["failures"]
        return SweepStatus("finished", done, done, counts["failures"], None, None, None, None)
    if not folder.exists():
        raise RequestError(f"{folder}: no such folder; allowed: the store of a sweep")
    plan, who = read_plan_data(folder), holder(folder)
    records = read_chunk_records(folder, nothing, check=False)
    done, total = sum(record.count for record in records), len(plan["points"]) * plan["runs"]
    workers = max(1, (who or {}).get("workers") or 1)
    rate = _rate(records, workers)
    eta = (total - done) / rate if rate and who else None
    failures = sum(record.failures for record in records)
    return SweepStatus("running" if who else "stopped", done, total, failures, rate, eta, workers if who else None, who)


def _rate(records: list[ChunkRecord], workers: int) -> float | None:
    """Trajectories a second of so many workers, by what chunks took."""
    seconds = sum(record.seconds for record in records)
    return workers * sum(record.count for record in records if record.seconds) / seconds if seconds else None


def failed_trajectories(folder: Folder) -> list[tuple[int, int, str]]:
    """Design point, run and error of each failed trajectory, in order, of a finished store or an unfinished one."""
    if folder.exists(MANIFEST):
        names = ["failures.parquet"]
    else:
        records = read_chunk_records(folder, nothing, check=False)
        names = [name for record in records if record.failures for name in record.pieces("failures")]
    return [(design, run, error) for design, run, error in fetch_rows(folder, names, FAILED)] if names else []
