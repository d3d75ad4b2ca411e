"""Sweeps: a plan's trajectories simulated chunk by chunk, in this process or by Ray, and merged into a store.

A store that is begun is resumed: what has a record, and parts that are as they were written, is not run again. It is
finished when its manifest is there. A plan with stopping rules is simulated in blocks of runs until they hold.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from experiments.engines import device
from experiments.errors import RequestError, StoppedError
from experiments.inputs.plan import Plan
from experiments.inputs.stopping import run_batches, stopping_decision
from experiments.storage.document import DamagedError, read_document, write_document
from experiments.storage.folder import NO_FILE, Folder
from experiments.storage.lock import NAME as LOCK
from experiments.storage.lock import locked, nothing
from experiments.storage.parquet import read_footer, read_table
from experiments.storage.version import code_version
from experiments.sweeps.chunk import run_chunk, trajectories_part, write_chunk
from experiments.sweeps.finish import ORDER, finish, kpis_so_far, write_table
from experiments.sweeps.manifest import MANIFEST, read_manifest, store_faults
from experiments.sweeps.plan_file import NAME as PLAN
from experiments.sweeps.plan_file import plan_differs, read_plan, read_plan_data, write_plan
from experiments.sweeps.progress import CHUNKS, Chunk, ChunkRecord, chunk_records, divide, sound_records
from experiments.sweeps.workers import Workers, cores, open_workers

Progress = Callable[[int, int], None]
Tell = Callable[[str], None]

SMALL_WORK = 200_000
"""Trajectory-days below which starting Ray takes longer than it saves."""

FEW_FAILURES = 20
"""Failures that any sweep may have; a large one may have a hundredth of its trajectories."""

DECISION = f"{CHUNKS}/decision.json"
OUT = "results"


def run_sweep(
    plan: Plan,
    out: Path | str | None = None,
    workers: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
    *,
    address: str | None = None,
    max_failures: int | None = None,
    tell: Tell = nothing,
) -> Path | str:
    """Simulate a plan into a store below `out` (default `results/`, or an address); the store's folder.

    `workers` 0 runs in this process, more by Ray; None chooses. `address` is that of a Ray cluster, whose nodes must
    see the store under the same name. With more than `max_failures` failed trajectories (default: 20, or one in a
    hundred if that is more) the sweep stops, and can be resumed. `progress(done, total)` counts trajectories; `tell`
    is told in a sentence what a user should know.
    """
    if workers is not None and workers < 0:
        raise RequestError(f"workers is {workers}; a whole number from 0 is needed")
    folder = store_folder(plan, out)
    if not fresh and finished(plan, folder) and not faults_of(plan, folder):
        tidy(folder)
        return folder.place
    with locked(folder, workers, tell):
        if not fresh and folder.exists(MANIFEST):
            mend(plan, folder, tell)
        begin(plan, folder, fresh, tell)
        if not folder.exists(MANIFEST):
            _Sweep(plan, folder, max_failures, progress or _unseen, tell).run(workers, address)
    return folder.place


def retry_failed(
    store: Path | str,
    workers: int | None = None,
    progress: Progress | None = None,
    *,
    address: str | None = None,
    max_failures: int | None = None,
    tell: Tell = nothing,
) -> int:
    """Run the failed trajectories of a store again, and what else it lacks; how many had failed.

    Where a design point's days are not kept, all its runs are simulated again, as its quantiles need them.
    """
    folder = Folder.at(store)
    same_code(folder, read_plan_data(folder))
    plan = read_plan(folder)
    with locked(folder, workers, tell):
        if folder.exists(MANIFEST):
            failed = _reopen_failed(plan, folder, tell)
            if folder.exists(MANIFEST):
                folder.remove(CHUNKS)
                return 0
        else:
            bad = [record for record in sound_records(plan, folder, tell) if record.failures]
            failed = sum(record.failures for record in bad)
            for record in bad:
                folder.remove(record.file)
        begin(plan, folder, fresh=False, tell=tell)
        _Sweep(plan, folder, max_failures, progress or _unseen, tell).run(workers, address)
    return failed


def _reopen_failed(plan: Plan, folder: Folder, tell: Tell) -> int:
    """Reopen a finished store for what failed and what is damaged, if anything is; how many had failed."""
    found = read_manifest(folder)
    _compare(plan, folder, found, "finished")
    faults = store_faults(folder, found)
    if PLAN in faults:
        raise RequestError(f"{folder / PLAN} {faults[PLAN]}; the same quiver-sim sweep makes it again")
    _tell_of(faults, folder, tell)
    failed = [] if "failures.parquet" in faults else read_table(folder, "failures.parquet", ["design"])["design"]
    if faults or len(failed):
        reopen(plan, folder, _to_run(plan, faults) | {int(design) for design in failed})
    return len(failed)


def write_store(plan: Plan, out: Path | str, record: NDArray[Any]) -> Path | str:
    """The store of a plan of one design point from its record `(days + 1, metrics, runs)`, in place of an older one."""
    folder, start = store_folder(plan, out), time.perf_counter()
    with locked(folder):
        begin(plan, folder, fresh=True)
        chunk = Chunk((0,), 0, plan.runs, whole=True)
        finish(
            plan, folder, [write_chunk(plan, folder, chunk, record, None, chunk.trajectories, [], start)], Workers(0)
        )
    return folder.place


def store_folder(plan: Plan, out: Path | str | None) -> Folder:
    """Where a plan's store is."""
    return Folder.at(OUT if out is None else out) / plan.folder


