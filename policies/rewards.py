r"""Staking rewards: what the pool of the day pays to whom.

* **class pools**: $R_c = \lfloor w_c R \rfloor$ for own stake, delegated stake and validators, within a class by stake;
* **per token**: what validators leave, the same for every staked token, less the provider's commission on delegations;
* **fixed APY**: promised rates by tier, $a_i S_i / 365$, as far as that reaches; what is missing is the shortfall, what
  is left over stays for later, and validators get their part of what is minted;
* **lottery**: the class pools, each to one winner, drawn by stake (a Polya urn where rewards are staked).

$$ \text{APR}_c = 365\, R_c / S_c $$

What nobody can be paid stays in the pool and is offered again the next day. `staking.restake_share` of a reward goes to
the stake that earned it. A banned provider's stake, and what is delegated to it, earns nothing. Validators are paid by
stake while they are active. Source: WHITEPAPER 7.1 (70 / 25 / 5); ROOT for promised rates; Fanti et al. 2018.
"""

from __future__ import annotations

from model import draws
from model.arrays import (
    Array,
    Signals,
    Unread,
    Values,
    namespace,
    pick,
    scale_down,
    share_out,
    sum_by,
    take_rate,
    to_nquiv,
    to_quiv,
)
from model.block import Block, Choice, Mechanism
from model.flows import LEDGER
from model.formulas import staking
from model.launch import STAKED
from policies.identities import stake_each


def pay_by_class(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Rewards by agent, nano-QUIV, and the yields of the classes, 1 / year."""
    own, delegated = _earning(previous_state)
    direct, delegator, validator = _pots(previous_state)
    return _paid(params, previous_state, share_out(direct, own), share_out(delegator, delegated), validator)


def pay_by_lottery(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same with one winner in each of the two staking classes; without noise the mean."""
    own, delegated = _earning(previous_state)
    direct, delegator, validator = _pots(previous_state)
    won = _won(params, previous_state, "rewards.direct", direct, own)
    won_by_holder = _won(params, previous_state, "rewards.delegator", delegator, delegated)
    return _paid(params, previous_state, won, won_by_holder, validator)


def pay_by_token(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same for every staked token; of a delegator's part the provider keeps its commission."""
    state = previous_state
    xp = namespace(state)
    own, delegated = _earning(state)
    direct, delegator, validator = _pots(state)
    count = own.shape[-1]
    parts = share_out(direct + delegator, xp.concat([own, delegated], axis=-1))
    gross = parts[..., count:]
    kept = scale_down(gross, pick(params["agents.commission"], state["holder_provider"]))
    commission = sum_by(kept, state["holder_provider"], count)
    return _paid(params, state, parts[..., :count], gross - kept, validator, commission=commission)


def pay_fixed(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Promised rates, cut in proportion where the pool is short."""
    state = previous_state
    xp = namespace(state)
    own, delegated = _earning(state)
    validator, there = _kept_for_validators(state)
    count = own.shape[-1]
    rates = staking.of_tier(
        stake_each(params, state), to_nquiv(params["staking.tier_minimum_quiv"]), params["staking.fixed_apy"]
    )
    promised = to_quiv(own) * rates / 365.0
    to_delegators = to_quiv(delegated) * (params["staking.fixed_delegator_apy"] / 365.0)[..., None]
    due = to_nquiv(xp.concat([promised, to_delegators], axis=-1))
    total = xp.sum(due, axis=-1)
    cut = share_out(there, xp.astype(due, xp.float64))
    paid = xp.where((total > there)[..., None], cut, due)
    short = to_quiv(xp.maximum(total - there, 0))
    shortfall = {"reward_shortfall_quiv": short}
    return _paid(params, state, paid[..., :count], paid[..., count:], validator) | shortfall


def _earning(state: Values) -> tuple[Array, Array]:
    """Own and delegated stake that can earn: not that of the banned."""
    banned = state["provider_banned"]
    own = state["provider_stake_nquiv"] * (1 - banned)
    return own, state["holder_delegated_nquiv"] * (1 - pick(banned, state["holder_provider"]))


def _pots(state: Values) -> tuple[Array, Array, Array]:
    """Reward pots for own stake, delegated stake and validators today, nano-QUIV."""
    xp = namespace(state)
    pool = state["staking_rewards_nquiv"]
    direct = take_rate(pool, state["staking.direct_share"])
    delegator = xp.minimum(take_rate(pool, state["staking.delegator_share"]), pool - direct)
    return direct, delegator, pool - direct - delegator


def _kept_for_validators(state: Values) -> tuple[Array, Array]:
    """Validators' part of what was minted for stake today, and all that is left in the pool, nano-QUIV."""
    xp = namespace(state)
    pool = state["staking_rewards_nquiv"]
    minted = xp.minimum(LEDGER.today(state, "emission_to_staking"), pool)
    others = xp.minimum(state["staking.direct_share"] + state["staking.delegator_share"], 1.0)
    part = take_rate(minted, 1.0 - others)
    return part, pool - part


def _won(params: Values, state: Values, name: str, pot: Array, stake: Array) -> Array:
    """A pot to one winner, drawn by stake."""
    xp = namespace(stake)
    reached = xp.cumulative_sum(xp.astype(stake, xp.float64), axis=-1)
    target = draws.uniform(params, name, state["day"])[..., None] * reached[..., -1:]
    before = xp.concat([xp.zeros_like(reached[..., :1]), reached[..., :-1]], axis=-1)
    winner = (before < target) & (target <= reached) & (stake > 0)
    whole = xp.where(winner, pot[..., None], 0)
    return xp.where((params["draws.noise"] > 0.0)[..., None], whole, share_out(pot, stake))


def _paid(
    params: Values, state: Values, own: Array, delegator: Array, validator: Array, *, commission: Array = 0
) -> Signals:
    """The rewards by where they go, and the yields."""
    restaked, restaked_by_holder = (
        scale_down(reward, params["staking.restake_share"][..., None]) for reward in (own, delegator)
    )
    validators = state["validator_stake_nquiv"] * state["validator_active"]
    to_validators = share_out(validator, validators)
    return {
        "direct_reward": own - restaked + commission,
        "direct_restake": restaked,
        "delegator_reward": delegator - restaked_by_holder,
        "delegator_restake": restaked_by_holder,
        "validator_reward": to_validators,
        "direct_apr": _apr(own, state["provider_stake_nquiv"]),
        "delegator_apr": _apr(delegator, state["holder_delegated_nquiv"]),
        "validator_apr": _apr(to_validators, state["validator_stake_nquiv"]),
        "reward_shortfall_quiv": namespace(state).zeros_like(state["price_usd"]),
    }


def _apr(reward: Array, stake: Array) -> Array:
    xp = namespace(reward)
    return staking.apr(365.0 * to_quiv(xp.sum(reward, axis=-1)), to_quiv(xp.sum(stake, axis=-1)))


BLOCK = Block(
    "rewards",
    "Stake is paid.",
    Choice(
        "staking.rewards",
        {"class_pools": pay_by_class, "per_token": pay_by_token, "fixed_apy": pay_fixed, "lottery": pay_by_lottery},
    ),
    phase="staking",
    why="Stake is paid from the first day that it stands.",
    since=STAKED,
    mechanism=Mechanism("rewards", "Payment of staking rewards."),
)
