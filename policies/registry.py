r"""The registry: who is in good standing.

A provider is active with the stake of a tier. One that had it and has fallen below the lowest tier, by a slash, stays
active for `registry.grace_days`, in which it can top up; then it is evicted until it does. A ban is for good. Source:
SPEC, Provider Registration (ProviderRegistry, StakeInfo.StakedAt); the grace is an assumption.
"""

from __future__ import annotations

from model.arrays import Signals, Unread, Values, namespace, to_nquiv
from model.block import Block
from model.launch import STAKED
from policies.identities import stake_each


def update_standing(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Standing (1 or 0), days below the lowest tier and the day since when it is reached, by provider."""
    stake, below = stake_each(params, previous_state), previous_state["provider_below_days"]
    xp = namespace(stake)
    reached = stake >= to_nquiv(params["staking.tier_minimum_quiv"][..., :1])
    below = xp.where(reached, 0, below + 1)
    standing = (below <= params["registry.grace_days"][..., None]) & (previous_state["provider_banned"] == 0)
    came = reached & (previous_state["provider_below_days"] > 0)
    return {
        "provider_standing": xp.astype(standing, xp.float64),
        "provider_below_days": below,
        "provider_staked_day": xp.where(came, previous_state["day"], previous_state["provider_staked_day"]),
    }


BLOCK = Block(
    "registry",
    "Who has a tier, or grace.",
    update_standing,
    phase="staking",
    why="The plan names it: standing needs a stake.",
    since=STAKED,
)
