r"""The burn governor: the burn share is moved each quarter towards a target of inflation.

With $\pi$ the growth of the supply over the quarter, a year of it, the factor $b$ on the burn share goes

$$ b' = b (1 + s) \text{ if } \pi > \pi^* + w, \quad b (1 - s) \text{ if } \pi < \pi^* - w, \quad b \text{ else.} $$

Off by default. Source: ROOT (burn rate adjusted quarterly); the rule is an assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, to_quiv
from model.block import Block, Choice

LEAST_FACTOR, MOST_FACTOR = 0.01, 100.0
"""Factors beyond which more changes next to nothing: the burn share is at most what others leave of the fee."""


def aim(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Tomorrow's factor on the burn share, and the supply at the quarter's start, QUIV."""
    state = previous_state
    xp = namespace(state)
    supply = to_quiv(state["minted_nquiv"] - state["burned_nquiv"])
    starts = state["day"] % params["governance.quarter_days"] == 0
    before = xp.where(state["day"] == 0, supply, state["quarter_supply_quiv"])
    growth = (supply / xp.maximum(before, 1.0) - 1.0) * (365.0 / params["governance.quarter_days"])
    target, band, step = params["fees.inflation_target"], params["fees.inflation_band"], params["fees.governor_step"]
    up, down = growth > target + band, growth < target - band
    factor = state["burn_factor"]
    moved = xp.where(up, factor * (1.0 + step), xp.where(down, factor * (1.0 - step), factor))
    due = starts & (state["day"] > 0)
    return {
        "burn_factor": xp.where(due, xp.clip(moved, LEAST_FACTOR, MOST_FACTOR), factor),
        "quarter_supply_quiv": xp.where(starts, supply, before),
    }


def rest(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The burn share stays as governance has set it."""
    return {name: previous_state[name] for name in ("burn_factor", "quarter_supply_quiv")}


BLOCK = Block(
    "burn_governor",
    "Burning follows inflation.",
    Choice("fees.burn_governor", {True: aim, False: rest}),
    phase="integration",
    why="Connects inflation with the burn.",
    goes_on=("quarter_supply_quiv",),
)
