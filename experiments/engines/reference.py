"""The reference engines: cadCAD and radCAD as they come, one trajectory at a time, running the very blocks of the
ensemble.

They keep a state for every substep, which is what makes them good to read and debug, and slow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.genesis import genesis_alone
from experiments.engines.quiet import quietly
from experiments.engines.stock import cadcad_experiment, radcad_experiment
from model.economy import Economy
from model.metrics import Reading, measure

States = list[dict[str, Any]]


def run_radcad(economies: Sequence[Economy], seed: int, runs: Sequence[int], metrics: Sequence[str]) -> NDArray[Any]:
    """Each trajectory by `radcad.Model`, without deep copies, keeping the last substep of each day."""
    return _each(radcad_states, economies, seed, runs, metrics)


def run_cadcad(economies: Sequence[Economy], seed: int, runs: Sequence[int], metrics: Sequence[str]) -> NDArray[Any]:
    """Each trajectory by `cadCAD.configuration.Experiment`, in a single process, without deep copies."""
    return _each(cadcad_states, economies, seed, runs, metrics)


def radcad_states(
    economy: Economy, seed: int, run: int, deepcopy: bool = False, drop_substeps: bool = True
) -> tuple[States, dict[str, Any]]:
    """States of one trajectory from genesis on (one a day, or one a substep), and its constant parameters."""
    from radcad import Backend, Engine

    with quietly():
        experiment = radcad_experiment([economy], seed, range(run, run + 1), ())
        experiment.engine = Engine(backend=Backend.SINGLE_PROCESS, deepcopy=deepcopy, drop_substeps=drop_substeps)
        results = experiment.run()
    return results, genesis_alone(economy, seed, run)[1]


def cadcad_states(economy: Economy, seed: int, run: int) -> tuple[States, dict[str, Any]]:
    """States of one trajectory from genesis on, one a day, and its constant parameters."""
    with quietly():
        from cadCAD.engine import ExecutionContext, ExecutionMode, Executor

        experiment = cadcad_experiment([economy], seed, range(run, run + 1), ())
        context = ExecutionContext(context=ExecutionMode().single_mode, additional_objs={"deepcopy_off": True})
        events, _, _ = Executor(exec_context=context, configs=experiment.configs).execute()
    return list({event["timestep"]: event for event in events}.values()), genesis_alone(economy, seed, run)[1]


def _each(
    states: Callable[[Economy, int, int], tuple[States, dict[str, Any]]],
    economies: Sequence[Economy],
    seed: int,
    runs: Sequence[int],
    metrics: Sequence[str],
) -> NDArray[Any]:
    """The metrics of every day of each trajectory, one trajectory after another."""
    record = np.empty((len(runs), economies[0].days + 1, len(metrics)))
    for place, (economy, run) in enumerate(zip(economies, runs, strict=True)):
        days, params = states(economy, seed, run)
        for day, state in enumerate(days):
            record[place, day] = [np.asarray(value) for value in measure(Reading(state, params), metrics)]
    return record
