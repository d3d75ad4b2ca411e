"""The phased launch: a block's policy that rests until its day."""

from __future__ import annotations

from functools import wraps

from model.arrays import Array, Signals, Unread, Values, namespace, read_slot
from model.block import Block, Policy
from state_updates import ENTRIES


def resting(block: Block, policy: Policy) -> Policy:
    """The block's policy, at rest until the block's day: no flow, figures and rings as they are.

    Of an economy whose every phase begins on day 0 it gives the policy's own numbers.
    """
    if not block.first_day:
        return policy

    @wraps(policy)
    def launched(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
        signals = policy(params, substep, state_history, previous_state)
        now = previous_state["day"] >= params[block.first_day]
        return {
            name: signal if name in block.goes_on else _held(now, name, signal, previous_state)
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
