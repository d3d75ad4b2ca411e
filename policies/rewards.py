r"""Staking rewards: the pool of the day divided between classes, and within a class by stake.

$$ R_c = \lfloor w_c R \rfloor, \qquad r_i = \lfloor R_c\, s_i / S_c \rfloor, \qquad \text{APR}_c = 365\, R_c / S_c $$

Classes are providers' own stake, delegated stake, and validators (equal parts). The part of a class without stake
stays in the pool and is offered again the next day. Source: WHITEPAPER 7.1 (70 / 25 / 5), read as class pools.
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace, share_out, take_rate, to_quiv
from model.formulas import staking


def pay_rewards(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Rewards by agent (nano-QUIV) and the yields of the two staking classes (1 / year)."""
    xp = namespace(previous_state["staking_rewards_nquiv"])
    pool = previous_state["staking_rewards_nquiv"]
    own, delegated = previous_state["provider_stake_nquiv"], previous_state["holder_delegated_nquiv"]
    direct = take_rate(pool, previous_state["staking.direct_share"])
    delegator = xp.minimum(take_rate(pool, previous_state["staking.delegator_share"]), pool - direct)
    validators = params["agents.validator_weight"]
    direct_reward, delegator_reward = share_out(direct, own), share_out(delegator, delegated)
    return {
        "direct_reward": direct_reward,
        "delegator_reward": delegator_reward,
        "validator_reward": share_out(pool - direct - delegator, validators),
        "direct_apr": _apr(direct_reward, own),
        "delegator_apr": _apr(delegator_reward, delegated),
    }


def _apr(reward: Array, stake: Array) -> Array:
    xp = namespace(reward)
    return staking.apr(365.0 * to_quiv(xp.sum(reward, axis=-1)), to_quiv(xp.sum(stake, axis=-1)))
