"""Workers whose memory ends: the limit of their process is small, and what they simulate needs more than that."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Any

import numpy as np

from experiments.inputs.plan import Plan
from experiments.storage.folder import Folder
from experiments.sweeps import chunk
from experiments.sweeps.progress import Chunk, ChunkRecord

SPARE, NEEDED = 2**28, 2**29
"""Bytes that a worker may still take, and that its batch needs; Ray's own threads need some of the first."""


def run_chunk(plan: Plan, folder: Folder, some: Chunk) -> ChunkRecord:
    """Run a chunk in a process that has less memory than that takes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + SPARE,) * 2)
    real, chunk.execute = chunk.execute, hungry  # type: ignore[assignment]
    try:
        return chunk.run_chunk(plan, folder, some)
    finally:
        chunk.execute = real


def hungry(*_: Any) -> Any:
    """What a batch of very many trajectories would do."""
    return np.ones(NEEDED // 8)
