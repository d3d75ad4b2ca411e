"""The compiled engine: the ensemble's own blocks, traced once by JAX and compiled, many trajectories at a time.

A batch of trajectories always has the same size on a device, the last one filled up, so that one program serves any
number of trajectories and a trajectory is the same in whatever company. The program goes on for a number of days that
it is told, at most a segment, so it serves any horizon, and memory grows with neither days nor trajectories. JAX is
imported when the engine is first used.

Nothing can be raised from within a program. It notes the first day on which a trajectory breaks the ledger or a
function refuses its input; the batch is then worked out again up to that day, and the ensemble, which goes on from
there, raises the error in its own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines import device, ensemble
from experiments.engines.genesis import genesis
from experiments.engines.substep import Signals, State, run_block
from experiments.engines.wiring import Wired, blocks, wiring
from model import traced
from model.arrays import to_quiv
from model.economy import Economy
from model.flows import LEDGER
from model.ledger import BOOKED, CAP_NQUIV, MINTED, LedgerError
from model.metrics import Reading, measure
from state_updates import COUNTERS
from state_updates.staking import CLASSES

SEGMENT = 64
"""Days of a program at most: what it records of them waits on the device."""

WELL = np.iinfo(np.int64).max
"""The first bad day of a trajectory that has none."""

RINGS = tuple(f"{who}_released_nquiv" for who in CLASSES)
"""Ring buffers of which nothing but the entry of the day is read."""

Program = Callable[[State, State, int], tuple[State, Any, Any, Any]]
"""From constant parameters, a state and a number of days: the state after them, the record `(segment, metrics, batch)`,
what flows moved, QUIV `(flows, batch)`, and each trajectory's first bad day `(batch,)`. The state is given up."""

programs: dict[Any, Program] = {}
"""The programs of this process, by structure, metrics and shapes."""


def run_jax(economies: Sequence[Economy], seed: int, runs: Sequence[int], metrics: Sequence[str]) -> NDArray[Any]:
    """Trajectories `(economies[i], runs[i])`; they must agree in structure. Raises LedgerError, GoPanic.

    RequestError where JAX is not installed.
    """
    return np.ascontiguousarray(execute_compiled(economies, seed, runs, metrics)["record"].transpose(2, 0, 1))


def execute_compiled(
    economies: Sequence[Economy], seed: int, runs: Sequence[int], metrics: Sequence[str]
) -> dict[str, Any]:
    """The same as `ensemble.execute`: the record `(days + 1, metrics, trajectories)`, `moved`, the last state."""
    ensemble.check_alike(economies)
    done = []
    with device.ready() as jax:
        size = device.batch(jax)
        for start in range(0, len(runs), size):
            part = slice(start, start + size)
            done.append(_Batch(list(economies[part]), seed, list(runs[part]), tuple(metrics), size).run(jax))
    return {
        "record": np.concatenate([part["record"] for part in done], axis=-1),
        "moved": np.concatenate([part["moved"] for part in done], axis=-1),
        "state": {
            name: value if name in COUNTERS else np.concatenate([part["state"][name] for part in done])
            for name, value in done[0]["state"].items()
        },
    }


@dataclass
class _Batch:
    """Trajectories that a program runs at once, filled up to its size by the last of them."""

    economies: list[Economy]
    seed: int
    runs: list[int]
    metrics: tuple[str, ...]
    size: int

    def run(self, jax: Any) -> dict[str, Any]:
        days, count = self.economies[0].days, len(self.runs)
        state, params = self._begin()
        record = np.empty((days + 1, len(self.metrics), count))
        for place, value in enumerate(measure(Reading(state, params), self.metrics)):
            record[0, place] = np.broadcast_to(value, self.size)[:count]
        moved = np.zeros((len(LEDGER.flows), count))
        params, state = jax.device_put((params, state))
        program = self._program(jax, params, state)
        for start in range(0, days, SEGMENT):
            todo = min(SEGMENT, days - start)
            state, rows, flowed, bad = program(params, state, todo)
            if (first := int(np.min(bad))) != WELL:
                self._fail(jax, program, first)
            record[start + 1 : start + 1 + todo] = np.asarray(rows)[:todo, :, :count]
            moved += np.asarray(flowed)[:, :count]
        last = {name: np.asarray(value) for name, value in state.items()}
        cut = {name: value[:count] if value.ndim else value for name, value in last.items()}
        return {"record": record, "moved": moved, "state": cut}

    def _begin(self) -> tuple[State, State]:
        fill = self.size - len(self.runs)
        economies, runs = self.economies + self.economies[-1:] * fill, self.runs + self.runs[-1:] * fill
        return genesis(economies, self.seed, runs, spread=True)

    def _program(self, jax: Any, params: State, state: State) -> Program:
        """The program for this structure and these shapes, compiled once in a process."""
        first = self.economies[0]
        shapes = tuple((name, value.shape, str(value.dtype)) for name, value in sorted((params | state).items()))
        key = (first.structure(), self.metrics, shapes)
        if key not in programs:
            programs[key] = compiled(jax, wiring(blocks(first)), self.metrics, params, state)
        return programs[key]

    def _fail(self, jax: Any, program: Program, day: int) -> None:
        """Raise what the ensemble raises on a day, from the state before it; or sooner, as a figure may tell late."""
        state, params = jax.device_put(self._begin())
        for start in range(0, day, SEGMENT):
            state, *_ = program(params, state, min(SEGMENT, day - start))
        before = {name: np.asarray(value)[: len(self.runs)] if value.ndim else value for name, value in state.items()}
        ensemble.execute(self.economies, self.seed, self.runs, (), before)
        ensemble.execute(self.economies, self.seed, self.runs, ())
        raise LedgerError(f"day {day}: the compiled blocks break the ledger, and NumPy's do not")


