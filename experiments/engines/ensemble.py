"""The ensemble: radCAD driving arrays with the trajectories in front.

radCAD's `SimulationExecution` is its extension point. `EnsembleExecution` keeps no copies and no substeps: it holds
one state, audits the ledger after every substep, and records metrics and what flows moved at the end of each day. Ring
buffers, which nobody else sees, are written in place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from radcad import Backend, Engine, Model, Simulation
from radcad.core import SimulationExecution

from experiments.engines.checkpoint import fitting
from experiments.engines.genesis import genesis
from experiments.engines.quiet import quietly
from experiments.engines.substep import BlockResult, audit_block, close_book, run_block
from experiments.engines.wiring import Wired, blocks, wiring
from model.arrays import Consumable, to_quiv
from model.economy import Economy
from model.flows import LEDGER
from model.ledger import BOOKED
from model.metrics import Reading, measure
from state_updates import VARIABLES

RINGS = tuple(variable.name for variable in VARIABLES.values() if len(variable.axes.split()) > 1)
"""Variables with an axis of slots before their agents: nobody reads an old one."""


@dataclass
class EnsembleExecution(SimulationExecution):  # type: ignore[misc, unused-ignore]
    """A radCAD simulation whose state has a batch axis; `metrics` are recorded each day."""

    metrics: tuple[str, ...] = ()
    state: dict[str, Any] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)
    record: NDArray[Any] = field(default_factory=lambda: np.empty(0))
    moved: NDArray[Any] = field(default_factory=lambda: np.empty(0))

    def before_execution(self) -> None:
        self.state = dict(self.initial_state)
        for name in RINGS:
            self.state[name] = self.state[name].view(Consumable)
        self.totals = LEDGER.read(self.state[BOOKED])
        trajectories = len(self.params["draws.run"])
        self.record = np.empty((self.timesteps + 1, len(self.metrics), trajectories))
        self.moved = np.zeros((len(LEDGER.flows), trajectories))
        self._record(0)

    def before_step(self) -> None:
        """The state in hand is the day's first: nothing to copy."""

    def substep(self, state_update_block: Wired) -> None:
        after = run_block(self.params, self.state, state_update_block)
        self.audit(state_update_block, after)
        self.state = after.state

    def audit(self, block: Wired, after: BlockResult) -> None:
        """Compare the accounts with the book."""
        self.totals = audit_block(self.params, self.totals, self.state, block, after)

    def after_step(self) -> None:
        close_book(self.params, self.totals, self.state)
        self._record((self.timestep or 0) + 1)
        self.moved += to_quiv(self.state["flows_nquiv"]).T

    def after_execution(self) -> None:
        self.result = [[{"record": self.record, "moved": self.moved, "state": self.state}]]

    def _record(self, day: int) -> None:
        for place, value in enumerate(measure(Reading(self.state, self.params, dict(self.totals)), self.metrics)):
            self.record[day, place] = value


def run_ensemble(economies: Sequence[Economy], seed: int, runs: Sequence[int], metrics: Sequence[str]) -> NDArray[Any]:
    """Trajectories `(economies[i], runs[i])` at once; they must agree in structure. Raises LedgerError, GoPanic."""
    return np.ascontiguousarray(execute(economies, seed, runs, metrics)["record"].transpose(2, 0, 1))


def execute(
    economies: Sequence[Economy],
    seed: int,
    runs: Sequence[int],
    metrics: Sequence[str],
    start: Mapping[str, Any] | None = None,
    execution: EnsembleExecution | None = None,
) -> dict[str, Any]:
    """The same, with the record as `(days + 1, metrics, trajectories)` beside the last state.

    `moved` `(flows, trajectories)` is what each flow of the ledger has moved over all days, QUIV.

    From `start`, the state at the end of an earlier day, it goes on to the economies' last day; the record then begins
    with that day. `execution`, made with the same metrics, is one that does more than to record.
    """
    check_alike(economies)
    first = economies[0]
    state, params = genesis(economies, seed, runs)
    if start is not None:
        state = fitting(start, state, first.days)
    execution = execution or EnsembleExecution(metrics=tuple(metrics))
    model = Model(initial_state=state, state_update_blocks=wiring(blocks(first)), params=params)
    engine = Engine(backend=Backend.SINGLE_PROCESS, simulation_execution=execution)
    with quietly():
        simulation = Simulation(model=model, timesteps=first.days - int(state["day"]), runs=1)
        simulation.engine = engine
        results = simulation.run()
    outcome: dict[str, Any] = results[0]
    return outcome


def check_alike(economies: Sequence[Economy]) -> None:
    """ValueError where economies differ in structure."""
    first = economies[0]
    unlike = [e.name for e in economies if e is not first and e.structure() != first.structure()]
    if unlike:
        raise ValueError(f"trajectories of one ensemble must share structural parameters; {unlike[0]} differs")