def finished(plan: Plan, folder: Folder) -> bool:
    """Whether the plan's store is finished; RequestError where it is another's or its manifest is damaged."""
    if not folder.exists(MANIFEST):
        return False
    _compare(plan, folder, read_manifest(folder), "finished")
    return True


def faults_of(plan: Plan, folder: Folder) -> dict[str, str]:
    """What is wrong with the files of a finished store whose plan is at hand, by name, in words."""
    faults = store_faults(folder, read_manifest(folder))
    if PLAN not in faults and (fault := plan_differs(plan, folder)):
        faults[PLAN] = fault
    return faults


def tidy(folder: Folder) -> None:
    """Remove what a process that was killed has left in a finished store, unless another is at work there."""
    if folder.exists(CHUNKS) or folder.exists(LOCK) or folder.partial():
        with contextlib.suppress(RequestError), locked(folder):
            folder.sweep_up()
            folder.remove(CHUNKS)


def mend(plan: Plan, folder: Folder, tell: Tell) -> None:
    """Make the plan of a finished store again if it is damaged, and reopen the store for what else is."""
    faults = faults_of(plan, folder)
    _tell_of(faults, folder, tell)
    if PLAN in faults:
        write_plan(replace(plan, text=read_manifest(folder).get("experiment", plan.text)), folder)
        faults = faults_of(plan, folder)
    if faults:
        reopen(plan, folder, _to_run(plan, faults))


def _tell_of(faults: Mapping[str, str], folder: Folder, tell: Tell) -> None:
    """Tell what is made again; RequestError, before anything is changed, where a folder is in the place of a file."""
    for name, fault in faults.items():
        if fault == NO_FILE:
            raise RequestError(f"{folder / name} {fault}; move it away, and the same quiver-sim sweep makes it again")
        tell(f"{folder / name} {fault}; it is made again")


def _to_run(plan: Plan, faults: Mapping[str, str]) -> set[int]:
    """The design points that must be simulated again for files that are damaged; none for the plan."""
    every = range(len(plan.points))
    mine = {trajectories_part(design): {design} for design in every} | {PLAN: set()}
    return {design for name in faults for design in mine.get(name, every)}


