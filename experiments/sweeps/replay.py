"""One trajectory of a store alone, in an engine of choice, and whether it is what the store holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.engines import ENGINES, device
from experiments.errors import RequestError
from experiments.inputs.plan import Plan
from experiments.storage.folder import Folder
from experiments.sweeps.chunk import kpi_rows
from experiments.sweeps.manifest import MANIFEST, PER_RUN
from experiments.sweeps.results import Results, load
from experiments.sweeps.status import failed_trajectories


@dataclass(frozen=True)
class Replay:
    """What came out: the `error` it ended with, or `kpis`; `compared` figures with the store, `differences` of them.

    A difference says where: `day` and `metric`, or the KPI, and both values. `stored` is the error that the store has.
    """

    error: Exception | None = None
    kpis: dict[str, float] = field(default_factory=dict)
    compared: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)
    stored: str = ""


def replay_trajectory(plan: Plan, folder: Folder, design: int, run: int, engine: str = "radcad") -> Replay:
    """Simulate run `run` of design point `design` alone and compare it with what is kept of it."""
    check_trajectory(plan, design, run, engine)
    results = load(folder.place) if folder.exists(MANIFEST) else None
    if results:
        results.check()
    stored = _stored_error(folder, design, run)
    try:
        record = ENGINES[engine]([plan.economy(design, run)], plan.seed, [run], plan.metrics)[0]
    except Exception as error:
        return Replay(error, stored=stored)
    table = kpi_rows(plan, record[:, :, None], [(design, run)])
    found = {kpi.name: float(table[kpi.name].iloc[0]) for kpi in plan.kpis}
    if results is None or stored:
        return Replay(None, found, stored=stored)
    compared, differences = _days(plan, results, design, run, record)
    kept = results.kpis.query("design == @design and run == @run")
    for name, value in found.items() if len(kept) else ():
        compared += 1
        theirs = float(kept[name].iloc[0])
        if not _same(np.array(value), np.array(theirs)):
            differences.append({"day": None, "metric": name, "stored": theirs, "replayed": value})
    return Replay(None, found, compared, differences)


def check_trajectory(plan: Plan, design: int, run: int, engine: str) -> None:
    """RequestError where a plan has no such trajectory or there is no such engine, or not here."""
    for option, found, count in (("--design", design, len(plan.points)), ("--run", run, plan.runs)):
        if not 0 <= found < count:
            raise RequestError(f"{option}: found {found}; allowed: a whole number from 0 to {count - 1}")
    if engine not in ENGINES:
        raise RequestError(f"--engine: found {engine!r}; allowed: {', '.join(ENGINES)}")
    if engine == "jax":
        device.require_jax()


def _stored_error(folder: Folder, design: int, run: int) -> str:
    return next((error for d, r, error in failed_trajectories(folder) if (d, r) == (design, run)), "")


def _days(
    plan: Plan, results: Results, design: int, run: int, record: NDArray[Any]
) -> tuple[int, list[dict[str, Any]]]:
    """How many daily figures were compared, and the first that differs."""
    if plan.keep not in PER_RUN:
        return 0, []
    frame: pd.DataFrame = results.trajectories(list(plan.metrics), design)
    theirs = frame.xs(run, level="run").droplevel("design")
    days = theirs.index.to_numpy()
    stored, ours = theirs.to_numpy(), record[days].astype(np.float32)
    wrong = np.argwhere(~_same(ours, stored))
    if not len(wrong):
        return stored.size, []
    day, metric = wrong[0]
    first = {"day": int(days[day]), "metric": plan.metrics[metric], "stored": float(stored[day, metric])}
    return stored.size, [first | {"replayed": float(ours[day, metric])}]


def _same(one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    same: NDArray[Any] = (one == other) | (np.isnan(one) & np.isnan(other))
    return same
