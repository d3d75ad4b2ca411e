"""Trace of one trajectory: its metrics by day, what each flow of the ledger moved, and its events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from numpy.typing import NDArray

from experiments.engines.ensemble import EnsembleExecution, execute
from experiments.engines.events import Event, events_between, observed, planned
from model.economy import Economy
from model.flows import LEDGER

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Trace:
    """Trace of a run: `record` is `(days + 1, metrics)`, `moved` QUIV by flow over all days, `events` by day."""

    record: NDArray[Any]
    moved: dict[str, float]
    events: list[Event]


@dataclass
class TracingExecution(EnsembleExecution):
    """The ensemble with one trajectory, which also keeps its events and reports its progress."""

    progress: Progress | None = None
    days: int = 0
    before: dict[str, NDArray[Any]] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def before_execution(self) -> None:
        super().before_execution()
        self.before = observed(self.state)

    def after_step(self) -> None:
        super().after_step()
        day, after = (self.timestep or 0) + 1, observed(self.state)
        self.events += events_between(day, self.before, after)
        self.before = after
        if self.progress:
            self.progress(day, self.days)

    def after_execution(self) -> None:
        super().after_execution()
        self.result[0][0]["events"] = self.events


def trace_run(economy: Economy, seed: int, run: int, metrics: Sequence[str], progress: Progress | None = None) -> Trace:
    """Simulate run `run` of an economy alone; `progress(day, days)` is called at the end of each day.

    Raises LedgerError where money is not conserved.
    """
    execution = TracingExecution(metrics=tuple(metrics), progress=progress, days=economy.days)
    outcome: dict[str, Any] = execute([economy], seed, [run], metrics, execution=execution)
    moved = dict(zip(LEDGER.flows, outcome["moved"][:, 0].tolist(), strict=True))
    events = sorted([*planned(economy), *outcome["events"]], key=lambda event: event.day)
    return Trace(outcome["record"][..., 0], moved, events)
