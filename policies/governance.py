r"""Governance: proposals, submitted, voted, time-locked and executed.

Proposals stand in slots: those of a scenario's list have one each, those of agents (`policies/electorate.py`) take the
first that is free. A proposal is accepted if its proposer can pay the deposit and the change, against the parameter's
value at the quarter's start, is within the limit; discussion, voting and timelock run by the calendar of its type.
Votes count by the balances of its first day, or, read live, of the day on which the vote closes. It passes if

$$ \frac{F}{F + A} \ge \theta \quad (> \theta \text{ where } \theta = \tfrac12), \qquad T \ge Q $$

with $F$ and $A$ the votes for and against, $T$ the tokens that voted over circulating supply and $Q$ the quorum. A
proposal that would break a rule between parameters, or the quarter's limit, on its day or when its timelock ends, is
rejected; a hostile one is cancelled if enough signers of the multisig veto it. An executed proposal writes the live
parameter, which the next day's policies read, or pays its proposer out of the treasury. The deposit comes back when
the proposal ends, unless support was below `governance.refund_support` or it was vetoed. Source: SPEC, Proposal
System and Voting Mechanism; WHITEPAPER, governance.
"""

from __future__ import annotations

from dataclasses import dataclass

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, pick, sum_by, take_rate, to_nquiv, to_quiv
from model.block import Block, Choice, Mechanism
from model.codes import ProposalStatus as Status
from model.codes import ProposalType
from model.formulas import governance
from model.parameters import GOVERNED
from model.supply import circulating_nquiv
from policies.rails import PAYMENT, executed_in_turn, keeps_rules, quarter_values, within_limit

OVERRIDES = tuple(GOVERNED.index(name) for name in GOVERNED if name == "oracle.override_usd")


@dataclass(frozen=True)
class Arrivals:
    """Proposals submitted today, by slot: where, their terms, and the votes on them at today's balances, nano-QUIV.

    `voted` are the tokens behind the votes, of those in circulation.
    """

    there: Array
    parameter: Array
    value: Array
    type: Array
    proposer: Array
    votes_for: Array
    votes_against: Array
    voted: Array
    circulating: Array


