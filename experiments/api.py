"""What users call from Python: `simulate`, `sweep`, `load`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.chunk import BATCH, write_point
from experiments.engines import ENGINES
from experiments.errors import RequestError
from experiments.experiment import Experiment, load_experiment, resolved
from experiments.fanout import Progress, begin, run_sweep
from experiments.plan import Kpi, Plan
from experiments.scenario import load_scenario
from experiments.store import finish, load
from model.economy import Economy
from model.metrics import METRICS
from model.parameters import flatten

__all__ = ["load", "simulate", "sweep"]


def simulate(
    scenario: str | Path | Economy,
    *,
    days: int | None = None,
    seed: int = 1,
    runs: int = 1,
    engine: str = "ensemble",
    overrides: Mapping[str, Any] | None = None,
    metrics: Sequence[str] | None = None,
    out: str | Path | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Simulate a scenario; a frame indexed by (run, day), one column a metric, day 0 being genesis.

    `scenario` is a file, the name of one that ships, or an Economy; `overrides` changes parameters by dotted name;
    `out` also writes a store of one design point there. Run k under a seed is the same whatever the other arguments
    that do not concern it. Raises RequestError for a wrong request, LedgerError where money is not conserved.
    """
    economy = scenario if isinstance(scenario, Economy) else load_scenario(scenario, overrides, days)
    chosen = list(METRICS) if metrics is None else list(metrics)
    _check(runs, seed, engine, chosen)
    records = []
    step = BATCH if engine == "ensemble" else 1
    for start in range(0, runs, step):
        some = range(start, min(start + step, runs))
        records.append(ENGINES[engine]([economy] * len(some), seed, list(some), chosen))
        if progress:
            progress(some.stop, runs)
    record = np.concatenate(records)
    if out is not None:
        _write(_single(economy, seed, runs, chosen), record, Path(out))
    index = pd.MultiIndex.from_product([range(runs), range(economy.days + 1)], names=["run", "day"])
    return pd.DataFrame(record.reshape(len(index), len(chosen)), index=index, columns=chosen)


def sweep(
    experiment: str | Path | Experiment,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    fresh: bool = False,
    progress: Progress | None = None,
) -> Path:
    """Run an experiment into a store; its folder. A sweep that is begun is resumed, a finished one left as it is."""
    asked = experiment if isinstance(experiment, Experiment) else load_experiment(experiment)
    return run_sweep(plan_of(asked), None if out is None else Path(out), workers, fresh, progress)


def plan_of(experiment: Experiment) -> Plan:
    """An experiment, resolved."""
    economies, own = experiment.economies(), flatten(experiment.base.parameters)
    return Plan(
        name=experiment.name,
        title=experiment.title,
        question=experiment.question,
        digest=experiment.digest(),
        text=experiment.text,
        preset=experiment.base.name,
        economies=economies,
        points=experiment.points(),
        axes=[
            {**axis, "values": list(experiment.controls[axis["key"]]), "today": own[axis["key"]]}
            for axis in experiment.axes()
        ],
        today=experiment.today_index(),
        runs=experiment.runs,
        seed=experiment.seed,
        days=economies[0].days,
        kpis=experiment.kpis,
        metrics=experiment.metrics or list(METRICS),
        keep=experiment.keep,
    )


def _check(runs: int, seed: int, engine: str, metrics: Sequence[str]) -> None:
    unknown = [name for name in metrics if name not in METRICS]
    if unknown:
        raise RequestError(f"there is no metric {unknown[0]!r}; `quiver-sim metrics` lists them")
    if engine not in ENGINES:
        raise RequestError(f"there is no engine {engine!r}; there are {', '.join(ENGINES)}")
    if runs < 1:
        raise RequestError(f"runs is {runs}; at least 1 is needed")
    if not 0 <= seed < 2**63:
        raise RequestError(f"seed is {seed}; a whole number from 0 to 2**63 - 1 is needed")


def _write(plan: Plan, record: np.ndarray, out: Path) -> None:
    """A store of one design point from what was simulated; one that is there already holds the same values."""
    folder = begin(plan, out, fresh=False)
    if not (folder / "manifest.json").exists():
        write_point(plan, 0, folder, record.transpose(1, 2, 0), list(range(plan.runs)), [])
        finish(plan, folder)


def _single(economy: Economy, seed: int, runs: int, metrics: Sequence[str]) -> Plan:
    """A plan of one design point, for `simulate(..., out=...)`."""
    text = json.dumps({"economy": resolved(economy), "seed": seed, "runs": runs}, sort_keys=True)
    kpis = [
        Kpi(
            f"{name}_last",
            f"{METRICS[name].label}, last day",
            name,
            "last",
            METRICS[name].unit,
            "none",
            METRICS[name].doc,
        )
        for name in ("supply_quiv", "circulating_quiv", "burned_quiv", "price_usd", "treasury_quiv", "staking_ratio")
        if name in metrics
    ]
    return Plan(
        name=economy.name,
        title=economy.title or economy.name,
        question="",
        digest=hashlib.sha256(text.encode()).hexdigest(),
        text=text,
        preset=economy.name,
        economies=[economy],
        points=[{}],
        axes=[],
        today=0,
        runs=runs,
        seed=seed,
        days=economy.days,
        kpis=kpis,
        metrics=metrics,
        keep="full",
    )
