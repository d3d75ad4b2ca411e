"""Sweeps: a plan's design points simulated, in this process or by Ray, and gathered into a store.

A store that is begun is resumed: design points with a receipt are not run again. It is finished when its manifest is
there.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from experiments.chunk import run_chunk
from experiments.errors import RequestError
from experiments.plan import Plan
from experiments.store import finish
from experiments.version import code_version

Progress = Callable[[int, int], None]

SMALL_WORK = 200_000
"""Trajectory-days below which starting Ray takes longer than it saves."""


def run_sweep(
    plan: Plan,
    out: Path | None = None,
    workers: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Simulate a plan into a store below `out` (default `results/`); the store's folder.

    `workers` 0 runs in this process, more by Ray; None chooses. `progress(done, total)` counts trajectories.
    """
    folder = begin(plan, out, fresh)
    if (folder / "manifest.json").exists():
        return folder
    waiting = [i for i in range(len(plan.points)) if not _receipt(folder, i)]
    report = _reporter(plan, len(plan.points) - len(waiting), progress)
    if _workers(plan, workers, len(waiting)):
        _by_ray(plan, folder, waiting, _workers(plan, workers, len(waiting)), report)
    else:
        for index in waiting:
            report(run_chunk(plan, index, folder))
    finish(plan, folder)
    return folder


def _remove(folder: Path) -> None:
    """Only a folder that a sweep made is removed."""
    if not ((folder / "manifest.json").exists() or (folder / "chunks" / "plan.json").exists()):
        raise RequestError(f"{folder} is no store of a sweep; it is left as it is")
    shutil.rmtree(folder)


def begin(plan: Plan, out: Path | None, fresh: bool) -> Path:
    """The plan's folder, marked as begun by this code, or found finished; RequestError where other code began it."""
    folder = (out or Path("results")) / plan.folder
    if fresh and folder.exists():
        _remove(folder)
    if not (folder / "manifest.json").exists():
        _mark(plan, folder)
    return folder


def _mark(plan: Plan, folder: Path) -> None:
    mark = {"digest": plan.digest, "code_version": code_version()}
    path = folder / "chunks" / "plan.json"
    if path.exists():
        found = json.loads(path.read_text(encoding="utf-8"))
        if found != mark:
            raise RequestError(f"{folder} was begun by other code ({found['code_version']}); --fresh starts again")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(mark), encoding="utf-8")


def _receipt(folder: Path, index: int) -> bool:
    return (folder / "chunks" / f"{index:05d}.json").exists()


def _workers(plan: Plan, asked: int | None, waiting: int) -> int:
    """Ray workers to use: as asked, at most one a waiting design point; none for small work."""
    if asked is None:
        asked = (os.cpu_count() or 1) if waiting * plan.runs * plan.days > SMALL_WORK else 0
    return min(asked, waiting) if waiting else 0


def _reporter(plan: Plan, done: int, progress: Progress | None) -> Callable[[dict[str, Any]], None]:
    total, count = len(plan.points) * plan.runs, done * plan.runs

    def report(receipt: dict[str, Any]) -> None:
        nonlocal count
        count += receipt["trajectories"] + receipt["failures"]
        if progress:
            progress(count, total)

    if progress:
        progress(count, total)
    return report


def _by_ray(
    plan: Plan, folder: Path, waiting: list[int], workers: int, report: Callable[[dict[str, Any]], None]
) -> None:
    """Design points as Ray tasks, two in flight for each worker; a lost worker's task is tried again."""
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    started = not ray.is_initialized()
    if started:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    try:
        task = ray.remote(num_cpus=1, max_retries=2)(run_chunk)
        shared = ray.put(plan)
        flying: list[Any] = []
        for index in waiting:
            if len(flying) >= 2 * workers:
                ready, flying = ray.wait(flying)
                report(ray.get(ready[0]))
            flying.append(task.remote(shared, index, folder.resolve()))
        while flying:
            ready, flying = ray.wait(flying)
            report(ray.get(ready[0]))
    finally:
        if started:
            ray.shutdown()
