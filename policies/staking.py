r"""The decision to stake, and unbonding.

Providers (own stake) and holders (delegated stake) want to stake a share of their tokens that rises with their
class's yield $y$ against a required return $\rho$, and close part $\kappa$ of the gap each day:

$$ s^* = \frac{1}{1 + e^{-\beta (y - \rho)}}, \qquad \Delta_i = \kappa\,(s^* W_i - S_i) $$

with $W_i$ an agent's liquid and staked tokens. A provider who is online and can afford the lowest tier keeps at least
its minimum staked. What is unstaked leaves over `staking.unbonding_days` $U$: linearly, $1/U$ of it on each of the
next $U$ days, or all at the end. Source: SPEC, Core Contracts (QUIVStaking) and Staking Security (gradual stake
unlock periods); the response to yield is an assumption whose limit for a steep response is $S = E / \rho$ (Cong, He
and Tang; John, Rivera and Saleh).
"""

from __future__ import annotations

from collections.abc import Callable

from model.arrays import Array, Signals, Unread, Values, namespace, read_slot, to_nquiv, to_quiv
from model.formulas import staking


def stake_and_release_linearly(
    params: Values, substep: Unread, state_history: Unread, previous_state: Values
) -> Signals:
    """Stakes, unstakes and releases of providers and holders, nano-QUIV; unbonding in equal daily parts."""
    return _staking(params, previous_state, _linear)


def stake_and_release_at_end(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Stakes, unstakes and releases of providers and holders, nano-QUIV; unbonding in one part at the end."""
    return _staking(params, previous_state, _cliff)


def _staking(params: Values, state: Values, release: Callable[..., tuple[Array, Array, Array, Array]]) -> Signals:
    stake, unstake = _provider_decision(params, state)
    delegate, undelegate = _holder_decision(params, state)
    unstake, provider_entry, provider_rate, provider_out = release(state, "provider", unstake)
    undelegate, holder_entry, holder_rate, holder_out = release(state, "holder", undelegate)
    return {
        "provider_stake": stake,
        "provider_unstake": unstake,
        "provider_release": provider_out,
        "holder_delegate": delegate,
        "holder_undelegate": undelegate,
        "holder_release": holder_out,
        "provider_entry": provider_entry,
        "provider_release_rate_nquiv": provider_rate,
        "holder_entry": holder_entry,
        "holder_release_rate_nquiv": holder_rate,
    }


def _provider_decision(params: Values, state: Values) -> tuple[Array, Array]:
    """What each provider adds to and takes from its own stake."""
    xp = namespace(state["price_usd"])
    wallet, stake = state["provider_wallet_nquiv"], state["provider_stake_nquiv"]
    lowest = to_nquiv(params["staking.tier_minimum_quiv"][..., :1])
    tokens = wallet + stake
    online = state["provider_online"]
    wanted = _wanted_share(params, state["direct_apr"])[..., None] * to_quiv(tokens) * online
    floor = xp.where((tokens >= lowest) & (online > 0.0), lowest, 0 * tokens)
    target = xp.maximum(to_nquiv(wanted), floor)
    speed = params["staking.adjustment_per_day"][..., None]
    add = xp.maximum(to_nquiv(speed * to_quiv(target - stake)), floor - stake)
    drop = to_nquiv(speed * to_quiv(stake - target))
    return xp.minimum(xp.maximum(add, 0 * add), wallet), xp.minimum(drop, stake)


def _holder_decision(params: Values, state: Values) -> tuple[Array, Array]:
    """What each holder delegates and takes back."""
    xp = namespace(state["price_usd"])
    wallet, delegated = state["holder_wallet_nquiv"], state["holder_delegated_nquiv"]
    wanted = _wanted_share(params, state["delegator_apr"])[..., None] * to_quiv(wallet + delegated)
    gap = params["staking.adjustment_per_day"][..., None] * (wanted - to_quiv(delegated))
    return xp.minimum(to_nquiv(gap), wallet), xp.minimum(to_nquiv(-gap), delegated)


def _wanted_share(params: Values, yield_: Array) -> Array:
    return staking.logit_share(yield_, params["staking.required_return"], params["staking.sensitivity"])


def _linear(state: Values, who: str, unstaked: Array) -> tuple[Array, Array, Array, Array]:
    """Whole daily instalments: amount unstaked (a multiple of them), the day's instalment, the new rate, the release.

    The instalment of each past day stands in a ring until its last day, so that the running rate can drop it.
    """
    ring = state[f"{who}_released_nquiv"]
    days = ring.shape[-2]
    instalment = unstaked // days
    rate = state[f"{who}_release_rate_nquiv"]
    return instalment * days, instalment, rate + instalment - read_slot(ring, state["day"] % days), rate


def _cliff(state: Values, who: str, unstaked: Array) -> tuple[Array, Array, Array, Array]:
    """The same by one release: what was unstaked `unbonding_days` ago leaves today."""
    ring = state[f"{who}_released_nquiv"]
    rate = state[f"{who}_release_rate_nquiv"]
    return unstaked, unstaked, rate, read_slot(ring, state["day"] % ring.shape[-2])
