"""Status of a sweep, from its store, whether a process works on it or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from experiments.errors import RequestError
from experiments.storage.folder import Folder
from experiments.storage.lock import holder
from experiments.storage.parquet import read_table
from experiments.sweeps.manifest import MANIFEST, read_manifest, store_faults
from experiments.sweeps.plan_file import read_plan, read_plan_data
from experiments.sweeps.progress import ChunkRecord, chunk_records, examined_records

FAILURES = "failures.parquet"


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
    records = chunk_records(folder)
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
    """Design point, run and error of each failed trajectory, in order, of a finished store or an unfinished one.

    RequestError where the file that says so is not as it was written.
    """
    found: list[tuple[int, int, str]] = []
    for name, digest in _failure_tables(folder).items():
        if fault := folder.fault(name, digest):
            raise RequestError(f"{folder}: {name} {fault}; the same quiver-sim sweep makes it again")
        rows = read_table(folder, name, ["design", "run", "error"])
        found += [(int(design), int(run), str(error)) for design, run, error in rows.itertuples(index=False)]
    return sorted(found)


def _failure_tables(folder: Folder) -> dict[str, str]:
    """The files with failures, by their digest."""
    if folder.exists(MANIFEST):
        return {FAILURES: read_manifest(folder)["parts"].get(FAILURES, "")}
    return {
        name: record.parts[name]
        for record in chunk_records(folder)
        if record.failures
        for name in record.pieces("failures")
    }


def damaged_files(folder: Folder) -> dict[str, str]:
    """What is wrong with the files of a store, finished or not, by name, in words; none where all is well."""
    if folder.exists(MANIFEST):
        return store_faults(folder, read_manifest(folder))
    return {name: fault for name, _, fault in examined_records(read_plan(folder), folder) if fault}
