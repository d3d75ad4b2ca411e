r"""Governance: scripted proposals, submitted, voted, time-locked and executed.

A proposal is submitted on its day if its proposer can pay the deposit and the change is within the limit; votes are
counted at the snapshot of that day; discussion, voting and timelock run by the calendar. It passes if

$$ \frac{F}{F + A} \ge \theta \quad (> \theta \text{ where } \theta = \tfrac12), \qquad T \ge Q $$

with $F$ and $A$ the votes for and against, $T$ the tokens that voted over circulating supply and $Q$ the quorum.
Voting power is liquid + 1.5 x staked tokens. A proposal that would break a rule between parameters, on its
day or when its timelock ends, is rejected. An executed proposal writes the live parameter, which the next day's
policies read. The deposit comes back unless support is below `governance.refund_support`. Source: SPEC, Proposal
System and Voting Mechanism; WHITEPAPER, governance.
"""

from __future__ import annotations

from collections.abc import Callable

from model.arrays import Array, Signals, Unread, Values, namespace, sum_by, to_nquiv, to_quiv
from model.formulas import governance
from model.metrics import Reading
from model.parameters import GOVERNED
from model.parameters.rules import ORDERS, SUMS

WAITING, DISCUSSION, VOTING, TIMELOCK, EXECUTED, DEFEATED, REJECTED = range(7)


