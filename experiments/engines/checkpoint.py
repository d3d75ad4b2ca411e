"""A state to go on from: written to a file and read again, and checked against the economy that goes on from it.

A file is NumPy's `.npz`, an array a state variable, without pickles. A state may be that of an ensemble, or of one
trajectory, which every trajectory of an ensemble then starts from. What is constant (parameters, agents' attributes,
the script) is not in it: it comes from the economy, the seed and the runs, so a run goes on as it was only with these.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from experiments.errors import Problems, RequestError, UnfitError, unknown
from model.flows import LEDGER
from model.ledger import BOOKED, BURNED, MINTED
from state_updates import COUNTERS, VARIABLES

State = dict[str, Any]


def save_state(file: IO[bytes], state: Mapping[str, Any]) -> None:
    """Write every state variable to an open file, such as `Folder.create` gives, which is there whole or not at all."""
    np.savez(file, **{name: np.asarray(state[name]) for name in VARIABLES})


def load_state(path: Path) -> State:
    """Every array of a file; raises RequestError where it is no such file."""
    try:
        with np.load(path, allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}
    except (OSError, ValueError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise RequestError(f"{path}: found no state ({error}); allowed: a file written by save_state") from None


def fitting(start: Mapping[str, Any], like: Mapping[str, Any], last_day: int) -> State:
    """A copy of `start` in the shapes of `like`, the genesis of the same trajectories; raises RequestError.

    Every variable has to be there in its own shape and type, the day before the last one, no account negative, and
    what was minted less what was burned in the accounts, from which the audit's book begins anew.
    """
    problems = Problems()
    for name in start:
        if name not in VARIABLES:
            problems.add("start", name, unknown(name, "state variable", VARIABLES, "docs/state.md"))
    state: State = {}
    for name in (name for name in VARIABLES if name != BOOKED):
        try:
            state[name] = _shaped(name, start, np.asarray(like[name]))
        except UnfitError as error:
            problems.add("start", name, error)
    problems.raise_any()
    if not 0 <= state["day"] < last_day:
        days = f"a day from 0 to {last_day - 1}, before the economy's last"
        problems.add("start", "day", UnfitError(f"day {state['day']}", days))
    for name in LEDGER.accounts:
        if np.min(state[name]) < 0:
            problems.add("start", name, UnfitError("an amount below zero", "0 nQUIV or more"))
    apart = state[MINTED] - state[BURNED] - LEDGER.holdings(state)
    if np.any(apart != 0):
        found = f"{int(np.ravel(apart)[np.flatnonzero(apart)[0]])} nQUIV minted and not burned that no account has"
        problems.add("start", MINTED, UnfitError(found, "minted less burned is the sum of all accounts"))
    problems.raise_any()
    return state | {BOOKED: LEDGER.book(LEDGER.totals(state))}


def _shaped(name: str, start: Mapping[str, Any], like: NDArray[Any]) -> Any:
    """A variable in the shape of all trajectories, written by nobody else."""
    if name not in start:
        raise UnfitError("nothing", f"an array of shape {like.shape}")
    value = np.asarray(start[name])
    shapes = [like.shape] if name in COUNTERS else [like.shape, like.shape[1:]]
    if value.shape not in shapes or value.dtype != like.dtype:
        axes = f"{like.shape[0]} at once" if name not in COUNTERS else "the whole batch"
        allowed = f"{' or '.join(map(str, dict.fromkeys(shapes)))} of {like.dtype}, for {axes}"
        raise UnfitError(f"shape {value.shape} of {value.dtype}", allowed)
    if not np.all(np.isfinite(value)):
        raise UnfitError("a value that is no number", "finite numbers")
    return like.dtype.type(value) if name in COUNTERS else np.broadcast_to(value, like.shape).copy()
