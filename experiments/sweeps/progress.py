"""Progress of a sweep: its chunks, and the record that each leaves when its parts are written.

A chunk is some design points of one structure times a block of runs, simulated in one batch. How a sweep is
cut into chunks changes no number, so a resumed sweep is cut anew: what has a record is done, the rest is not.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
from numpy.typing import NDArray
from pydantic import TypeAdapter, ValidationError

from experiments.errors import RequestError
from experiments.inputs.plan import Plan
from experiments.storage.document import DamagedError, read_document, write_document
from experiments.storage.folder import Folder
from experiments.storage.parquet import read_table
from experiments.storage.version import code_version

BATCH = 256
"""Trajectories at once: large enough to spread the cost of a call, small enough for the cache."""

NARROW = 32
"""Trajectories below which splitting the runs of a design point costs more than it saves."""

RECORD_BYTES = 2**28
"""Bytes that the record of one chunk may take; its worker needs three to four times that."""

CHUNKS = "chunks"
"""The folder of chunk records and of parts that are not merged yet."""


@dataclass(frozen=True)
class Chunk:
    """Design points times the runs from `start` to before `stop`; `whole` if those are all runs of theirs."""

    designs: tuple[int, ...]
    start: int
    stop: int
    whole: bool

    @property
    def name(self) -> str:
        """A name that no other chunk has whose trajectories are not these."""
        return f"{self.designs[0]:05d}+{len(self.designs)}.{self.start:07d}-{self.stop:07d}"

    @property
    def trajectories(self) -> list[tuple[int, int]]:
        """Design point and run of each."""
        return [(design, run) for design in self.designs for run in range(self.start, self.stop)]


@dataclass(frozen=True)
class ChunkRecord:
    """Record of a chunk that is done: how many trajectories it gave, how many failed, its parts with their SHA-256.

    `experiment` is the digest of what was asked and `code` the code that answered. `seconds` is what it took, `at` when
    it ended (seconds since 1970), `host` and `pid` where, `device` on what.
    """

    chunk: Chunk
    trajectories: int
    failures: int
    seconds: float = 0.0
    at: float = 0.0
    host: str = ""
    pid: int = 0
    code: str = ""
    device: str = ""
    experiment: str = ""
    parts: Mapping[str, str] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """Trajectories that are done, well or not."""
        return self.trajectories + self.failures

    @property
    def file(self) -> str:
        """Where the record lies in the store."""
        return f"{CHUNKS}/{self.chunk.name}.json"

    def write(self, folder: Folder) -> None:
        """Leave the record in the store."""
        write_document(folder, self.file, asdict(self))

    def pieces(self, table: str) -> list[str]:
        """Its parts that are of a table."""
        return [name for name in self.parts if name.endswith(f".{table}.parquet")]

    @staticmethod
    def read(folder: Folder, name: str) -> ChunkRecord:
        """The record in a file; RequestError where it is not as it was written, FileNotFoundError where none is."""
        try:
            record = _RECORD.validate_python(read_document(folder, name))
            if record.file != name:
                raise DamagedError(f"it is that of {record.file}")
        except (ValidationError, IndexError) as error:
            raise DamagedError(str(error).splitlines()[-1].strip()) from None
        return record


_RECORD = TypeAdapter(ChunkRecord)


def chunk_records(folder: Folder) -> list[ChunkRecord]:
    """The records that can be read, as they are; their parts are not looked at."""
    found = []
    for name in _record_files(folder):
        with contextlib.suppress(FileNotFoundError, RequestError):
            found.append(ChunkRecord.read(folder, name))
    return found


def sound_records(plan: Plan, folder: Folder, tell: Callable[[str], None]) -> list[ChunkRecord]:
    """The records that hold good; the others are removed, and `tell` is told of them."""
    found = []
    for name, record, fault in examined_records(plan, folder):
        if record and not fault:
            found.append(record)
        else:
            tell(f"{folder / name.removesuffix('.json')}: {fault}; it is run again")
            folder.remove(name)
    return found


def examined_records(plan: Plan, folder: Folder) -> Iterator[tuple[str, ChunkRecord | None, str]]:
    """Every record's file, the record, if it can be read, and what is wrong with it or its parts, if anything is."""
    taken: dict[int, list[range]] = {}
    for name in _record_files(folder):
        try:
            record = ChunkRecord.read(folder, name)
        except FileNotFoundError:
            continue
        except RequestError as error:
            yield name, None, f"its record cannot be read ({error})"
            continue
        runs = range(record.chunk.start, record.chunk.stop)
        fault = record_fault(plan, folder, record)
        if not fault and any(_meet(runs, other) for design in record.chunk.designs for other in taken.get(design, ())):
            fault = "its trajectories are those of another chunk too"
        for design in record.chunk.designs if not fault else ():
            taken.setdefault(design, []).append(runs)
        yield name, record, fault


