"""Sweeps: a plan's design points simulated, in this process or by Ray, and gathered into a store.

A store that is begun is resumed: design points with a receipt are not run again. It is finished when its manifest is
there. A plan with stopping rules is simulated in batches for its KPIs first, until they hold, and then as it is for as
many runs.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.chunk import BATCH, point_kpis, run_chunk, run_group
from experiments.errors import RequestError
from experiments.parquet import write_parquet
from experiments.plan import Plan
from experiments.stopping import Decision, blocks, decide
from experiments.store import finish
from experiments.text_files import write_text
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
    if workers is not None and workers < 0:
        raise RequestError(f"workers is {workers}; a whole number from 0 is needed")
    folder = begin(plan, out, fresh)
    if (folder / "manifest.json").exists():
        return folder
    waiting = [i for i in range(len(plan.points)) if not _receipt(folder, i)]
    used = _workers(plan, workers, len(waiting))
    with _ray(used):
        decision = _enough(plan, folder, used) if plan.stopping else None
        if decision:
            plan = replace(plan, runs=decision.runs, environment=plan.environment[: decision.runs])
        report = _reporter(plan, len(plan.points) - len(waiting), progress)
        if used:
            _by_ray(plan, folder, waiting, used, report)
        else:
            for index in waiting:
                report(run_chunk(plan, index, folder))
    finish(plan, folder, decision)
    return folder


def _enough(plan: Plan, folder: Path, workers: int) -> Decision:
    """How many runs the stopping rules ask for: batches simulated for their KPIs alone, each kept as it is done."""
    done: list[pd.DataFrame] = []
    for block in blocks(plan.stopping, plan.runs):
        part = folder / "chunks" / f"round-{block.start:07d}.parquet"
        if not part.exists():
            write_parquet(pd.concat(_each_point(plan, block, workers), ignore_index=True), part)
        done.append(pd.read_parquet(part))
        decision = decide(pd.concat(done, ignore_index=True), plan.stopping, block.stop, plan.today)
        if decision.stop:
            break
    return decision


def _each_point(plan: Plan, block: range, workers: int) -> list[pd.DataFrame]:
    """The KPIs of a batch of runs at every design point."""
    if not workers:
        return [point_kpis(plan, index, block) for index in range(len(plan.points))]
    import ray

    task, shared = ray.remote(num_cpus=1, max_retries=2)(point_kpis), ray.put(plan)
    found: list[pd.DataFrame] = ray.get([task.remote(shared, index, block) for index in range(len(plan.points))])
    return found


def _remove(folder: Path) -> None:
    """Only a folder that a sweep made is removed, its manifest first, so that what is left never looks finished."""
    if not ((folder / "manifest.json").exists() or (folder / "chunks").is_dir()):
        raise RequestError(f"{folder} is no store of a sweep; it is left as it is")
    (folder / "chunks").mkdir(exist_ok=True)
    (folder / "manifest.json").unlink(missing_ok=True)
    shutil.rmtree(folder)


def begin(plan: Plan, out: Path | None, fresh: bool) -> Path:
    """The plan's folder, marked as begun, or found begun or finished by this code for this plan; else RequestError."""
    folder = _folder(plan, out)
    if fresh and folder.exists():
        _remove(folder)
    manifest, mark = folder / "manifest.json", folder / "chunks" / "plan.json"
    if manifest.exists():
        _compare(plan, folder, manifest, "finished")
    elif mark.exists():
        _compare(plan, folder, mark, "begun")
    else:
        mark.parent.mkdir(parents=True, exist_ok=True)
        write_text(mark, json.dumps({"hash": plan.digest, "code_version": code_version()}))
    return folder


def done_points(plan: Plan, out: Path | None = None) -> int | None:
    """How many design points of a plan its store holds already; None where it is finished."""
    folder = _folder(plan, out)
    if (folder / "manifest.json").exists():
        return None
    return sum(_receipt(folder, index) for index in range(len(plan.points)))


def schedule(plan: Plan, workers: int | None = None) -> tuple[int, list[list[int]]]:
    """The workers that a whole sweep of a plan would use, and the design points that would share a batch."""
    every = list(range(len(plan.points)))
    used = _workers(plan, workers, len(every))
    return used, _groups(plan, every, used) if used else [[index] for index in every]


def _folder(plan: Plan, out: Path | None) -> Path:
    return (out or Path("results")) / plan.folder


def _compare(plan: Plan, folder: Path, record: Path, how: str) -> None:
    """Whether what is on disk is this plan's, by this code."""
    found = json.loads(record.read_text(encoding="utf-8"))
    if found.get("hash") != plan.digest:
        raise RequestError(f"{folder} was {how} for another experiment; --fresh starts again")
    if found.get("code_version") != code_version():
        raise RequestError(f"{folder} was {how} by other code ({found.get('code_version')}); --fresh starts again")


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


def _groups(plan: Plan, waiting: list[int], workers: int) -> list[list[int]]:
    """Waiting design points that share a batch: neighbours of one structure, as many as a batch has room for.

    A batch spreads the cost of a call; no worker is left without one for that.
    """
    most = max(1, min(BATCH // max(plan.runs, 1), -(-len(waiting) // workers)))
    groups: list[list[int]] = []
    for index in waiting:
        together = groups and len(groups[-1]) < most
        if together and plan.economies[index].structure() == plan.economies[groups[-1][0]].structure():
            groups[-1].append(index)
        else:
            groups.append([index])
    return groups


@contextlib.contextmanager
def _ray(workers: int) -> Iterator[None]:
    """Ray for as long as it is needed, if there are workers and it is not running already."""
    if not workers:
        yield
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    started = not ray.is_initialized()
    if started:
        ray.init(num_cpus=workers, include_dashboard=False, log_to_driver=False, logging_level=logging.ERROR)
    try:
        yield
    finally:
        if started:
            ray.shutdown()


def _by_ray(
    plan: Plan, folder: Path, waiting: list[int], workers: int, report: Callable[[dict[str, Any]], None]
) -> None:
    """Groups of design points as Ray tasks, two in flight for each worker; a lost worker's task is tried again."""
    import ray

    task = ray.remote(num_cpus=1, max_retries=2)(run_group)
    shared = ray.put(plan)
    flying: list[Any] = []
    for group in _groups(plan, waiting, workers):
        if len(flying) >= 2 * workers:
            flying = _land(flying, report)
        flying.append(task.remote(shared, group, folder.resolve()))
    while flying:
        flying = _land(flying, report)


def _land(flying: list[Any], report: Callable[[dict[str, Any]], None]) -> list[Any]:
    """Wait for one task and report its receipts; those still in flight."""
    import ray

    ready, left = ray.wait(flying)
    for receipt in ray.get(ready[0]):
        report(receipt)
    return list(left)
