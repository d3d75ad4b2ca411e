r"""Delegation: to whom holders delegate.

Every `delegation.review_days` a holder looks again, and chooses provider $j$ with probability in proportion to

$$ e^{a (y_j - r_j) + b R_j / 1000} \, (1 + S_j)^c $$

with $y_j$ its yield after commission, $r_j$ what its slashes so far took in a year, $R_j$ its reputation and $S_j$ its
own and delegated stake in units of the lowest tier. Providers who are banned, without standing or offline are not
chosen as long as there are others. The whole delegation moves at once; what is unbonding goes on unbonding and is
slashed with the provider now chosen. Who has a provider with an open case stays. Source: SPEC, Core Contracts
(delegation mechanism); the choice is an assumption (logit).
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, pick, sum_by, to_quiv
from model.block import Block, Mechanism
from model.codes import CaseStatus
from model.formulas import reputation
from model.launch import STAKED

LEAST_WEIGHT = 1e-12
"""Weight of a provider whom nobody should choose, against others of about one."""


def choose_providers(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The provider of each holder's delegation, as an index."""
    state = previous_state
    xp = namespace(state)
    day, known = state["day"], state["holder_provider"]
    holders, providers = known.shape[-1], state["provider_stake_nquiv"].shape[-1]
    reached = xp.cumulative_sum(attraction(params, state), axis=-1)
    period = params["genesis.reviews"].shape[-1]
    places = day % period + period * xp.arange(-(-holders // period), dtype=xp.int64)
    columns = xp.minimum(places, holders - 1)
    drawn = xp.take(draws.uniform(params, "delegation.choice", day, holders), columns, axis=-1)
    target = drawn * reached[..., -1:]
    chosen = xp.sum(xp.astype(reached[..., None, :] < target[..., None], xp.int64), axis=-1)
    chosen = xp.minimum(chosen, providers - 1)
    theirs = xp.take(known, columns, axis=-1)
    bound = pick(state["case_status"], theirs) > CaseStatus.NONE
    stays = bound | (places >= holders) | (params["draws.noise"] == 0.0)[..., None]
    moved = xp.where(stays, theirs, chosen)
    return {"holder_provider": _put(known, columns, moved)}


def attraction(params: Values, state: Values) -> Array:
    """Attraction of each provider for delegation, `(*batch, providers)`, positive."""
    xp = namespace(state)
    own = state["provider_stake_nquiv"]
    lowest = xp.maximum(params["staking.tier_minimum_quiv"][..., :1], 1.0)
    bonded = to_quiv(own + delegated_to(state))
    score = reputation.score(
        state["provider_success"], state["provider_penalty"], state["provider_activity"], params["reputation.weights"]
    )
    taste = params["delegation.yield_weight"][..., None] * (_yield(params, state) - _risk(state, bonded))
    taste = taste + params["delegation.reputation_weight"][..., None] * (score / reputation.BEST - 1.0)
    fame = xp.pow(1.0 + bonded / lowest, params["delegation.fame_weight"][..., None])
    there = state["provider_standing"] * xp.astype(state["provider_online"] > 0.0, xp.float64)
    return xp.exp(xp.clip(taste, -50.0, 50.0)) * fame * xp.maximum(there, LEAST_WEIGHT)


def delegated_to(state: Values) -> Array:
    """Delegated stake of each provider, nano-QUIV."""
    return sum_by(state["holder_delegated_nquiv"], state["holder_provider"], state["provider_stake_nquiv"].shape[-1])


def _yield(params: Values, state: Values) -> Array:
    """The yield of delegating to each provider, after commission where there is one, 1 / year."""
    return state["delegator_apr"][..., None] * (1.0 - params["genesis.commission"])


def _risk(state: Values, bonded: Array) -> Array:
    """Slashing rate of each provider: share a year of what is bonded with it."""
    xp = namespace(state)
    years = xp.maximum(state["day"] / 365.0, 1.0)
    return xp.minimum(to_quiv(state["provider_slashed_nquiv"]) / xp.maximum(bonded, 1.0) / years, 1.0)


def _put(known: Array, columns: Array, values: Array) -> Array:
    """The known indices with some columns replaced."""
    xp = namespace(known)
    places = xp.arange(known.shape[-1], dtype=xp.int64)
    match = places[:, None] == columns
    slot = xp.argmax(xp.astype(match, xp.int64), axis=-1)
    return xp.where(xp.any(match, axis=-1), xp.take(values, slot, axis=-1), known)


BLOCK = Block(
    "delegation",
    "Some choose another provider.",
    choose_providers,
    phase="staking",
    why="A part of staking; first choices are made as if all had staked.",
    since=STAKED,
    mechanism=Mechanism("delegation", "Holders look for another provider; off, those of genesis stay."),
)
