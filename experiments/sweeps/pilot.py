"""What a sweep will take, by a small pilot: its first and last batches simulated for a few days, and scaled.

Two lengths tell what a batch costs at once from what it costs a day, in seconds and in bytes. The pilot's parts go to a
folder that is removed; the store is not touched. A first trajectory, which loads what has to be loaded, is not counted.
The pilot is run by the ensemble: to compile for so few days would measure the compiler.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import numpy as np

from experiments.inputs.plan import Plan
from experiments.storage.folder import Folder
from experiments.storage.scratch import scratch
from experiments.sweeps.chunk import run_chunk
from experiments.sweeps.progress import BATCH, Chunk
from experiments.sweeps.run import schedule

LENGTHS = (1, 15)
"""Days of the two pilots; both keep their last day where one in seven is kept."""


@dataclass(frozen=True)
class SweepCost:
    """Cost of a sweep: its size, and the time and disk that it takes at most.

    `pilot_points`, `pilot_runs` and `pilot_days` say what was measured. `workers` 0 is this process alone.
    """

    points: int
    runs: int
    days: int
    seconds: float
    bytes: float
    workers: int
    keep: str
    pilot_points: tuple[int, ...]
    pilot_runs: int
    pilot_days: int

    @property
    def trajectories(self) -> int:
        """Runs of all design points."""
        return self.points * self.runs

    @property
    def trajectory_days(self) -> int:
        """Days of all trajectories."""
        return self.trajectories * self.days


@dataclass(frozen=True)
class _Cost:
    """What one batch took: seconds, and bytes for each trajectory and for each design point."""

    seconds: float
    of_trajectory: float
    of_point: float


def estimate_cost(plan: Plan, workers: int | None = None) -> SweepCost:
    """Simulate the pilot and scale it to the whole sweep."""
    used, chunks = schedule(plan, workers)
    groups = [list(chunk.designs) for chunk in chunks]
    pilot = [groups[0]] if len(groups) == 1 else [groups[0], groups[-1]]
    runs = min(plan.runs, max(1, BATCH // max(len(group) for group in pilot)))
    short, long = (min(length, plan.days) for length in LENGTHS)
    _cost(plan, pilot[0][:1], 1, short)
    costs = [
        _scaled(_cost(plan, group, runs, short), _cost(plan, group, runs, long), plan, short, long) for group in pilot
    ]
    counts = [len(group) for group in pilot]
    everything = len(plan.points) * plan.runs / (sum(counts) * runs)
    seconds = sum(cost.seconds for cost in costs) * everything / max(1, used)
    of_point = np.average([cost.of_point for cost in costs], weights=counts)
    of_trajectory = np.average([cost.of_trajectory for cost in costs], weights=counts)
    size = len(plan.points) * float(of_point + plan.runs * of_trajectory)
    indices = tuple(index for group in pilot for index in group)
    return SweepCost(len(plan.points), plan.runs, plan.days, seconds, size, used, plan.keep, indices, runs, long)


def _scaled(short: _Cost, long: _Cost, plan: Plan, first: int, last: int) -> _Cost:
    """What a batch takes over the plan's days, on the line through two shorter ones."""
    beyond = (plan.days - last) / (last - first) if last > first else 0.0
    parts = ("seconds", "of_trajectory", "of_point")
    return _Cost(
        **{name: getattr(long, name) + beyond * max(0.0, getattr(long, name) - getattr(short, name)) for name in parts}
    )


def _cost(plan: Plan, group: list[int], runs: int, days: int) -> _Cost:
    """Simulate some runs of a group of design points in one batch for some days, and write them as a sweep does."""
    whole = [replace(kpi, window=None) for kpi in plan.kpis]
    pilot = replace(plan, days=days, runs=runs, kpis=whole, stopping=(), engine="ensemble")
    pilot = replace(pilot, economies=[replace(economy, days=days) for economy in plan.economies])
    with scratch("quiver-pilot") as folder:
        start = time.perf_counter()
        run_chunk(pilot, Folder.at(folder), Chunk(tuple(group), 0, runs, whole=True))
        seconds = time.perf_counter() - start
        sizes = {path: path.stat().st_size / len(group) for path in folder.rglob("*.parquet")}
    by_point = sum(size for path, size in sizes.items() if path.name.endswith("summary.parquet"))
    by_run = sum(
        size
        for path, size in sizes.items()
        if "trajectories" in path.parts or path.name.endswith(("kpis.parquet", "flows.parquet"))
    )
    return _Cost(seconds, by_run / runs, by_point)
