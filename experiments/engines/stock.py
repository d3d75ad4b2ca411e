"""Experiments for cadCAD and radCAD as they come: subset k is the k-th economy, run r (which they count from 1) is our
run r - 1.

cadCAD's `M` and `N`, and radCAD's lists in `params`, reach the constants of the days alone. The first state, agents
and shapes follow from parameters and from the run too, and a live parameter, which governance may change, is a state
variable. So every subset and run has a configuration of its own: its first state, its blocks, and as `params` the
constants that these blocks read, none besides. The first block refuses other constants, and runs that would be copies
of one; the last has the metrics, as state variables `metrics.NAME`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.engines.genesis import State, genesis_alone
from experiments.engines.quiet import quietly
from experiments.engines.substep import run_block
from experiments.engines.wiring import Wired, audited, blocks, wiring
from experiments.errors import RequestError, UnfitError
from model.arrays import Signals, Unread, Values
from model.economy import Economy
from model.metrics import Reading, measure
from state_updates.common import assigned

PREFIX = "metrics."
"""What the names of the state variables that hold metrics begin with."""

REMEDY = "sweep and repeat with cadcad_experiment or radcad_experiment, which make each subset's and run's first state"


@dataclass(frozen=True)
class Configured:
    """One trajectory as cadCAD and radCAD take it: the first state, the constants that its blocks read, the blocks."""

    state: State
    params: State
    blocks: list[Wired]


def cadcad_experiment(economies: Sequence[Economy], seed: int, runs: range, metrics: Sequence[str]) -> Any:
    """A `cadCAD.configuration.Experiment` of all economies, each with all runs; they share the horizon."""
    with quietly():
        from cadCAD.configuration import Experiment

        experiment = Experiment()
        subsets = [_each(economy, seed, metrics) for economy in economies]
        first = subsets[0](runs[0])
        experiment.append_model(
            model_id="quiver",
            initial_state=first.state,
            partial_state_update_blocks=first.blocks,
            sim_configs=[{"N": len(runs), "T": range(economy.days), "M": first.params} for economy in economies],
        )
    places = [(subset, run) for subset in range(len(economies)) for run in runs]
    for config, (subset, run) in zip(experiment.configs, places, strict=True):
        one = subsets[subset](run)
        config.subset_id, config.run_id = subset, run
        config.initial_state, config.partial_state_update_blocks = one.state, one.blocks
        config.sim_config["M"] = one.params
    return experiment


def radcad_experiment(economies: Sequence[Economy], seed: int, runs: range, metrics: Sequence[str]) -> Any:
    """A `radcad.Experiment` of one simulation that sweeps `subset`; its hooks give each subset and run its own."""
    from radcad import Experiment, Model, Simulation

    subsets = [_each(economy, seed, metrics) for economy in economies]
    first = subsets[0](runs[0])

    def before_run(context: Any) -> None:
        context.run += runs.start  # it counts from 1, and on where somebody asks the simulation for more runs

    def before_subset(context: Any) -> None:
        _only(context.parameters, {"subset"})
        one = subsets[context.parameters["subset"]](context.run - 1)
        context.initial_state, context.parameters, context.state_update_blocks = one.state, one.params, one.blocks

    model = Model(first.state, first.blocks, {"subset": list(range(len(economies)))})
    days = economies[0].days
    simulation = Simulation(model, days, len(runs))
    simulation.before_run, simulation.before_subset = before_run, before_subset
    return Experiment([simulation])


def same(one: Economy, other: Economy, seed: int, runs: Sequence[int], metrics: Sequence[str]) -> bool:
    """Whether cadCAD and radCAD would run two economies alike: nothing that differs between them is read."""
    if [substep.policy for substep in blocks(one)] != [substep.policy for substep in blocks(other)]:
        return False
    left, right = _each(one, seed, metrics), _each(other, seed, metrics)
    pairs = ((left(run), right(run)) for run in runs)
    return all(_equal(a.state, b.state) and _equal(a.params, b.params) for a, b in pairs)


def _equal(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one.keys() == other.keys() and all(np.array_equal(one[key], other[key], equal_nan=True) for key in one)


def _each(economy: Economy, seed: int, metrics: Sequence[str]) -> Callable[[int], Configured]:
    """What gives each run of an economy its configuration."""
    days = wiring(blocks(economy))
    read: set[str] = set()

    def configured(run: int) -> Configured:
        state, params = genesis_alone(economy, seed, run)
        if not read:
            read.update(_read(state, params, days, metrics))
        constants = {name: value for name, value in params.items() if name in read}
        wired = [_checked(frozenset(read)), *audited(days), _measured(metrics)]
        return Configured(state | _metrics(state, constants, metrics), constants, wired)

    return configured


class Noted(dict[str, Any]):
    """Values by name that note which of them are read."""

    def __init__(self, values: Mapping[str, Any]) -> None:
        super().__init__(values)
        self.read: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.read.add(name)
        return super().__getitem__(name)


def _read(state: State, params: State, days: Sequence[Wired], metrics: Sequence[str]) -> set[str]:
    """The constants that the blocks of a day and the metrics read: the same on every day, as none asks for values."""
    noted = Noted(params)
    for block in days:
        state = run_block(noted, state, block).state
    measure(Reading(state, noted), metrics)
    return noted.read | {"draws.run"}


def _checked(read: frozenset[str]) -> Wired:
    """A block that refuses constants which nothing reads, a lack of some, and another run than that of the draws."""

    def constants(
        params: Values, substep: Unread, state_history: Unread, previous_state: Values, *additional: object
    ) -> Signals:
        if additional:
            rule = UnfitError("additional_objs, which cadCAD hands to policies", "none, or {'deepcopy_off': True}")
            raise RequestError(f"policies of this model take no more than cadCAD's four arguments: {rule}")
        _only(params, read)
        if previous_state["run"] != params["draws.run"] + 1:
            raise RequestError(
                f"run {previous_state['run']} would repeat run {params['draws.run'] + 1}, whose first state and draws "
                f"it has; allowed: the runs of the experiment; {REMEDY}"
            )
        return {}

    return {"policies": {"constants": constants}, "variables": {}}


def _only(params: Values, read: set[str] | frozenset[str]) -> None:
    """Refuse constants that are not read, and a lack of some that are."""
    for name in sorted(params.keys() - read):
        raise RequestError(f"params: found {name}, which nothing reads, so that it would change nothing; {REMEDY}")
    for name in sorted(read - params.keys()):
        raise RequestError(f"params: {name} is missing, which the blocks read; {REMEDY}")


def _measured(metrics: Sequence[str]) -> Wired:
    """The last block of a day, with the metrics of its end."""

    def measured(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
        return _metrics(previous_state, params, metrics)

    names = [PREFIX + name for name in metrics]
    return {"policies": {"metrics": measured}, "variables": {name: assigned(name) for name in names}}


def _metrics(state: Values, params: Values, metrics: Sequence[str]) -> Signals:
    values = measure(Reading(state, params), metrics)
    return {PREFIX + name: float(value) for name, value in zip(metrics, values, strict=True)}
