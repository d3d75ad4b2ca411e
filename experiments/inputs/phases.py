"""A scenario's `phases`: the days on which parts of the network launch."""

from __future__ import annotations

from experiments.errors import UnfitError, nearest, show, unknown
from experiments.inputs import validate
from experiments.inputs.reader import Reader
from model.launch import LAUNCHES, PHASES
from model.parameters import REGISTRY

LATER_PHASES = tuple(name for name, phase in PHASES.items() if phase.since)
"""Phases with a day of their own."""


def read_phases(at: Reader) -> dict[str, int]:
    """The days that a scenario's `phases` sets, by parameter: a launch by name, or days of some phases."""
    found = at.found
    allowed = " or ".join(LAUNCHES) + ", or days by phase, such as {staking: 14, payments: 28}"
    if isinstance(found, str) and found in LAUNCHES:
        return {PHASES[name].since: day for name, day in LAUNCHES[found].items()}
    if not isinstance(found, dict):
        near = nearest(found, LAUNCHES) if isinstance(found, str) else []
        hint = f"; nearest: {near[0]}" if near else ""
        at.note(UnfitError(show(found), allowed + hint))
        return {}
    days: dict[str, int] = {}
    for name, day in found.items():
        if name not in LATER_PHASES:
            at.note(unknown(name, "phase with a day of its own", LATER_PHASES), name)
            continue
        with at.sub(name).noting():
            days[PHASES[name].since] = validate.parameter_value(REGISTRY[PHASES[name].since], day)
    return days
