"""Progress of a sweep: its chunks, and the record that each leaves when its parts are written.

A chunk is some design points of one structure times a block of runs, simulated in one batch. How a sweep is
cut into chunks changes no number, so a resumed sweep is cut anew: what has a record is done, the rest is not.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from experiments.inputs.plan import Plan
from experiments.storage.folder import Folder
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

    `seconds` is what it took, `at` when it ended (seconds since 1970), `host` and `pid` where, `device` on
    what, `code` by which code.
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
        folder.write(self.file, json.dumps(asdict(self)))

    def pieces(self, table: str) -> list[str]:
        """Its parts that are of a table."""
        return [name for name in self.parts if name.endswith(f".{table}.parquet")]

    @staticmethod
    def read(text: str) -> ChunkRecord:
        """A record from its text; ValueError where it is none."""
        try:
            data: dict[str, Any] = json.loads(text)
            chunk = data["chunk"]
            return ChunkRecord(**data | {"chunk": Chunk(**chunk | {"designs": tuple(chunk["designs"])})})
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(str(error)) from None


def read_chunk_records(folder: Folder, tell: Callable[[str], None], check: bool = True) -> list[ChunkRecord]:
    """The records whose parts are all there, unchanged; the others are removed, and `tell` is told of them.

    Without `check` parts are not looked at and nothing is removed.
    """
    found = []
    for name in folder.names(CHUNKS):
        if not name.endswith(".json") or "+" not in name:
            continue
        try:
            record = ChunkRecord.read(folder.text(name))
        except FileNotFoundError:
            continue
        except ValueError:
            damage = "its record cannot be read"
        else:
            other = "" if record.code == code_version() else "it was made by other code"
            damage = (other or damaged(folder, record.parts)) if check else ""
        if damage and check:
            tell(f"{folder / name.removesuffix('.json')}: {damage}; it is run again")
            folder.remove(name)
        elif not damage:
            found.append(record)
    return found


def damaged(folder: Folder, parts: Mapping[str, str]) -> str:
    """The first part that is missing or not as it was written, in words; empty where all are well."""
    for name, digest in parts.items():
        if not folder.exists(name):
            return f"{name} is missing"
        if folder.sha256(name) != digest:
            return f"{name} is damaged (it does not match its SHA-256)"
    return ""


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
