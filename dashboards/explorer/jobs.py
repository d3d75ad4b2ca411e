"""Background simulations: one at a time, in a separate process that can be cancelled.

Results lie in a temporary folder for as long as the server runs, never in a store.
"""

from __future__ import annotations

import json
import multiprocessing
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dashboards.explorer.work import FAR, SAID, work
from experiments.errors import RequestError

NAMES = {"trajectory": "a run is simulated", "whatif": "a what-if is simulated"}
"""Sentence for a running task, by kind."""


@dataclass
class Job:
    """A started task: request, process, and folder of its results."""

    kind: str
    asked: dict[str, Any]
    folder: Path
    process: Any
    cancelled: bool = False

    @property
    def running(self) -> bool:
        """Whether its process is at work."""
        return not self.cancelled and self.process.is_alive()

    @property
    def finished(self) -> bool:
        """Whether all results are there."""
        return not self.running and (self.folder / SAID).is_file()

    @property
    def said(self) -> dict[str, Any]:
        """The events and flows, or failures, of a finished task."""
        found: dict[str, Any] = json.loads((self.folder / SAID).read_text(encoding="utf-8"))
        return found

    @property
    def far(self) -> tuple[int, int]:
        """Days or runs that are done, and all of them; 0 of 0 before it says so."""
        try:
            done, total = (self.folder / FAR).read_text(encoding="ascii").split()
        except (OSError, ValueError):  # not begun, or in the middle of being written
            return 0, 0
        return int(done), int(total)

    @property
    def state(self) -> str:
        """Progress, in a sentence."""
        if self.cancelled:
            return "Cancelled."
        if self.running:
            done, total = self.far
            what = "days" if self.kind == "trajectory" else "runs"
            return f"Simulating: {done:,} of {total:,} {what}." if total else "Starting."
        if self.finished:
            return "Done."
        error = self.folder / "error"
        why = error.read_text(encoding="utf-8") if error.is_file() else f"its process ended ({self.process.exitcode})"
        return f"It failed: {why}"


class Desk:
    """Starts, tracks and cancels tasks; keeps the last of each kind."""

    def __init__(self) -> None:
        self._place = tempfile.TemporaryDirectory(prefix="quiver-sim-explore-")
        self._context = multiprocessing.get_context("spawn")
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._count = 0

    def start(self, kind: str, store: Path, asked: Mapping[str, Any]) -> Job:
        """Begin a task of `work.TASKS`; RequestError while another is at work."""
        with self._lock:
            if busy := next((job for job in self._jobs.values() if job.running), None):
                raise RequestError(f"One simulation at a time: {NAMES[busy.kind]}; cancel it or wait.")
            self._count += 1
            folder = Path(self._place.name) / str(self._count)
            folder.mkdir()
            given = (kind, str(store), dict(asked), str(folder))
            process = self._context.Process(target=work, args=given, daemon=True)
            process.start()
            self._jobs[kind] = Job(kind, {"store": store.name, **asked}, folder, process)
            return self._jobs[kind]

    def last(self, kind: str) -> Job | None:
        """The latest task of a kind."""
        return self._jobs.get(kind)

    def cancel(self, kind: str) -> None:
        """End the process of a task, if it is at work."""
        with self._lock:
            job = self._jobs.get(kind)
            if job and job.running:
                job.cancelled = True
                job.process.terminate()
                job.process.join()

    def close(self) -> None:
        """End what is at work and remove all results."""
        for kind in list(self._jobs):
            self.cancel(kind)
        self._place.cleanup()
