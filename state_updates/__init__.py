"""The state and its laws of motion: each file declares the variables of one contract, gathered here by name.

`VARIABLES[name]` says what a variable is, `UPDATES[name]` how a block changes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import import_module
from pkgutil import iter_modules

from model.variable import Update, Variable
from state_updates.common import law


def _declared() -> Iterator[Variable]:
    """Every file's variables, accounts first, then by file."""
    names = sorted((file.name for file in iter_modules(__path__)), key=lambda name: (name != "accounts", name))
    for name in names:
        for variable in getattr(import_module(f"{__name__}.{name}"), "VARIABLES", ()):
            yield replace(variable, contract=variable.contract or name)


VARIABLES: dict[str, Variable] = {variable.name: variable for variable in _declared()}
"""Every state variable by name."""

UPDATES: dict[str, Update] = {name: law(variable) for name, variable in VARIABLES.items()}
"""The law of motion of each variable."""

COUNTERS: tuple[str, ...] = tuple(name for name, variable in VARIABLES.items() if not variable.batched)
"""Variables that the whole batch shares: one number, never an axis."""

ENTRIES: dict[str, str] = {variable.entry: name for name, variable in VARIABLES.items() if variable.entry}
"""The ring buffer that each signal of a day's slot goes to."""
