"""What a mechanism declares of itself, beside its policy: a block of the day, the choice of its function, its switch.

`policies/x.py` ends with `BLOCK = Block("x", ...)`; what it changes stands in `state_updates/x.py`, and the order of
the day in `experiments/engines/wiring.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from model.arrays import Signals
from model.economy import Economy
from model.launch import PHASES

Policy = Callable[..., Signals]
"""A function of cadCAD's four arguments that decides flows and figures."""


@dataclass(frozen=True)
class Choice:
    """The function that an economy's interpretation picks.

    `of` names a parameter (`fees.controller`) or a property of `Economy` (`pooled`), or several; `options` gives the
    function for each value, or for each tuple of values.
    """

    of: str | tuple[str, ...]
    options: Mapping[Any, Policy]

    def pick(self, economy: Economy) -> Policy:
        """The function for this economy."""
        if isinstance(self.of, str):
            return self.options[economy.reading(self.of)]
        return self.options[tuple(economy.reading(name) for name in self.of)]


@dataclass(frozen=True)
class Mechanism:
    """What a scenario can switch off by name, and what it is."""

    name: str
    doc: str


@dataclass(frozen=True)
class Block:
    """One substep of the day: what it does, its policy (None for the clock), and when it is there at all.

    It belongs to a `phase` of the launch, `why` says why; its first day is the phase's, or that of the constant
    `since`; what only watches (`goes_on`) does so before. With its `mechanism` off, `otherwise` stands in, or there is
    no block; nor is there one where the mechanism that it `needs` is off, or the property of `Economy` named by
    `where` does not hold. It updates the accounts of its flows, and the `variables` named, or all of its file.
    """

    name: str
    doc: str
    policy: Policy | Choice | None
    phase: str
    why: str
    since: str = ""
    goes_on: tuple[str, ...] = ()
    mechanism: Mechanism | None = None
    otherwise: Policy | None = None
    needs: str = ""
    where: str = ""
    variables: tuple[str, ...] | None = None

    @property
    def first_day(self) -> str:
        """The name of the constant that has the block's first day; none for day 0."""
        return self.since or PHASES[self.phase].since

    def chosen(self, economy: Economy) -> Policy | None:
        """The policy under this economy's interpretation."""
        return self.policy.pick(economy) if isinstance(self.policy, Choice) else self.policy

    def stands(self, economy: Economy) -> bool:
        """Whether what the block needs is there; its own mechanism may still be off."""
        return (not self.needs or economy.on(self.needs)) and (not self.where or bool(economy.reading(self.where)))
