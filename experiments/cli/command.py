"""Registration of commands: each file declares its commands' names, places in `quiver-sim --help` and examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

Function = TypeVar("Function", bound=Callable[..., None])

SIMULATE, SWEEP, ANALYSE, PUBLISH, GOVERN, LOOK_UP = PANELS = (
    "Simulate",
    "Sweep",
    "Analyse",
    "Publish",
    "Govern",
    "Look up",
)
"""Panels of the help page, in their order there."""


@dataclass(frozen=True)
class Command:
    """A command: its function, its panel and its place in it, and the example that its help page ends with."""

    name: str
    function: Callable[..., None]
    panel: str
    place: int
    example: str

    @property
    def order(self) -> tuple[int, int]:
        """Sort key of the help page."""
        return PANELS.index(self.panel), self.place


COMMANDS: list[Command] = []
"""Every command whose file has been imported."""


def command(name: str, panel: str, place: int, example: str = "") -> Callable[[Function], Function]:
    """Register a function as `quiver-sim NAME`; `example` is what follows the name in its example."""

    def register_command(function: Function) -> Function:
        line = f"quiver-sim {name} {example}".rstrip()
        COMMANDS.append(Command(name, function, panel, place, f"Example: {line}"))
        return function

    return register_command
