r"""Award: who serves what was served today.

By priority, with $Q_m$ the compute served of size $m$ and $k_{m,i}$ what provider $i$ offers,

$$ x_{m,i} = k_{m,i} \min(1, \lambda_m w_i), \qquad \sum_i x_{m,i} = Q_m $$

so that work goes by priority until a provider is full, and then to those who are not. By merit, in the auction, the
lowest ask is filled first. A provider's weight is the value of its work at today's prices. Source: assumption (SPEC
names bids and tiers, and no rule).
"""

from __future__ import annotations

from typing import Any

from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Choice
from policies.matching import merit_order

ROUNDS = 2
"""Times that what full providers cannot take is given to others: exact where priorities are of three kinds at most, as
good as exact where they are close, as those of reputation are. What is left after that is shared out by weight."""


def allocate_by_priority(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Value of each provider's work today, allocated by priority within capacity, QUIV `(*batch, providers)`."""
    offered, priority = previous_state["offered_tokens"], previous_state["provider_priority"]
    xp = namespace(offered)
    weighted = offered * priority[..., None, :]
    served = _served(params, previous_state)
    all_weighted = xp.sum(weighted, axis=-1)
    level = _level(xp, served, all_weighted)
    for _ in range(ROUNDS):
        full = xp.astype(level[..., None] * priority[..., None, :] >= 1.0, xp.float64)
        taken = xp.sum(offered * full, axis=-1)
        others = all_weighted - xp.sum(weighted * full, axis=-1)
        level = xp.maximum(level, _level(xp, served - taken, others))
    filled = xp.minimum(offered, level[..., None] * weighted)
    return {"work_weight": _valued(params, previous_state, filled)}


def allocate_by_merit(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Value of each provider's work today, allocated to the lowest ask first, QUIV `(*batch, providers)`."""
    offered = previous_state["offered_tokens"]
    xp = namespace(offered)
    order, ahead = merit_order(params, previous_state)
    served = _served(params, previous_state)
    sorted_offer = xp.take_along_axis(offered, order, axis=-1)
    room = served[..., None] - (ahead - sorted_offer)
    filled = xp.clip(room, 0.0, sorted_offer)
    back = xp.argsort(order, axis=-1)
    return {"work_weight": _valued(params, previous_state, xp.take_along_axis(filled, back, axis=-1))}


def _served(params: Values, state: Values) -> Array:
    """Compute served today by model size, `(*batch, sizes)`."""
    return state["served_tokens"] * params["pricing.complexity"]


def _level(xp: Any, left: Array, weighted: Array) -> Array:
    """Fill level: compute left over the weighted offers that are left; zero where there are none."""
    some = weighted > 0.0
    return xp.where(some, xp.maximum(left, 0.0), 0.0) / xp.where(some, weighted, 1.0)


def _valued(params: Values, state: Values, filled: Array) -> Array:
    """Each provider's compute by size, `(*batch, sizes, providers)`, at what a unit of it costs today, summed, QUIV."""
    xp = namespace(filled)
    unit_price = state["paid_price_quiv"] / params["pricing.complexity"]
    return xp.sum(filled * unit_price[..., None], axis=-2)


BLOCK = Block(
    "award",
    "Providers share the work.",
    Choice(
        "matching.format",
        {"spot": allocate_by_priority, "auction": allocate_by_merit, "contract": allocate_by_priority},
    ),
    phase="payments",
    why="A part of serving jobs.",
    needs="settlement",
)
