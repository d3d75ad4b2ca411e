"""Where the ensemble's time goes: the same execution with a clock around each of its parts."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from experiments.engines.ensemble import EnsembleExecution
from experiments.engines.genesis import genesis
from experiments.engines.substep import BlockResult
from experiments.engines.wiring import Function, Wired, blocks, wiring
from model.economy import Economy

TRAJECTORIES = 256


class TimedExecution(EnsembleExecution):
    """An ensemble that adds up the seconds of its policies by block, its state updates, its audit and its records."""

    def substep(self, state_update_block: Wired) -> None:
        super().substep(
            {
                "policies": {
                    name: self.timed(policy, f"policy: {name}")
                    for name, policy in state_update_block["policies"].items()
                },
                "variables": {
                    name: self.timed(update, "state updates")
                    for name, update in state_update_block["variables"].items()
                },
            }
        )

    def audit(self, block: Wired, after: BlockResult) -> None:
        with Stopwatch(self.seconds, "ledger audit"):
            super().audit(block, after)

    def timed(self, function: Function, name: str) -> Function:
        """The function, whose seconds are added to an entry."""

        def measured(*arguments: Any) -> Any:
            with Stopwatch(self.seconds, name):
                return function(*arguments)

        return measured

    def after_step(self) -> None:
        with Stopwatch(self.seconds, "metrics"):
            super().after_step()

    @property
    def seconds(self) -> dict[str, float]:
        return self.__dict__.setdefault("_seconds", defaultdict(float))


class Stopwatch:
    """Adds the time of a `with` block to an entry."""

    def __init__(self, seconds: dict[str, float], name: str) -> None:
        self.seconds, self.name = seconds, name

    def __enter__(self) -> None:
        self.start = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds[self.name] += time.perf_counter() - self.start


def time_shares(economy: Economy, metrics: Sequence[str], seed: int) -> dict[str, float]:
    """Share of the measured time by part, largest first."""
    state, params = genesis([economy] * TRAJECTORIES, seed, range(TRAJECTORIES))
    execution = TimedExecution(metrics=tuple(metrics), initial_state=state, params=params, timesteps=economy.days)
    execution.state_update_blocks = wiring(blocks(economy))
    execution.result = []
    execution.execute()
    total = sum(execution.seconds.values())
    return {name: spent / total for name, spent in sorted(execution.seconds.items(), key=lambda item: -item[1])}