def govern_by_script(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """One day of every proposal of a scenario's list, by votes at its creation."""
    return _govern(params, previous_state, _scripted(params, previous_state), 0.0)


def govern_by_script_live(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same by live balances."""
    return _govern(params, previous_state, _scripted(params, previous_state), 1.0)


def govern_by_agents(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """One day of every proposal of agents, by votes at its creation."""
    return _govern(params, previous_state, _drafted(params, previous_state), 0.0)


def govern_by_agents_live(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same by live balances."""
    return _govern(params, previous_state, _drafted(params, previous_state), 1.0)


def _scripted(params: Values, state: Values) -> Arrivals:
    """The list's proposals whose day it is, with votes as they would be cast today for every slot."""
    xp = namespace(state)
    there = (state["proposal_status"] == Status.WAITING) & (state["proposal_day"] == state["day"])
    turnout, support = params["agents.turnout"], params["agents.support"]
    count = turnout.shape[-1]
    borrowed = xp.where(params["script.live"] > 0.0, params["script.borrowed_nquiv"], 0)
    power = take_rate(state["voter_power_nquiv"][..., None, :count] + borrowed, turnout)
    tokens = take_rate(state["voter_tokens_nquiv"][..., None, :count] + borrowed, turnout)
    favour = take_rate(power, support)
    return Arrivals(
        there,
        state["proposal_parameter"],
        state["proposal_value"],
        state["proposal_type"],
        state["proposal_proposer"],
        xp.sum(favour, axis=-1),
        xp.sum(power - favour, axis=-1),
        xp.sum(tokens, axis=-1),
        circulating_nquiv(state, params)[..., None],
    )


def _drafted(params: Values, state: Values) -> Arrivals:
    """Draft proposal of the day in the first free slot, if it would not be rejected."""
    xp = namespace(state)
    status = state["proposal_status"]
    free = xp.astype((status == Status.WAITING) | (status >= Status.EXECUTED), xp.int64)
    first = (free > 0) & (xp.cumulative_sum(free, axis=-1) == 1)
    there = first & (state["idea_worth"] > 0)[..., None]
    draft = _placed(params, state, there)
    within = within_limit(params, quarter_values(params, state), draft.parameter, draft.value)
    return _placed(params, state, there & within & keeps_rules(state, draft.parameter, draft.value))


def _placed(params: Values, state: Values, there: Array) -> Arrivals:
    """Draft of the day where it is submitted, under the type that governs its parameter; other slots as they are."""
    xp = namespace(there)

    def placed(what: str, found: Array) -> Array:
        return xp.where(there, found[..., None], state[f"proposal_{what}"])

    return Arrivals(
        there,
        placed("parameter", state["idea_parameter"]),
        placed("value", state["idea_value"]),
        placed("type", xp.take(params["script.types"], state["idea_parameter"])),
        placed("proposer", state["idea_proposer"]),
        state["idea_for_nquiv"][..., None],
        state["idea_against_nquiv"][..., None],
        state["idea_voted_nquiv"][..., None],
        circulating_nquiv(state, params)[..., None],
    )


def _govern(params: Values, state: Values, new: Arrivals, live: float) -> Signals:
    xp = namespace(state)
    status, today = state["proposal_status"], state["day"]
    born = xp.where(new.there, today, state["proposal_day"])
    quarter = quarter_values(params, state)
    limited = within_limit(params, quarter, new.parameter, new.value)
    sound = keeps_rules(state, new.parameter, new.value) & limited
    deposit, affordable = _deposits(params, state, new, new.there & sound)
    accepted = new.there & sound & affordable
    started = xp.where(new.there, xp.where(accepted, Status.DISCUSSION, Status.REJECTED), status)
    opens, closes, executes = (born + days for days in _calendar(params, new))
    closing = (started > Status.WAITING) & (started < Status.TIMELOCK) & (today == closes)
    counted = (accepted & (live == 0.0)) | (closing & (live > 0.0))
    votes_for = xp.where(counted, new.votes_for, state["proposal_for_nquiv"])
    votes_against = xp.where(counted, new.votes_against, state["proposal_against_nquiv"])
    voted = xp.where(counted, new.voted, state["proposal_voted_nquiv"])
    circulating = xp.where(counted, new.circulating, state["proposal_circulating_nquiv"])
    passed = governance.passes(votes_for, votes_against, _threshold(params, new))
    passed = passed & governance.reaches(voted, circulating, state["governance.quorum"][..., None])
    after = _status_by_calendar(started, passed, today >= opens, today >= closes)
    ends = (after == Status.TIMELOCK) & (today >= executes)
    vetoed = ends & _vetoed(params, state, executes - closes)
    executed = executed_in_turn(state, new.parameter, new.value, ends & ~vetoed & limited)
    end = xp.where(vetoed, Status.CANCELLED, xp.where(executed, Status.EXECUTED, Status.REJECTED))
    after = xp.where(ends, end, after)
    cast = xp.maximum(votes_for + votes_against, 1)
    backed = governance.reaches(votes_for, cast, params["governance.refund_support"][..., None])
    closed = (after >= Status.EXECUTED) & (started < Status.EXECUTED)
    held, paid_in = state["proposal_deposit_nquiv"], xp.where(accepted, deposit, 0)
    kept = held + paid_in
    earned = backed & ~vetoed
    back, lost = (xp.where(closed & mask, kept, 0) for mask in (earned, ~earned))
    payment = _payment(state, new, executed & (new.parameter == PAYMENT))
    return {
        **_by_class(state, new, ("proposal_deposit", "provider_deposit", "consumer_deposit"), paid_in),
        **_by_class(state, new, ("deposit_refund", "provider_refund", "consumer_refund"), back),
        "deposit_forfeit": xp.sum(lost, axis=-1),
        "treasury_payment": payment,
        "payments_made_quiv": state["payments_made_quiv"] + to_quiv(xp.sum(payment, axis=-1)),
        "proposal_id": xp.where(accepted, _numbers(state, accepted), state["proposal_id"]),
        "proposal_deposit_nquiv": xp.where(closed, 0, kept),
        "proposal_status": after,
        "proposal_day": born,
        "proposal_parameter": new.parameter,
        "proposal_value": new.value,
        "proposal_type": new.type,
        "proposal_proposer": new.proposer,
        "proposal_for_nquiv": votes_for,
        "proposal_against_nquiv": votes_against,
        "proposal_voted_nquiv": voted,
        "proposal_circulating_nquiv": circulating,
        "proposals_submitted": state["proposals_submitted"] + xp.sum(xp.astype(accepted, xp.int64), axis=-1),
        "proposals_closed": state["proposals_closed"] + _ends(status, after),
        "executed": executed,
        "quarter_values": quarter,
    }


def _status_by_calendar(status: Array, passed: Array, opened: Array, closed: Array) -> Array:
    """ProposalStatus once the calendar has opened the vote or closed it, by slot."""
    xp = namespace(status)
    voting = xp.where((status == Status.DISCUSSION) & opened, Status.VOTING, status)
    return xp.where((voting == Status.VOTING) & closed, xp.where(passed, Status.TIMELOCK, Status.DEFEATED), voting)


def _calendar(params: Values, new: Arrivals) -> tuple[Array, Array, Array]:
    """Days from submission to the opening of the vote, its close and execution, by the type of proposal."""
    xp = namespace(new.type)
    quick = params["governance.emergency_days"]
    names = ("governance.discussion_days", "governance.voting_days", "governance.timelock_days")
    days = [
        xp.where(new.type == ProposalType.EMERGENCY, quick[..., place, None], params[name][..., None])
        for place, name in enumerate(names)
    ]
    return days[0], days[0] + days[1], days[0] + days[1] + days[2]


def _threshold(params: Values, new: Arrivals) -> Array:
    """The support that each proposal needs: that of its type, or the higher one of an emergency change."""
    xp = namespace(new.type)
    threshold = 0.0
    for kind in ProposalType:
        threshold = xp.where(new.type == kind, params["governance.threshold"][..., kind, None], threshold)
    change = (new.type == ProposalType.EMERGENCY) & (new.parameter != PAYMENT)
    for override in OVERRIDES:
        change = change & (new.parameter != override)
    return xp.where(change, params["governance.emergency_parameter_threshold"][..., None], threshold)


def _deposits(params: Values, state: Values, new: Arrivals, wanted: Array) -> tuple[Array, Array]:
    """Each slot's deposit, and whether its proposer can pay it after those of earlier slots on the same day."""
    xp = namespace(wanted)
    deposit = to_nquiv(state["governance.deposit_quiv"])[..., None]
    wallets = xp.concat([state[f"{who}_wallet_nquiv"] for who in ("holder", "provider", "consumer")], axis=-1)
    asked = xp.where(wanted, deposit, 0)
    slots = xp.arange(wanted.shape[-1])
    ahead = (new.proposer[..., :, None] == new.proposer[..., None, :]) & (slots[:, None] >= slots)
    owed = xp.sum(asked[..., None, :] * ahead, axis=-1)
    return deposit, owed <= pick(wallets, new.proposer)


def _by_class(state: Values, new: Arrivals, flows: tuple[str, str, str], by_slot: Array) -> Signals:
    """Amounts by slot as flows by agent of the proposers' class."""
    holders, providers = (state[f"{who}_wallet_nquiv"].shape[-1] for who in ("holder", "provider"))
    voters = holders + providers + state["consumer_wallet_nquiv"].shape[-1]
    amounts = sum_by(by_slot, new.proposer, voters)
    of_holder, of_provider, of_consumer = flows
    return {
        of_holder: amounts[..., :holders],
        of_provider: amounts[..., holders : holders + providers],
        of_consumer: amounts[..., holders + providers :],
    }


def _payment(state: Values, new: Arrivals, paying: Array) -> Array:
    """Payments of executed treasury proposals to the holders who proposed them, as far as the treasury reaches."""
    xp = namespace(paying)
    holders = state["holder_wallet_nquiv"].shape[-1]
    paying = paying & (new.proposer < holders)
    due = xp.where(paying, to_nquiv(new.value), 0)
    before = xp.cumulative_sum(due, axis=-1) - due
    left = xp.maximum(state["treasury_nquiv"][..., None] - before, 0)
    return sum_by(xp.minimum(due, left), xp.minimum(new.proposer, holders - 1), holders)


def _vetoed(params: Values, state: Values, timelock: Array) -> Array:
    """Whether enough signers have been reached within its timelock and veto each hostile proposal."""
    chance = governance.veto_chance(
        params["genesis.signers"].shape[-1],
        params["genesis.signatures"].shape[-1],
        params["treasury.signer_availability"][..., None],
        params["treasury.signer_honesty"][..., None],
        timelock,
    )
    drawn = draws.between(params, "governance.veto", state["day"], 0.0, 1.0)
    return (drawn[..., None] < chance) & (params["script.hostile"] > 0)


def _numbers(state: Values, accepted: Array) -> Array:
    """The number of each proposal that is accepted today: they count on from those before."""
    xp = namespace(accepted)
    return state["proposals_submitted"][..., None] + xp.cumulative_sum(xp.astype(accepted, xp.int64), axis=-1)


def _ends(before: Array, after: Array) -> Array:
    """Proposals that were executed, defeated, rejected and cancelled today, `(*batch, 4)`."""
    xp = namespace(after)
    ended = [
        xp.sum(xp.astype((after == status) & (before != status), xp.int64), axis=-1)
        for status in Status
        if status >= Status.EXECUTED
    ]
    return xp.stack(ended, axis=-1)


BLOCK = Block(
    "governance",
    "Proposals move on.",
    Choice(
        ("listed", "governance.snapshot"),
        {
            (True, "creation"): govern_by_script,
            (True, "live_balance"): govern_by_script_live,
            (False, "creation"): govern_by_agents,
            (False, "live_balance"): govern_by_agents_live,
        },
    ),
    phase="governance",
    why="The plan names it.",
    mechanism=Mechanism("governance", "Proposals, scripted or of agents; off, parameters stand."),
    where="voting",
)
