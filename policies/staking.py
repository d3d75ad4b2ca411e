r"""The decision to stake, of providers, of holders who delegate, and of validators.

Each class wants to stake a share of its tokens that rises with what its yield $y$ is worth to it against a required
return $\rho$, and closes part $\kappa$ of the gap each day:

$$ s^* = \frac{1}{1 + e^{-\beta (\tilde y - \rho)}}, \qquad \Delta_i = \kappa\,(s^* W_i - S_i), \qquad
   \tilde y = y - w_r \sigma + w_p \dot p - \ell U / 365 $$

with $W_i$ an agent's liquid and staked tokens, $\sigma$ what slashes take in a year, $\dot p$ the price's trend, $U$
the days of unbonding and $\ell$ the premium for them. A provider who is online, or a validator, and can afford the
lowest minimum keeps at least that staked; a holder delegates at least the minimum or nothing. What is unstaked unbonds
(`policies/unbonding.py`). While a case against a provider is open nothing leaves its stake or what is delegated to it:
what falls due goes back to stake. Source: SPEC, Core Contracts (QUIVStaking) and Staking Security; the response to
yield is an assumption whose limit for a steep response is $S = E / \rho$ (Cong, He and Tang; John, Rivera and Saleh).
"""

from __future__ import annotations

from collections.abc import Callable

from model.arrays import Array, Signals, Unread, Values, namespace, once, pick, to_nquiv, to_quiv
from model.attacks import today
from model.block import Block, Choice, Mechanism
from model.codes import CaseStatus
from model.formulas import staking
from policies import unbonding
from policies.identities import lowest_stake
from policies.unbonding import Exit

FLOWS = {
    "provider": ("provider_stake", "provider_unstake", "provider_release", "provider_rebond"),
    "holder": ("holder_delegate", "holder_undelegate", "holder_release", "holder_rebond"),
    "validator": ("validator_stake", "validator_unstake", "validator_release", "validator_rebond"),
}
"""The flows of each class: into stake, out of it, out of unbonding, and from unbonding back to stake."""


def stake_and_release_linearly(
    params: Values, substep: Unread, state_history: Unread, previous_state: Values
) -> Signals:
    """Stakes, unstakes and releases, nano-QUIV by agent; unbonding in equal daily parts."""
    return _staking(params, previous_state, unbonding.linear)