def govern(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """One day of every proposal, with voting power liquid + weight x staked."""
    return _govern(params, previous_state, _weighted_power)


def govern_go(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """One day of every proposal, with the spec's literal voting power: (liquid + staked) x a whole multiplier."""
    return _govern(params, previous_state, _literal_power)


def _govern(params: Values, state: Values, power: Callable[..., Array]) -> Signals:
    xp = namespace(state["proposal_status"])
    status, age = state["proposal_status"], state["day"] - params["script.day"]
    lawful = _keeps_rules(params, state)
    arriving = (status == WAITING) & (age == 0) & lawful & _within_limit(params, state)
    deposit, affordable = _deposits(params, state, arriving)
    accepted = arriving & affordable
    votes_for, votes_against, turnout = _votes(params, state, power)
    votes_for = xp.where(accepted, votes_for, state["proposal_for_nquiv"])
    votes_against = xp.where(accepted, votes_against, state["proposal_against_nquiv"])
    turnout = xp.where(accepted, turnout, state["proposal_turnout"])
    after = _next_status(params, state, age, accepted, lawful, votes_for, votes_against, turnout)
    closed = (after != status) & (after >= TIMELOCK) & (status > WAITING)
    cast = to_quiv(votes_for) + to_quiv(votes_against)
    backed = to_quiv(votes_for) >= params["governance.refund_support"][..., None] * xp.maximum(cast, 1e-9)
    held = state["proposal_deposit_nquiv"]
    paid_in = xp.where(accepted, deposit, 0 * deposit)
    nothing = 0 * held
    return {
        "proposal_deposit": _to_proposers(params, paid_in),
        "deposit_refund": _to_proposers(params, xp.where(closed & backed, held, nothing)),
        "deposit_forfeit": xp.sum(xp.where(closed & ~backed, held, nothing), axis=-1),
        "proposal_deposit_nquiv": xp.where(closed, nothing, held + paid_in),
        "proposal_status": after,
        "proposal_for_nquiv": votes_for,
        "proposal_against_nquiv": votes_against,
        "proposal_turnout": turnout,
        "executed": (after == EXECUTED) & (status != EXECUTED),
    }


def _deposits(params: Values, state: Values, arriving: Array) -> tuple[Array, Array]:
    """Each slot's deposit, and whether its proposer can pay it after those of earlier slots on the same day."""
    xp = namespace(arriving)
    deposit = to_nquiv(state["governance.deposit_quiv"])[..., None] + 0 * state["proposal_deposit_nquiv"]
    asked = xp.where(arriving, deposit, 0 * deposit)
    wallet = xp.take(state["holder_wallet_nquiv"], params["script.proposer"], axis=-1)
    owed = xp.sum(asked[..., None, :] * params["script.ahead"], axis=-1)
    return deposit, owed <= wallet


def _to_proposers(params: Values, by_slot: Array) -> Array:
    """Amounts by slot as amounts by holder."""
    xp = namespace(by_slot)
    return xp.sum(by_slot[..., None] * params["script.proposer_mask"], axis=-2)


def _within_limit(params: Values, state: Values) -> Array:
    """Whether a proposal's value lies within the limit on change: of the live value, or of the range of one at zero."""
    xp = namespace(state["proposal_status"])
    live = xp.stack([state[name] for name in GOVERNED], axis=-1)
    live = xp.take(live, params["script.parameter"], axis=-1)
    scale = xp.where(live == 0.0, params["script.range"], xp.abs(live))
    slack = params["governance.change_limit"][..., None] * scale * (1.0 + 1e-12)
    return xp.abs(params["script.value"] - live) <= slack


def _keeps_rules(params: Values, state: Values) -> Array:
    """Whether the rules that tie parameters together would hold, given the others' live values, by slot."""
    xp = namespace(state["proposal_status"])
    kept = xp.ones_like(state["proposal_status"], dtype=xp.bool)
    wanted: dict[str | float, Array] = {
        name: xp.where(params["script.parameter"] == index, params["script.value"], state[name][..., None])
        for index, name in enumerate(GOVERNED)
    }
    for parts, most in SUMS:
        limit = wanted.get(most, most)
        kept = kept & (sum((wanted[name] for name in parts[1:]), start=wanted[parts[0]]) <= limit + 1e-9)
    for low, high in ORDERS:
        kept = kept & (wanted[low] <= wanted[high])
    return kept


def _votes(params: Values, state: Values, power: Callable[..., Array]) -> tuple[Array, Array, Array]:
    """Votes for and against at today's balances, by slot, and the tokens that vote over circulating supply."""
    xp = namespace(state["proposal_status"])
    liquid = xp.concat([state["holder_wallet_nquiv"], state["provider_wallet_nquiv"]], axis=-1)
    staked = xp.concat(_staked(params, state), axis=-1)
    votes = to_quiv(power(state, liquid, staked))[..., None, :]
    turnout, support = params["agents.turnout"], params["agents.support"]
    circulating = Reading(state, params).circulating
    cast = xp.sum(to_quiv(liquid + staked)[..., None, :] * turnout, axis=-1)
    return (
        to_nquiv(xp.sum(votes * turnout * support, axis=-1)),
        to_nquiv(xp.sum(votes * turnout * (1.0 - support), axis=-1)),
        cast / xp.maximum(circulating, 1.0)[..., None],
    )


def _staked(params: Values, state: Values) -> list[Array]:
    """Stake by who votes with it: holders with what they delegate, unless they leave the vote to their provider."""
    xp = namespace(state["price_usd"])
    delegated = state["holder_delegated_nquiv"]
    given = xp.where(params["agents.votes_by_provider"] > 0.5, delegated, 0 * delegated)
    own = state["provider_stake_nquiv"]
    return [delegated - given, own + sum_by(given, state["holder_provider"], own.shape[-1])]


def _weighted_power(state: Values, liquid: Array, staked: Array) -> Array:
    return governance.voting_power(liquid, staked, state["governance.staked_weight"][..., None])


def _literal_power(state: Values, liquid: Array, staked: Array) -> Array:
    """A `big.Int` multiplier cannot hold 1.5: stakers multiply by its whole part, everyone else by one."""
    xp = namespace(liquid)
    whole = xp.astype(xp.floor(state["governance.staked_weight"]), xp.int64)[..., None]
    return governance.voting_power_go(liquid, staked, xp.where(staked > 0, whole, 0 * whole + 1))


def _next_status(
    params: Values,
    state: Values,
    age: Array,
    accepted: Array,
    lawful: Array,
    votes_for: Array,
    votes_against: Array,
    turnout: Array,
) -> Array:
    """Each proposal's status at the end of the day."""
    xp = namespace(accepted)
    opens = params["governance.discussion_days"][..., None]
    closes = opens + params["governance.voting_days"][..., None]
    executes = closes + params["governance.timelock_days"][..., None]
    passed = governance.passes(votes_for, votes_against, params["script.threshold"])
    passed = passed & (turnout >= state["governance.quorum"][..., None])
    status = state["proposal_status"]
    after = xp.where((status == WAITING) & (age == 0), xp.where(accepted, DISCUSSION, REJECTED), status)
    after = xp.where((after == DISCUSSION) & (age >= opens), VOTING, after)
    after = xp.where((after == VOTING) & (age >= closes), xp.where(passed, TIMELOCK, DEFEATED), after)
    return xp.where((after == TIMELOCK) & (age >= executes), xp.where(lawful, EXECUTED, REJECTED), after)