def begin(plan: Plan, folder: Folder, fresh: bool, tell: Tell = nothing) -> None:
    """Mark the folder as the plan's, or find it begun by this code for this plan; else RequestError.

    A plan that is damaged, or is not that of the experiment at hand, is made again; chunks have records of their own.
    """
    if fresh:
        _clear(folder)
    folder.sweep_up()
    if folder.exists(MANIFEST):
        _compare(plan, folder, read_manifest(folder), "finished")
        folder.remove(CHUNKS)
        return
    if folder.exists(PLAN):
        with contextlib.suppress(DamagedError):
            _compare(plan, folder, read_plan_data(folder), "begun")
        if fault := plan_differs(plan, folder):
            tell(f"{folder / PLAN} {fault}; it is made again")
    write_plan(plan, folder)


def done_so_far(plan: Plan, out: Path | str | None = None) -> int | None:
    """How many trajectories of a plan its store holds already; None where it is finished."""
    folder = store_folder(plan, out)
    if finished(plan, folder):
        return None
    return sum(record.count for record in chunk_records(folder))


def schedule(plan: Plan, workers: int | None = None) -> tuple[int, list[Chunk]]:
    """The workers that a whole sweep of a plan would use, and its chunks."""
    used = _workers(plan, workers, [])
    return used, [chunk for block in run_batches(plan.stopping, plan.runs) for chunk in divide(plan, block, [], used)]


def reopen(plan: Plan, folder: Folder, again: set[int]) -> None:
    """Make a finished store one that is begun, in which only some design points are still to be run."""
    found = read_manifest(folder)
    kept = tuple(design for design in range(len(plan.points)) if design not in again)
    plan = replace(plan, runs=(found.get("stopping") or {"runs": plan.runs})["runs"])
    folder.remove(CHUNKS)
    if found.get("stopping"):
        write_document(folder, DECISION, found["stopping"])
    if kept:
        chunk, parts = Chunk(kept, 0, plan.runs, whole=True), {}
        others = f"design IN ({', '.join(map(str, kept))})"
        for table in (table for table in ORDER if f"{table}.parquet" in found["parts"]):
            name = f"{CHUNKS}/{chunk.name}.{table}.parquet"
            parts[name] = write_table(plan, folder, table, [f"{table}.parquet"], others, name)
        mine = [trajectories_part(design) for design in kept]
        parts |= {name: found["parts"][name] for name in mine if name in found["parts"]}
        failures = read_footer(folder, f"{CHUNKS}/{chunk.name}.failures.parquet")[0].num_rows
        done = len(kept) * plan.runs - failures
        ChunkRecord(chunk, done, failures, code=code_version(), experiment=plan.digest, parts=parts).write(folder)
    if not folder.exists(PLAN):
        write_plan(plan, folder)
    folder.remove(MANIFEST)


def _clear(folder: Folder) -> None:
    """Only what a sweep made is removed, its manifest first, so that what is left never looks finished."""
    made = [name for name in (MANIFEST, PLAN, CHUNKS) if folder.exists(name)]
    if not made and folder.names():
        raise RequestError(f"{folder} is no store of a sweep; it is left as it is")
    for name in (MANIFEST, PLAN):
        folder.remove(name)
    for name in {name.split("/")[0] for name in folder.names()}:
        folder.remove(name)


def _compare(plan: Plan, folder: Folder, found: Mapping[str, Any], how: str) -> None:
    """Whether what is on disk is this plan's, by this code."""
    if found["hash"] != plan.digest:
        raise RequestError(f"{folder} was {how} for another experiment; --fresh starts again")
    same_code(folder, found, how)


def same_code(folder: Folder, found: Mapping[str, Any], how: str = "begun") -> None:
    """RequestError where what is on disk was made by other code than this."""
    if found["code_version"] != code_version():
        raise RequestError(f"{folder} was {how} by other code ({found['code_version']}); --fresh starts again")


def _workers(plan: Plan, asked: int | None, done: Sequence[ChunkRecord]) -> int:
    """Ray workers to use: as asked, at most one a waiting trajectory; none for small work."""
    waiting = max(0, len(plan.points) * plan.runs - sum(record.count for record in done))
    if asked is None:
        asked = cores() if waiting * plan.days > SMALL_WORK else 0
    return min(asked, waiting)


