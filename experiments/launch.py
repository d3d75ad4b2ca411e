"""The phased launch: a block's policy that rests until its day, and a scenario's `phases`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from experiments import values
from experiments.errors import Problems, UnfitError, nearest, show, unknown
from model.arrays import Array, Signals, Unread, Values, namespace, read_slot
from model.launch import LAUNCHES, PARTS, PHASES
from model.parameters import REGISTRY
from state_updates.common import ENTRIES

Policy = Callable[..., Signals]

LATER_PHASES = tuple(name for name, phase in PHASES.items() if phase.since)
"""Phases with a day of their own."""


def resting(block: str, policy: Policy) -> Policy:
    """The block's policy, at rest until the block's day: no flow, figures and rings as they are.

    Of an economy whose every phase begins on day 0 it gives the policy's own numbers.
    """
    part = PARTS[block]
    if not part.day:
        return policy

    @wraps(policy)
    def launched(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
        signals = policy(params, substep, state_history, previous_state)
        now = previous_state["day"] >= params[part.day]
        return {
            name: signal if name in part.goes_on else _held(now, name, signal, previous_state)
            for name, signal in signals.items()
        }

    return launched


def _held(now: Array, name: str, signal: Array, state: Values) -> Array:
    """A signal from its day on, and what changes nothing before; `now` is `(*batch)`, or one for all."""
    xp = namespace(signal)
    if name in ENTRIES:
        ring = state[ENTRIES[name]]
        idle = read_slot(ring, state["day"] % ring.shape[-2])
    else:
        idle = state[name] if name in state else xp.zeros_like(signal)
    return xp.where(xp.reshape(xp.asarray(now), now.shape + (1,) * (signal.ndim - now.ndim)), signal, idle)


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
            days[PHASES[name].since] = values.fit(REGISTRY[PHASES[name].since], day)
        except UnfitError as error:
            problems.add(where, f"phases.{name}", error)
    return days
