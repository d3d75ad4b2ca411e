r"""Network growth, which scales emission.

Served tokens of the last $w$ days over those of the $w$ days before give a growth $n_t$; its exponential average over
`emission.growth_smoothing_days`, clamped to $[0, 2]$, is the multiplier of the next day's emission:

$$ \bar n_t = \bar n_{t-1} + (1 - e^{-1/\tau}) (n_t - \bar n_{t-1}), \qquad
   g_t = \min(\max(\bar n_t, g_{min}), g_{max}) $$

It is 1 until both windows are full of days with work, and where nothing was served in the earlier one. Source: SPEC,
Emission Rate Control; the windows are an assumption, for the spec leaves growth undefined.
"""

from __future__ import annotations

from collections.abc import Callable

from model.arrays import Array, Signals, Unread, Values, namespace, read_slot, to_whole
from model.block import Block, Choice, Mechanism
from model.formulas import emission

MOST_TOKENS = 1e15
"""Tokens of a size that count in a day: keeps the windows' sums within `int64`."""


def grow_by_ratio(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """networkGrowth is the ratio of the two windows."""
    return _measure(params, previous_state, 0.0, _clamp)


def grow_by_rate(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """networkGrowth is the rate, taken as it stands: growth of 10 % cuts emission to a tenth."""
    return _measure(params, previous_state, 1.0, _clamp)


def grow_by_ratio_go(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The ratio, truncated to hundredths as the spec's code does, and never below zero."""
    return _measure(params, previous_state, 0.0, _truncate)


def grow_by_rate_go(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The rate, truncated to hundredths as the spec's code does, and never below zero."""
    return _measure(params, previous_state, 1.0, _truncate)


def _clamp(state: Values, growth: Array) -> Array:
    return emission.growth_multiplier(growth, state["emission.growth_floor"], state["emission.growth_cap"])


def _truncate(state: Values, growth: Array) -> Array:
    xp = namespace(growth)
    return xp.maximum(emission.growth_multiplier_go(_clamp(state, growth)), 0.0)


def _measure(params: Values, state: Values, less: float, limit: Callable[..., Array]) -> Signals:
    ring, day = state["growth_ring_tokens"], state["day"]
    xp = namespace(ring)
    slots = ring.shape[-2]
    served = to_whole(xp.floor(xp.minimum(state["served_tokens"], MOST_TOKENS)))
    crossing = read_slot(ring, (day - slots // 2) % slots)
    recent = state["growth_recent_tokens"] + served - crossing
    previous = state["growth_previous_tokens"] + crossing - read_slot(ring, day % slots)
    before = xp.astype(xp.sum(previous, axis=-1), xp.float64)
    known = (before > 0.0) & (day + 1 - params["genesis.served_day"] >= slots)
    ratio = xp.astype(xp.sum(recent, axis=-1), xp.float64) / xp.where(before > 0.0, before, 1.0)
    smoothed = state["growth_smoothed"]
    pull = 1.0 - xp.exp(-1.0 / params["emission.growth_smoothing_days"])
    smoothed = xp.where(known, smoothed + pull * (ratio - smoothed), smoothed)
    return {
        "growth_entry": served,
        "growth_recent_tokens": recent,
        "growth_previous_tokens": previous,
        "growth_smoothed": smoothed,
        "growth_multiplier": xp.where(known, limit(state, smoothed - less), 1.0),
    }


BLOCK = Block(
    "growth",
    "Network growth is measured.",
    Choice(
        ("emission.growth_reading", "go_literal"),
        {
            ("ratio", False): grow_by_ratio,
            ("rate", False): grow_by_rate,
            ("ratio", True): grow_by_ratio_go,
            ("rate", True): grow_by_rate_go,
        },
    ),
    phase="integration",
    why="Connects served work with emission; served tokens are counted before.",
    goes_on=("growth_entry", "growth_recent_tokens", "growth_previous_tokens", "growth_smoothed"),
    mechanism=Mechanism("growth_multiplier", "Scaling of emission by network growth."),
)