def _unseen(done: int, total: int) -> None:
    """Nobody looks at the progress."""


@dataclass
class _Sweep:
    """A sweep under way: what is done of it, and what is known of its failures."""

    plan: Plan
    folder: Folder
    max_failures: int | None
    progress: Progress
    tell: Tell
    records: list[ChunkRecord] = field(default_factory=list)

    def run(self, workers: int | None, address: str | None) -> None:
        """Do what is not done yet, and merge it; RequestError where the plan's engine is not installed."""
        if self.plan.engine == "jax":
            device.require_jax()
        self.records = sound_records(self.plan, self.folder, self.tell)
        self._check_failures()
        used = _workers(self.plan, workers, self.records) if self.folder.shared else 0
        if workers and not used and not self.folder.shared:
            self.tell(f"{self.folder}: workers do not share this process's memory, so it works alone")
        with open_workers(used, address if self.folder.shared else None, self.tell) as those:
            self.progress(self._done, self._total)
            runs, stopping = self._simulated(those)
            plan = replace(self.plan, runs=runs, environment=self.plan.environment[:runs])
            finish(plan, self.folder.absolute(), self.records, those, stopping)

    def _simulated(self, those: Workers) -> tuple[int, dict[str, Any] | None]:
        """Simulate all runs, or blocks of them until the stopping rules hold; the number of runs, and why."""
        plan = self.plan
        if stopping := self._decision():
            self._block(those, range(stopping["runs"]))
            return stopping["runs"], stopping
        for block in run_batches(plan.stopping, plan.runs):
            self._block(those, block)
            if plan.stopping:
                so_far = kpis_so_far(self.folder, self.records, block.stop)
                decision = stopping_decision(so_far, plan.stopping, block.stop, plan.today)
                if decision.stop:
                    return decision.runs, decision.record()
        return plan.runs, None

    def _decision(self) -> dict[str, Any] | None:
        """The decision that a reopened store has noted, if it is as it was written; else it is made again."""
        try:
            return read_document(self.folder, DECISION)
        except FileNotFoundError:
            return None
        except RequestError as error:
            self.tell(f"{self.folder / DECISION} is damaged ({error}); it is made again")
            self.folder.remove(DECISION)
            return None

    def _block(self, those: Workers, runs: range) -> None:
        chunks = divide(self.plan, runs, self.records, those.count)
        for record in self._visible(those.each(run_chunk, chunks, self.plan, self.folder.absolute())):
            self.records.append(record)
            self.progress(self._done, self._total)
            self._check_failures()

    def _visible(self, records: Iterator[ChunkRecord]) -> Iterator[ChunkRecord]:
        """The same, each if what its worker wrote is seen from here."""
        for record in records:
            if not self.folder.exists(record.file):
                raise StoppedError(
                    f"what {record.host} wrote to {self.folder} is not seen from here; "
                    "--out must be a folder or an address that all nodes share"
                )
            if record.code != code_version():
                self.folder.remove(record.file)
                raise StoppedError(
                    f"{record.host} runs other code ({record.code}) than this process ({code_version()}); "
                    "every node needs the same release"
                )
            yield record

    @property
    def _done(self) -> int:
        return sum(record.count for record in self.records)

    @property
    def _total(self) -> int:
        return len(self.plan.points) * self.plan.runs

    def _check_failures(self) -> None:
        """Stop where too many trajectories have failed."""
        failures = sum(record.failures for record in self.records)
        most = max(FEW_FAILURES, self._total // 100) if self.max_failures is None else self.max_failures
        if failures > most:
            raise StoppedError(
                f"{failures} of {self._done} trajectories failed, more than --max-failures {most}; "
                f"what is done is kept in {self.folder}: "
                "quiver-sim status shows it, retry runs the failed ones again, "
                "and the same command with a larger --max-failures goes on"
            )
