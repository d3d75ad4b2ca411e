"""Every day's state in each engine, in one form: what the tests of equality and of conservation look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from unittest import mock

import numpy as np

from experiments.engines import ensemble, reference
from model.economy import Economy, ScriptedProposal
from model.parameters import Parameters
from state_updates import COUNTERS, VARIABLES

State = dict[str, Any]
EXACT = ("ensemble", "radcad", "cadcad")
"""The engines whose every number is the same to the last bit; test_compiled.py is about the other."""
Watch = Callable[[ensemble.EnsembleExecution], None]
SMALL = {"providers": 5, "consumers": 4, "validators": 2, "holders": 7}
QUICK = {"discussion_days": 2, "voting_days": 3, "timelock_days": 2, "turnout": 0.9}
"""A governance calendar that fits into a test's days."""
RAISE_BURN = ScriptedProposal(day=3, parameter="fees.burn_share", value=0.55, type="economic", support=0.95, proposer=3)


def parameters(**contracts: Mapping[str, Any]) -> Parameters:
    """The default parameters with some contracts' values replaced; validated."""
    default = Parameters()
    models = {key: type(getattr(default, key))(**values) for key, values in contracts.items()}
    return Parameters(**models)


def small(days: int = 60, **settings: Any) -> Economy:
    """A small economy; `contracts` among the settings replaces parameters, the rest are the economy's own."""
    contracts = {"population": SMALL, "governance": QUICK, "providers": {"initial_online": 1.0}} | settings.pop(
        "contracts", {}
    )
    return Economy(days=days, parameters=parameters(**contracts), **settings)


def watched(watch: Watch) -> type[ensemble.EnsembleExecution]:
    """The ensemble's execution, which shows itself to `watch` at genesis and at the end of each day."""

    @dataclass
    class Watched(ensemble.EnsembleExecution):
        def before_execution(self) -> None:
            super().before_execution()
            watch(self)

        def after_step(self) -> None:
            super().after_step()
            watch(self)

    return Watched


def watch_ensemble(
    economies: Sequence[Economy], seed: int, runs: Sequence[int], watch: Watch, metrics: Sequence[str] = ()
) -> dict[str, Any]:
    """`ensemble.execute` with a look at every day."""
    with mock.patch.object(ensemble, "EnsembleExecution", watched(watch)):
        return ensemble.execute(economies, seed, runs, metrics)


def ensemble_days(economies: Sequence[Economy], seed: int, runs: Sequence[int]) -> list[State]:
    """The ensemble's state at genesis and at the end of each day, copied."""
    days: list[State] = []
    watch_ensemble(economies, seed, runs, lambda e: days.append({key: np.array(e.state[key]) for key in VARIABLES}))
    return days


def trajectory(days: Sequence[State], row: int) -> list[State]:
    """One trajectory of an ensemble's days."""
    return [{key: value if key in COUNTERS else value[row] for key, value in day.items()} for day in days]


def radcad_days(economy: Economy, seed: int, run: int, deepcopy: bool = False) -> list[State]:
    """radCAD's states, one a day."""
    states, _ = reference.radcad_states(economy, seed, run, deepcopy=deepcopy)
    return [{key: np.array(state[key]) for key in VARIABLES} for state in states]


def cadcad_days(economy: Economy, seed: int, run: int) -> list[State]:
    """cadCAD's states, one a day."""
    states, _ = reference.cadcad_states(economy, seed, run)
    return [{key: np.array(state[key]) for key in VARIABLES} for state in states]


def differences(
    one: Sequence[State], other: Sequence[State], leave: Sequence[str] = ()
) -> Iterator[tuple[int, str, Any, Any]]:
    """Day, variable and both values wherever two trajectories are not the same bits, shape and type included."""
    assert len(one) == len(other), (len(one), len(other))
    for day, (left, right) in enumerate(zip(one, other, strict=True)):
        for key in (key for key in VARIABLES if key not in leave):
            a, b = np.asarray(left[key]), np.asarray(right[key])
            if a.dtype != b.dtype or a.shape != b.shape or a.tobytes() != b.tobytes():
                yield day, key, a, b


def assert_same(one: Sequence[State], other: Sequence[State], leave: Sequence[str] = ()) -> None:
    """Two trajectories agree bit for bit in every state variable on every day; the first difference is shown."""
    first = next(differences(one, other, leave), None)
    assert first is None, f"day {first[0]}, {first[1]}: {first[2]} is not {first[3]}"