def record_fault(plan: Plan, folder: Folder, record: ChunkRecord) -> str:
    """What is wrong with a record or its parts, in words; empty where all its trajectories are in its parts once."""
    chunk = record.chunk
    if record.code != code_version():
        return "it was made by other code"
    if record.experiment != plan.digest:
        return "it is of another experiment"
    if not set(chunk.designs) <= set(range(len(plan.points))) or not 0 <= chunk.start < chunk.stop <= plan.runs:
        return "the experiment has no such trajectories"
    for name, digest in record.parts.items():
        if fault := folder.fault(name, digest):
            return f"{name} {fault}"
    daily = () if plan.keep == "kpis" else ("summary",) if chunk.whole else ("daily",)
    if lacking := [table for table in ("kpis", "failures", *daily) if len(record.pieces(table)) != 1]:
        return f"its record has no part for {' and '.join(lacking)}"
    done, failed = (_keys(folder, record.pieces(table)[0], plan.runs) for table in ("kpis", "failures"))
    asked = np.sort(np.array(chunk.designs, dtype=np.int64))[:, None] * plan.runs + np.arange(chunk.start, chunk.stop)
    if (len(done), len(failed)) != (record.trajectories, record.failures):
        return "its parts have more or fewer trajectories than its record"
    if not np.array_equal(np.sort(np.concatenate([done, failed])), asked.ravel()):
        return "its parts have other trajectories than its record"
    return ""


def _record_files(folder: Folder) -> list[str]:
    return [name for name in folder.names(CHUNKS) if name.endswith(".json") and "+" in name]


def _keys(folder: Folder, part: str, runs: int) -> NDArray[np.int64]:
    """The trajectories of a part, each as one number."""
    keys = read_table(folder, part, ["design", "run"]).to_numpy(dtype=np.int64)
    found: NDArray[np.int64] = keys[:, 0] * runs + keys[:, 1]
    return found


def _meet(one: range, other: range) -> bool:
    return one.start < other.stop and other.start < one.stop


def most_together(plan: Plan) -> int:
    """How many trajectories of a plan one batch has room for."""
    return max(1, min(BATCH, RECORD_BYTES // ((plan.days + 1) * max(1, len(plan.metrics)) * 8)))


def divide(plan: Plan, runs: range, done: Iterable[ChunkRecord], workers: int) -> list[Chunk]:
    """The chunks of what is not done of some runs of a plan, for a number of workers.

    Points of one structure share a batch. A design point's runs are split where they are more than a batch has room
    for, or where workers would have nothing to do.
    """
    left = _left(plan, runs, done)
    most = most_together(plan)
    workers = max(1, workers)
    total = sum(len(block) for blocks in left.values() for block in blocks)
    rounds = max(1, -(-total // (workers * most)))
    width = min(most, max(NARROW, -(-total // (workers * rounds))))
    points = max(1, -(-len(left) // (workers * rounds)))
    groups: dict[tuple[tuple[object, ...], range], list[int]] = {}
    for design, blocks in left.items():
        for block in blocks:
            groups.setdefault((plan.economies[design].structure(), block), []).append(design)
    chunks = []
    for (_, block), designs in groups.items():
        whole = not plan.stopping and block == range(plan.runs)
        if len(block) > most or (len(left) < workers and len(block) > width):
            for piece in _pieces(block, width):
                chunks += [Chunk((design,), piece.start, piece.stop, whole and piece == block) for design in designs]
            continue
        together = max(1, min(most // len(block), points))
        for at in range(0, len(designs), together):
            chunks.append(Chunk(tuple(designs[at : at + together]), block.start, block.stop, whole))
    return sorted(chunks, key=lambda chunk: (chunk.designs, chunk.start))


def _pieces(block: range, width: int) -> list[range]:
    """A block of runs in pieces as even as can be, none wider than `width`."""
    count = -(-len(block) // width)
    step = -(-len(block) // count)
    return [range(start, min(start + step, block.stop)) for start in range(block.start, block.stop, step)]


def _left(plan: Plan, runs: range, done: Iterable[ChunkRecord]) -> dict[int, list[range]]:
    """The runs of each design point that have no record."""
    covered: dict[int, list[range]] = {}
    for record in done:
        for design in record.chunk.designs:
            covered.setdefault(design, []).append(range(record.chunk.start, record.chunk.stop))
    left = {}
    for design in range(len(plan.points)):
        if blocks := _gaps(runs, covered.get(design, ())):
            left[design] = blocks
    return left


def _gaps(runs: range, covered: Sequence[range]) -> list[range]:
    """What of some runs is not covered."""
    gaps, start = [], runs.start
    for block in sorted(covered, key=lambda block: block.start):
        if start < min(block.start, runs.stop):
            gaps.append(range(start, min(block.start, runs.stop)))
        start = max(start, block.stop)
    return [*gaps, range(start, runs.stop)] if start < runs.stop else gaps
