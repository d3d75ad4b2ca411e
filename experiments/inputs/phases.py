"""A scenario's `phases`: the days on which parts of the network launch."""

from __future__ import annotations

from typing import Any

from experiments.errors import Problems, UnfitError, nearest, show, unknown
from experiments.inputs import validate
from model.launch import LAUNCHES, PHASES
from model.parameters import REGISTRY

LATER_PHASES = tuple(name for name, phase in PHASES.items() if phase.since)
"""Phases with a day of their own."""


def read_phases(found: Any, where: str, problems: Problems) -> dict[str, int]:
    """The days that a scenario's `phases` sets, by parameter: a launch by name, or days of some phases."""
    allowed = " or ".join(LAUNCHES) + ", or days by phase, such as {staking: 14, payments: 28}"
    if isinstance(found, str) and found in LAUNCHES:
        return {PHASES[name].since: day for name, day in LAUNCHES[found].items()}
    if not isinstance(found, dict):
        near = nearest(found, LAUNCHES) if isinstance(found, str) else []
        hint = f"; nearest: {near[0]}" if near else ""
        problems.add(where, "phases", UnfitError(show(found), allowed + hint))
        return {}
    days: dict[str, int] = {}
    for name, day in found.items():
        if name not in LATER_PHASES:
            problems.add(where, f"phases.{name}", unknown(name, "phase with a day of its own", LATER_PHASES))
            continue
        try:
            days[PHASES[name].since] = validate.fit(REGISTRY[PHASES[name].since], day)
        except UnfitError as error:
            problems.add(where, f"phases.{name}", error)
    return days
