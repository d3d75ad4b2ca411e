r"""Vesting: what the seven allocations unlock today.

$$ r_a(t) = V_a(t+1) - V_a(t) $$

with $V_a(t)$ the tokens of allocation $a$ unlocked by the end of day $t$ (`model/formulas/vesting.py`). Unlocks leave
the locked account as a whole and are then credited: to the holders of the allocation by weight, to the treasury, to
the liquidity account. Source: WHITEPAPER, allocation table.
"""

from __future__ import annotations

from collections.abc import Callable

from model.arrays import Array, Signals, Unread, Values, namespace, scale_down
from model.block import Block, Choice, Mechanism
from model.formulas import vesting
from model.parameters.supply import ALLOCATIONS

TREASURY, LIQUIDITY = ALLOCATIONS.index("treasury"), ALLOCATIONS.index("liquidity")


def accrue_at_cliff(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Time before the cliff counts: a four-year vest pays a quarter at its one-year cliff."""
    return _unlock(params, previous_state, vesting.vested)


def linear_after_cliff(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Vesting starts at the cliff and runs to the same end."""
    return _unlock(params, previous_state, vesting.vested_after_cliff)


def _unlock(params: Values, state: Values, unlocked: Callable[..., Array]) -> Signals:
    xp = namespace(state)
    terms = (
        params["genesis.allocation_nquiv"],
        params["genesis.tge_nquiv"],
        params["supply.cliff_days"],
        params["supply.vesting_days"],
    )
    day = params["genesis.age_days"] + state["day"]
    due = unlocked(*terms, day + 1) - unlocked(*terms, day)
    release = xp.minimum(due, state["vesting_nquiv"])
    credited = xp.take(release, params["agents.holder_allocation"], axis=-1)
    return {
        "vesting_release": release,
        "vesting_to_holders": scale_down(credited, params["agents.holder_weight"]),
        "vesting_to_treasury": release[..., TREASURY],
        "vesting_to_liquidity": release[..., LIQUIDITY],
    }


BLOCK = Block(
    "vesting",
    "Allocations unlock.",
    Choice("supply.cliff_reading", {"accrue_at_cliff": accrue_at_cliff, "linear_after_cliff": linear_after_cliff}),
    phase="token",
    why="Allocations unlock from the token's first day.",
    mechanism=Mechanism("vesting", "Unlocking of the allocations."),
)