def stake_and_release_at_end(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Stakes, unstakes and releases, nano-QUIV by agent; unbonding in one part at the end."""
    return _staking(params, previous_state, unbonding.cliff)


def _staking(params: Values, state: Values, leave: Callable[[Values, str, Array], Exit]) -> Signals:
    xp = namespace(state)
    frozen = xp.astype(state["case_status"] > CaseStatus.NONE, xp.int64)
    return {
        **_moves(state, "provider", leave, _provider_decision(params, state), frozen),
        **_moves(state, "holder", leave, _holder_decision(params, state), pick(frozen, state["holder_provider"])),
        **_moves(state, "validator", leave, _validator_decision(params, state), 0),
        **_seen(params, state),
    }


def _moves(
    state: Values, who: str, leave: Callable[[Values, str, Array], Exit], decision: tuple[Array, Array], bound: Array
) -> Signals:
    """A class's day: what goes into stake, what begins to leave it, what is released, or goes back if it is bound."""
    more, less = once(decision)
    gone = leave(state, who, less * (1 - bound))
    into, out, released, back = FLOWS[who]
    return {
        into: more,
        out: gone.unstaked,
        released: gone.released * (1 - bound),
        back: gone.released * bound,
        f"{who}_entry": gone.entry,
        f"{who}_release_rate_nquiv": gone.rate,
        f"{who}_unbonding_shares_nquiv": gone.shares,
    }


def _seen(params: Values, state: Values) -> Signals:
    """The trend of the price as stakers see it, log return a year, and the price that they saw."""
    xp = namespace(state)
    pull = 1.0 - xp.exp(-1.0 / params["staking.price_memory_days"])
    returned = 365.0 * xp.log(state["price_usd"] / state["price_seen_usd"])
    trend = state["price_trend"]
    return {"price_trend": trend + pull * (returned - trend), "price_seen_usd": state["price_usd"]}


def _provider_decision(params: Values, state: Values) -> tuple[Array, Array]:
    """Own stake that each provider adds and takes, nano-QUIV; who exits takes all above its floor at once."""
    xp = namespace(state)
    online = state["provider_online"] * (1 - state["provider_banned"])
    exits = today(params, "exits", state["day"]) > 0.0
    wanted = _wanted_share(params, state, state["direct_apr"])[..., None] * online
    wanted = xp.where(exits, 0.0, wanted)
    speed = xp.where(exits, 1.0, params["staking.adjustment_per_day"][..., None])
    names = ("provider_stake_nquiv", "provider_wallet_nquiv")
    lowest = lowest_stake(params, state)
    return _decision(state, names, wanted, lowest=lowest, bound=online > 0.0, speed=speed)


def _validator_decision(params: Values, state: Values) -> tuple[Array, Array]:
    """Stake that each validator adds and takes, nano-QUIV."""
    lowest = to_nquiv(state["validation.minimum_quiv"])[..., None]
    wanted = _wanted_share(params, state, state["validator_apr"])[..., None]
    speed = params["staking.adjustment_per_day"][..., None]
    names = ("validator_stake_nquiv", "validator_wallet_nquiv")
    return _decision(state, names, wanted, lowest=lowest, bound=wanted >= 0.0, speed=speed)


def _decision(
    state: Values, names: tuple[str, str], wanted: Array, *, lowest: Array, bound: Array, speed: Array
) -> tuple[Array, Array]:
    """Stake added and taken, nano-QUIV, where those who are `bound` to a minimum and can afford it keep it.

    `names` are those of stake and wallet, `speed` is the part of the gap that is closed today.
    """
    xp = namespace(wanted)
    stake, wallet = (state[name] for name in names)
    tokens = wallet + stake
    floor = xp.where((tokens >= lowest) & bound, lowest, 0)
    target = xp.maximum(to_nquiv(wanted * to_quiv(tokens)), floor)
    add = xp.maximum(to_nquiv(speed * to_quiv(target - stake)), floor - stake)
    drop = to_nquiv(speed * to_quiv(stake - target))
    return xp.minimum(xp.maximum(add, 0), wallet), xp.minimum(drop, stake)


def _holder_decision(params: Values, state: Values) -> tuple[Array, Array]:
    """Delegation that each holder adds and takes back, nano-QUIV: at least the minimum stays, or nothing."""
    xp = namespace(state)
    wallet, delegated = state["holder_wallet_nquiv"], state["holder_delegated_nquiv"]
    least = to_nquiv(state["delegation.minimum_quiv"])[..., None]
    wanted = _wanted_share(params, state, state["delegator_apr"])[..., None] * to_quiv(wallet + delegated)
    serious = wanted >= to_quiv(least)
    gap = params["staking.adjustment_per_day"][..., None] * (xp.where(serious, wanted, 0.0) - to_quiv(delegated))
    more = xp.where(serious, xp.maximum(to_nquiv(gap), xp.maximum(least - delegated, 0)), 0)
    less = to_nquiv(-gap)
    less = xp.where(delegated - less < least, xp.where(serious, 0, delegated), less)
    return xp.minimum(more, wallet), xp.minimum(less, delegated)


def _wanted_share(params: Values, state: Values, yield_: Array) -> Array:
    days = state["holder_released_nquiv"].shape[-2]
    worth = (
        yield_
        - params["staking.risk_weight"] * state["slash_rate"]
        + params["staking.price_weight"] * state["price_trend"]
        - params["staking.lockup_premium"] * days / 365.0
    )
    return staking.logit_share(worth, params["staking.required_return"], params["staking.sensitivity"])


BLOCK = Block(
    "staking",
    "Agents stake, unstake, unbond.",
    Choice("staking.unbonding_shape", {"linear": stake_and_release_linearly, "cliff": stake_and_release_at_end}),
    phase="staking",
    why="The plan names it.",
    goes_on=("price_seen_usd", "price_trend"),
    mechanism=Mechanism("staking", "Decisions to stake, and unbonding; off, genesis stakes stand."),
)
