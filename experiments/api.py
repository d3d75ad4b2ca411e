"""Python interface: `simulate`, `sweep`, `load`, and experiments for cadCAD and radCAD as they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.engines import ENGINES, stock
from experiments.errors import RequestError, nearest
from experiments.inputs.experiment import MOST_RUNS, Experiment, load_experiment
from experiments.inputs.scenario import MOST_DAYS, load_scenario, override
from experiments.inputs.subsets import swept
from experiments.storage.lock import nothing
from experiments.sweeps.planning import SWEEPING, engine_for, plan_of, single
from experiments.sweeps.progress import BATCH
from experiments.sweeps.results import load
from experiments.sweeps.run import Progress, Tell, run_sweep, write_store
from model.economy import Economy
from model.metrics import METRICS

__all__ = ["cadcad_experiment", "load", "radcad_experiment", "simulate", "sweep"]


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
    """Metrics of simulated runs of a scenario: a frame indexed by (run, day), a column a metric, day 0 being genesis.

    `scenario` is a file, the name of one that ships, or an Economy; `days` and `overrides` (parameters by dotted name)
    change it. `engine` is `ensemble`, `radcad` or `cadcad`, which give the same numbers, or `jax`, which gives them
    but for the last digits. `metrics` are the columns, all of them unless named. `out` also writes a store of one
    design point below that folder; the frame's `attrs["store"]` says where. Run k under a seed is the same whatever
    the other arguments that do not concern it.
    Raises RequestError for a wrong request, LedgerError where money is not conserved.
    """
    economy = _economy(scenario, days, overrides or {})
    chosen = _chosen(metrics)
    _check(runs, seed, engine, chosen)
    records = []
    step = 1 if engine in ("radcad", "cadcad") else BATCH
    for start in range(0, runs, step):
        batch = range(start, min(start + step, runs))
        records.append(ENGINES[engine]([economy] * len(batch), seed, list(batch), chosen))
        if progress:
            progress(batch.stop, runs)
    record = np.concatenate(records)
    index = pd.MultiIndex.from_product([range(runs), range(economy.days + 1)], names=["run", "day"])
    frame = pd.DataFrame(record.reshape(len(index), len(chosen)), index=index, columns=chosen)
    if out is not None:
        plan = single(economy, seed, runs, chosen, overrides or {}, engine)
        frame.attrs["store"] = str(write_store(plan, out, record.transpose(1, 2, 0)))
    return frame


def sweep(
    experiment: str | Path | Experiment,
    *,
    out: str | Path | None = None,
    workers: int | None = None,
    address: str | None = None,
    fresh: bool = False,
    max_failures: int | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
    tell: Tell = nothing,
) -> Path | str:
    """Store of an experiment, run into a folder below `out` (default `results/`); returns where it is.

    `out` is a folder, or any address that fsspec has a file system for; then the store's address is returned. A sweep
    that is begun is resumed, a finished one left as it is; `fresh` starts again. `workers` 0 stays in this process,
    more use Ray, None chooses; `address` is that of a Ray cluster whose nodes share `out`. With more than
    `max_failures` failed trajectories (20, or one in a hundred if that is more) it stops and can be resumed. `engine`
    is `ensemble`, `jax` or `auto`, which takes the faster (`engine_for`).
    `progress(done, total)` is called with trajectories, `tell` with sentences. Raises RequestError for a wrong request
    or a store that other code made, StoppedError where it could not go on.
    """
    read = experiment if isinstance(experiment, Experiment) else load_experiment(experiment)
    if engine not in SWEEPING:
        raise RequestError(f"there is no engine {engine!r} for sweeps; there are {', '.join(SWEEPING)}")
    return run_sweep(
        plan_of(read, engine_for(read, workers) if engine == "auto" else engine),
        out,
        workers,
        fresh,
        progress,
        address=address,
        max_failures=max_failures,
        tell=tell,
    )


def cadcad_experiment(
    scenario: str | Path | Economy,
    *,
    sweep: Mapping[str, Sequence[Any]] | None = None,
    days: int | None = None,
    seed: int = 1,
    runs: int = 1,
    overrides: Mapping[str, Any] | None = None,
    metrics: Sequence[str] | None = None,
) -> Any:
    """A `cadCAD.configuration.Experiment`, whose configurations cadCAD's own `Executor` runs.

    Subset k has the k-th value of every key of `sweep` (names as in `overrides`), structural parameters too; run r,
    which cadCAD counts from 1, is run r - 1 of `simulate` under the same seed, bit for bit. A configuration's `M` has
    the constants that its blocks read; `metrics`, all unless named, are state variables `metrics.NAME`.
    Raises RequestError for a wrong request, and where a key of `sweep` would change nothing.
    """
    return stock.cadcad_experiment(*_stock(scenario, sweep or {}, days, seed, runs, overrides or {}, metrics))


def radcad_experiment(
    scenario: str | Path | Economy,
    *,
    sweep: Mapping[str, Sequence[Any]] | None = None,
    days: int | None = None,
    seed: int = 1,
    runs: int = 1,
    overrides: Mapping[str, Any] | None = None,
    metrics: Sequence[str] | None = None,
) -> Any:
    """A `radcad.Experiment` that its own `run()` runs; arguments, subsets, runs and metrics as `cadcad_experiment`."""
    return stock.radcad_experiment(*_stock(scenario, sweep or {}, days, seed, runs, overrides or {}, metrics))


def _stock(
    scenario: str | Path | Economy,
    sweep: Mapping[str, Sequence[Any]],
    days: int | None,
    seed: int,
    runs: int,
    overrides: Mapping[str, Any],
    metrics: Sequence[str] | None,
) -> tuple[list[Economy], int, range, list[str]]:
    """The subsets' economies, the seed, the runs and the metrics of an experiment for cadCAD or radCAD."""
    chosen = _chosen(metrics)
    _check(runs, seed, "cadcad", chosen)
    economies = swept(_economy(scenario, days, overrides), sweep, seed, range(runs), chosen)
    return economies, seed, range(runs), chosen


def _chosen(metrics: Sequence[str] | None) -> list[str]:
    return list(METRICS) if metrics is None else [metrics] if isinstance(metrics, str) else list(metrics)


def _check(runs: int, seed: int, engine: str, metrics: Sequence[str]) -> None:
    unknown = [name for name in metrics if name not in METRICS]
    if unknown:
        near = ", ".join(nearest(unknown[0], list(METRICS))) or "none near"
        raise RequestError(f"there is no metric {unknown[0]!r}; nearest: {near}; `quiver-sim metrics` lists them")
    if engine not in ENGINES:
        raise RequestError(f"there is no engine {engine!r}; there are {', '.join(ENGINES)}")
    if not isinstance(runs, int) or not 1 <= runs <= MOST_RUNS:
        raise RequestError(f"runs is {runs}; a whole number from 1 to {MOST_RUNS} is needed")
    if not isinstance(seed, int) or not 0 <= seed < 2**63:
        raise RequestError(f"seed is {seed}; a whole number from 0 to 2**63 - 1 is needed")


def _economy(scenario: str | Path | Economy, days: int | None, overrides: Mapping[str, Any]) -> Economy:
    if not isinstance(scenario, Economy):
        return load_scenario(scenario, overrides, days)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise RequestError(f"days is {days}; a whole number from 1 to {MOST_DAYS} is needed")
    return override(replace(scenario, days=days or scenario.days), overrides)
