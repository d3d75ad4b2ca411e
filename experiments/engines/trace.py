"""One trajectory told: its metrics by day, what each flow of the ledger moved, and what happened when."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from experiments.engines.ensemble import EnsembleExecution, execute
from experiments.engines.events import Event, events_of_day, planned, watched
from model.economy import Economy
from model.flows import LEDGER

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Journal:
    """`record` is `(days + 1, metrics)`, `moved` QUIV by flow over all days, `events` in order of their day."""

    record: np.ndarray
    moved: dict[str, float]
    events: list[Event]


@dataclass
class Watching(EnsembleExecution):
    """The ensemble with one trajectory, which also notes what happens from day to day and says how far it is."""

    progress: Progress | None = None
    days: int = 0
    before: dict[str, np.ndarray] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def before_execution(self) -> None:
        super().before_execution()
        self.before = watched(self.state)

    def after_step(self) -> None:
        super().after_step()
        day, after = (self.timestep or 0) + 1, watched(self.state)
        self.events += events_of_day(day, self.before, after)
        self.before = after
        if self.progress:
            self.progress(day, self.days)

    def after_execution(self) -> None:
        super().after_execution()
        self.result[0][0]["events"] = self.events


def journal(economy: Economy, seed: int, run: int, metrics: Sequence[str], progress: Progress | None = None) -> Journal:
    """Simulate run `run` of an economy alone; `progress(day, days)` is called at the end of each day.

    Raises LedgerError where money is not conserved.
    """
    watching = Watching(metrics=tuple(metrics), progress=progress, days=economy.days)
    outcome: dict[str, Any] = execute([economy], seed, [run], metrics, execution=watching)
    moved = dict(zip(LEDGER.flows, outcome["moved"][:, 0].tolist(), strict=True))
    events = sorted([*planned(economy), *outcome["events"]], key=lambda event: event.day)
    return Journal(outcome["record"][..., 0], moved, events)
