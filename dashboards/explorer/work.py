"""Simulations of the explorer, each in a separate process that leaves its results as files."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.engines.trace import trace_run
from experiments.inputs.plan import Plan
from experiments.inputs.scenario import override
from experiments.storage.folder import Folder
from experiments.sweeps.chunk import kpi_rows, simulate_chunk, summary_frame
from experiments.sweeps.plan_file import read_plan

TOGETHER = 8
"""Runs of a what-if that are simulated together: progress is reported, and cancelling possible, between batches."""

SAID, DAYS, RUNS, FAR = "said.json", "days.parquet", "runs.parquet", "far"
"""Files of a simulation: events and flows, or failures; daily figures; KPIs by run; how far it is and of how much."""

Tell = Callable[[int, int], None]
Task = Callable[[Plan, Mapping[str, Any], Path, Tell], None]


def work(kind: str, store: str, asked: Mapping[str, Any], out: str) -> None:
    """Do a task of `TASKS` into the folder `out`, in which the file `far` says how far it is.

    It ends when the process that started it is gone. What goes wrong is left in the file `error`.
    """
    parent, folder = os.getppid(), Path(out)

    def tell(now: int, most: int) -> None:
        (folder / FAR).write_text(f"{now} {most}", encoding="ascii")
        if os.getppid() != parent:
            os._exit(1)

    try:
        TASKS[kind](read_plan(Folder.at(store)), asked, folder, tell)
    except Exception as error:
        (folder / "error").write_text(str(error) or type(error).__name__, encoding="utf-8")


def trajectory(plan: Plan, asked: Mapping[str, Any], out: Path, tell: Tell) -> None:
    """One run of a design point: metrics by day, token flows, events."""
    told = trace_run(plan.economy(asked["design"], asked["run"]), plan.seed, asked["run"], plan.metrics, tell)
    frame = pd.DataFrame(told.record, columns=list(plan.metrics)).rename_axis("day").reset_index()
    frame.to_parquet(out / DAYS)
    said = {"moved": told.moved, "events": [asdict(event) for event in told.events]}
    (out / SAID).write_text(json.dumps(said), encoding="utf-8")


def whatif(plan: Plan, asked: Mapping[str, Any], out: Path, tell: Tell) -> None:
    """Some runs of a design point with parameters changed: daily quantiles and KPIs, as design point 0."""
    changed = override(plan.economies[asked["design"]], asked["changes"], "what if")
    mine = replace(plan, economies=[changed], points=[{}], runs=asked["runs"], stopping=(), today=None)
    records, kept, failures = [], [], []
    for start in range(0, mine.runs, TOGETHER):
        tell(start, mine.runs)
        runs = range(start, min(start + TOGETHER, mine.runs))
        record, _, good, bad = simulate_chunk(mine, [(0, run) for run in runs])
        records.append(record)
        kept += good
        failures += bad
    whole = np.concatenate(records, axis=-1)
    frame = summary_frame(plan.metrics, 0, 0, whole)
    frame.assign(metric=frame["metric"].astype(str)).to_parquet(out / DAYS)
    kpi_rows(mine, whole, kept).to_parquet(out / RUNS)
    said = {"failures": [{"run": row["run"], "error": row["error"]} for row in failures]}
    (out / SAID).write_text(json.dumps(said), encoding="utf-8")
    tell(mine.runs, mine.runs)


TASKS: Mapping[str, Task] = {"trajectory": trajectory, "whatif": whatif}
"""Simulations by name."""