def compiled(jax: Any, wired: list[Wired], metrics: tuple[str, ...], params: State, state: State) -> Program:
    """The program of a wiring that records some metrics, for arrays of these shapes."""
    xp = jax.numpy
    size = len(params["draws.run"])

    def some_days(params: State, state: State, days: Any) -> tuple[State, Any, Any, Any]:
        def one_day(place: Any, carried: tuple[State, Any, Any, Any]) -> tuple[State, Any, Any, Any]:
            state, record, moved, bad = carried
            after, totals, wrong = _day(params, state, wired, days < 0)
            after = after | {name: traced.ring(after[name].slots, after["day"]) for name in RINGS}
            values = measure(Reading(after, params, totals), metrics)
            rows = xp.stack([xp.broadcast_to(value, (size,)) for value in values]) if values else record[0]
            wrong = wrong | ~xp.isfinite(rows).all(axis=0) if values else wrong
            bad = xp.where((bad == WELL) & wrong, state["day"], bad)
            return after, record.at[place].set(rows), moved + to_quiv(after["flows_nquiv"]).T, bad

        record = xp.zeros((SEGMENT, len(metrics), size))
        rings = {name: traced.ring(state[name], state["day"]) for name in RINGS}
        begun = (state | rings, record, xp.zeros((len(LEDGER.flows), size)), xp.full(size, WELL))
        after, *found = jax.lax.fori_loop(0, days, one_day, begun)
        return (after | {name: after[name].slots for name in RINGS}, *found)

    shapes = jax.tree.map(lambda value: jax.ShapeDtypeStruct(value.shape, value.dtype), (params, state))
    lowered = jax.jit(some_days, donate_argnums=(1,)).lower(*shapes, jax.ShapeDtypeStruct((), np.int64))
    program: Program = lowered.compile()
    return program


def _day(params: State, state: State, wired: list[Wired], never: Any) -> tuple[State, dict[str, Any], Any]:
    """The state after a day, its accounts' totals, and which trajectories went wrong in it, `(batch,)`.

    `never` is for `traced.once`.
    """
    totals = LEDGER.read(state[BOOKED])
    wrong, audits = _off(totals, state, LEDGER.columns), 0
    with traced.program(never) as refused:
        for block in wired:
            before = dict(state)
            state, signals, accounts = run_block(params, state, block, _worked_out)
            totals, broken = tally_block(totals, before, state, signals)
            wrong, audits = wrong | broken, audits + bool(accounts)
    for mask in refused:
        own = mask.ndim and len(mask) == len(wrong)
        wrong = wrong | (mask.reshape(len(wrong), -1).any(axis=-1) if own else mask.any())
    done = {"audited_substeps": state["audited_substeps"] + audits, BOOKED: LEDGER.book(totals)}
    return state | done, totals, wrong


def _worked_out(state: State, signals: Signals) -> Signals:
    """The same signals, those that are not in the state as they are worked out once, not by each of their readers."""
    there = {id(value) for value in state.values()}
    fresh: Signals = traced.once({name: signal for name, signal in signals.items() if id(signal) not in there})
    return signals | fresh


def tally_block(totals: Mapping[str, Any], before: State, state: State, signals: Signals) -> tuple[dict[str, Any], Any]:
    """The totals after a block, and which trajectories `Ledger.audit` would not let pass.

    A traced array cannot be written: an account is what it was where the array is the same.
    """
    due = LEDGER.entered(totals, signals)
    moved = [name for name in LEDGER.columns if state[name] is not before[name] or due[name] is not totals[name]]
    broken = _off(due, state, moved) | (due[MINTED] > CAP_NQUIV)
    for name in moved:
        broken = broken | (state[name] < 0).reshape(len(broken), -1).any(axis=-1)
    return due, broken


def _off(totals: Mapping[str, Any], state: State, names: Sequence[str]) -> Any:
    """In which trajectories some accounts are not what the book says, `(batch,)`."""
    off = totals[MINTED] != state[MINTED]
    for name in names:
        off = off | (LEDGER.total(name, state[name]) != totals[name])
    return off
