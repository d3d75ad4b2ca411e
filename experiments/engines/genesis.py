"""Genesis: the first state and the constant parameters of one trajectory, or of an ensemble.

`genesis(economies, seed, runs)` gives an ensemble: trajectory i has the parameters of `economies[i]` and the draws of
`runs[i]`. A variable's first value is what its declaration in `state_updates/` says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model import attacks, draws
from model.agents import agents
from model.arrays import Array
from model.balances import balances
from model.codes import CASE_CAUSES, CASE_OUTCOMES, PROPOSAL_ENDS, SLASH_CAUSES
from model.constants import constants
from model.economy import Economy
from model.flows import LEDGER
from model.parameters import GOVERNED
from model.parameters.investors import CLASSES
from model.parameters.pricing import SIZES
from model.parameters.supply import ALLOCATIONS
from model.script import scripted
from model.variable import Opening, Variable
from state_updates import VARIABLES

State = dict[str, Any]


def genesis(economies: Sequence[Economy], seed: int, runs: Sequence[int], spread: bool = False) -> tuple[State, State]:
    """State and parameters of an ensemble; every array has the trajectories in front.

    Parameters in which all economies agree are shared; with `spread` none is, so that shapes do not depend on values.
    """
    return _build(economies, seed, np.asarray(runs, dtype=np.int64), (len(runs),), spread)


def genesis_alone(economy: Economy, seed: int, run: int) -> tuple[State, State]:
    """State and parameters of one trajectory; figures have shape `()`."""
    return _build([economy], seed, np.asarray(run, dtype=np.int64), ())


def _build(
    economies: Sequence[Economy], seed: int, runs: Array, batch: tuple[int, ...], spread: bool = False
) -> tuple[State, State]:
    first = economies[0]
    for key, found, allowed in first.start.unfit(first) if first.start else ():
        raise ValueError(f"{key} is {found}; allowed: {allowed}")
    points = {id(economy): constants(economy) for economy in economies}
    params = _stack([points[id(economy)] for economy in economies], spread)
    params["draws.run"] = runs
    params["draws.key"] = draws.trajectory_key(seed, runs)
    params["draws.noise"] = np.asarray(1.0 if first.noise else 0.0)
    params |= scripted(first)
    params |= agents(first, params)
    per_token = first.parameters.staking.rewards == "per_token"
    params["genesis.commission"] = params["agents.commission"] * float(per_token)
    opening = Opening(first, params, balances(first, params, batch))
    LEDGER.check_whole(LEDGER.totals(opening.balances), "day 0, genesis", runs)
    return _state(opening, batch), params


def _stack(points: list[State], spread: bool) -> State:
    """One array a name: with the trajectories in front, or shared where all points agree and they are not `spread`."""
    alike = {
        name
        for name in points[0]
        if not spread and all(p is points[0] or np.array_equal(p[name], points[0][name]) for p in points)
    }
    return {name: points[0][name] if name in alike else np.stack([p[name] for p in points]) for name in points[0]}


def _state(opening: Opening, batch: tuple[int, ...]) -> State:
    """Every declared variable's first value as an array of its full shape."""
    lengths = axes(opening.economy, opening.params)
    return {name: _first(variable, opening, lengths, batch) for name, variable in VARIABLES.items()}


def _first(variable: Variable, opening: Opening, lengths: Mapping[str, int], batch: tuple[int, ...]) -> Any:
    """The first value, `(*batch, *axes)`; one number of a variable that the whole batch shares."""
    kind = np.int64 if variable.dtype is int else np.float64
    value = variable.start(opening) if callable(variable.start) else variable.start
    if not variable.batched:
        return kind(value)
    own = tuple(lengths[axis] for axis in variable.axes.split())
    return np.broadcast_to(np.asarray(value, dtype=kind), batch + own).copy()


def axes(economy: Economy, params: Mapping[str, Array]) -> dict[str, int]:
    """The length of every axis that a variable can have beside the batch."""
    parameters, size = economy.parameters, economy.parameters.population
    return {
        "providers": size.providers,
        "consumers": size.consumers,
        "validators": size.validators,
        "holders": size.holders,
        "voters": size.holders + size.providers + size.consumers,
        "investors": len(CLASSES),
        "speculators": len(parameters.speculators.horizons_days),
        "sides": 2 * len(attacks.CLASSES),
        "feeds": parameters.oracle.feeds,
        "allocations": len(ALLOCATIONS),
        "sizes": len(SIZES),
        "flows": len(LEDGER.flows),
        "accounts": len(LEDGER.columns),
        "governed": len(GOVERNED),
        "slots": params["script.day"].shape[-1],
        "causes": len(CASE_CAUSES),
        "outcomes": len(CASE_OUTCOMES),
        "slash_causes": len(SLASH_CAUSES),
        "proposal_ends": len(PROPOSAL_ENDS),
        "unbonding_days": parameters.staking.unbonding_days,
        "expiry_days": parameters.jobs.expiry_days,
        "window_days": economy.window_days,
        "growth_days": 2 * parameters.emission.growth_window_days,
        "delay_days": max(parameters.fees.controller_delay_days, 1),
        "one": 1,
    }
