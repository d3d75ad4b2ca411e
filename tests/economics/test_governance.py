r"""Governance: the calendar of a proposal, the fate of its deposit, and what it takes to capture a vote.

Theory: an attacker with $A$ votes carries a proposal against $N$ honest ones when $A/(A+N) \ge \theta$ (strictly
above where $\theta$ is one half), so $A \ge \theta N/(1-\theta)$: with 5 % of all votes turning out, 5, 6.11, 7.5, 15
and 20 % of them at $\theta$ = .5, .55, .6, .75 and .8; half as much again per liquid token where only the attacker
stakes. Power that is linear in balance cannot be gained by splitting (Douceur 2002 on Sybil identities). An ordinary
change takes 7 + 14 + 7 = 28 days. Source: the spec's proposal system, the white paper's governance figures.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis_alone
from experiments.validation.theory_governance import (
    ATTACKER,
    HONEST,
    RICH,
    SUBMITTED,
    Kind,
    burn_proposal,
    carried,
    contest,
    outcome,
    voted,
)
from model.codes import ProposalStatus
from model.economy import Economy, ScriptedProposal
from model.metrics import METRICS
from model.parameters import Parameters
from model.parameters.fees import Fees
from model.parameters.governance import Governance
from model.parameters.population import Population
from model.parameters.supply import Supply
from tests.economics.limits import QUIV, Change, by_day, economy, flow, give_holders, last, record, steady_demand, total

DEFEATED, DISCUSSION, EXECUTED, REJECTED, TIMELOCK, VOTING, WAITING = (
    ProposalStatus.DEFEATED,
    ProposalStatus.DISCUSSION,
    ProposalStatus.EXECUTED,
    ProposalStatus.REJECTED,
    ProposalStatus.TIMELOCK,
    ProposalStatus.VOTING,
    ProposalStatus.WAITING,
)

TEAM = 5
DEPOSIT = 100_000 * QUIV


def statuses(case: Economy) -> list[int]:
    return [int(reading.state["proposal_status"][0, 0]) for reading in by_day(case)]


def test_the_calendar_of_an_ordinary_change() -> None:
    """Submitted on day 3, in vote from day 10, decided on day 24, executed on day 31: 28 days later and not before."""
    seen = statuses(voted(burn_proposal()))
    after = seen[1:]
    assert seen[: SUBMITTED + 1] == [WAITING] * (SUBMITTED + 1)
    assert after[SUBMITTED : SUBMITTED + 7] == [DISCUSSION] * 7
    assert after[SUBMITTED + 7 : SUBMITTED + 21] == [VOTING] * 14
    assert after[SUBMITTED + 21 : SUBMITTED + 28] == [TIMELOCK] * 7
    assert set(after[SUBMITTED + 28 :]) == {EXECUTED}


def test_the_live_parameter_changes_on_execution_and_not_before() -> None:
    live = [float(reading.state["fees.burn_share"][0]) for reading in by_day(voted(burn_proposal()))]
    executed = SUBMITTED + 28 + 1
    assert set(live[:executed]) == {0.5}
    assert set(live[executed:]) == {0.6}


def test_receipts_burn_the_new_share_from_the_next_day_on() -> None:
    """Through the ensemble: of 100 QUIV a day 7.5 are burned until day 31, 9 from day 32 on."""
    case = voted(burn_proposal(), on=("demand", "market", "settlement"), demand=steady_demand(10.0))
    taken = record(case, "burn_quiv", "payments_quiv", "proposals_executed", "proposals_open")
    assert np.all(taken["payments_quiv"][1:] == 100.0)
    assert taken["burn_quiv"][1 : SUBMITTED + 30] == pytest.approx(7.5, rel=1e-9)
    assert taken["burn_quiv"][SUBMITTED + 30 :] == pytest.approx(9.0, rel=1e-9)
    assert np.argmax(taken["proposals_executed"] == 1.0) == SUBMITTED + 29
    assert np.sum(taken["proposals_open"]) == 28.0


def test_other_periods_shift_the_calendar() -> None:
    quick = Governance(discussion_days=0, voting_days=2, timelock_days=2)
    seen = statuses(voted(burn_proposal(), days=10, governance=quick))
    assert seen[SUBMITTED + 1 :] == [VOTING, VOTING, TIMELOCK, TIMELOCK, EXECUTED, EXECUTED, EXECUTED]


def test_the_deposit_is_locked_and_comes_back_on_execution() -> None:
    readings = list(by_day(voted(burn_proposal())))
    wallet = [int(reading.state["holder_wallet_nquiv"][0, RICH]) for reading in readings]
    locked = [total(reading, "proposal_deposits_nquiv") for reading in readings]
    first, close = SUBMITTED + 1, SUBMITTED + 29
    assert locked == [0] * first + [DEPOSIT] * 28 + [0] * (len(locked) - close)
    assert {own - wallet[0] for own in wallet[first:close]} == {-DEPOSIT}
    assert wallet[close:] == [wallet[0]] * (len(wallet) - close)


def test_without_support_it_is_defeated_and_the_deposit_forfeited() -> None:
    readings = list(by_day(voted(burn_proposal(support=0.0))))
    assert int(readings[-1].state["proposal_status"][0, 0]) == DEFEATED
    assert total(readings[-1], "treasury_nquiv") - total(readings[0], "treasury_nquiv") == DEPOSIT
    assert sum(flow(reading, "deposit_forfeit") for reading in readings) == DEPOSIT
    assert sum(flow(reading, "deposit_refund") for reading in readings) == 0
    assert float(readings[-1].state["fees.burn_share"][0]) == 0.5


@pytest.mark.parametrize(("support", "refunded"), [(0.0999, False), (0.1001, True), (0.5, True), (0.549, True)])
def test_the_deposit_of_the_defeated_comes_back_from_a_tenth_of_the_votes_on(support: float, refunded: bool) -> None:
    readings = list(by_day(voted(burn_proposal(support=support))))
    assert int(readings[-1].state["proposal_status"][0, 0]) == DEFEATED
    assert sum(flow(reading, "deposit_refund") for reading in readings) == refunded * DEPOSIT
    assert sum(flow(reading, "deposit_forfeit") for reading in readings) == (not refunded) * DEPOSIT


@pytest.mark.parametrize(
    ("value", "accepted"), [(0.6, True), (0.4, True), (0.6001, False), (0.3999, False), (0.75, False)]
)
def test_a_change_of_more_than_a_fifth_is_rejected_and_nothing_is_locked(value: float, accepted: bool) -> None:
    readings = list(by_day(voted(burn_proposal(value=value))))
    assert int(readings[-1].state["proposal_status"][0, 0]) == (EXECUTED if accepted else REJECTED)
    locked = max(total(reading, "proposal_deposits_nquiv") for reading in readings)
    assert locked == accepted * DEPOSIT
    assert float(readings[-1].state["fees.burn_share"][0]) == (value if accepted else 0.5)


def test_a_poor_proposer_is_rejected() -> None:
    readings = list(by_day(voted(burn_proposal(proposer=TEAM))))
    assert int(readings[SUBMITTED + 1].state["proposal_status"][0, 0]) == REJECTED
    assert max(total(reading, "proposal_deposits_nquiv") for reading in readings) == 0
    assert set(statuses(voted(burn_proposal(proposer=TEAM)))) == {WAITING, REJECTED}


@pytest.mark.parametrize(("wealth", "accepted"), [(199_999.0, [DISCUSSION, REJECTED]), (200_000.0, [DISCUSSION] * 2)])
def test_a_second_proposal_needs_a_second_deposit(wealth: float, accepted: list[int]) -> None:
    def own(state: State, params: State) -> None:
        give_holders(state, {RICH: wealth, 3: 1e6})

    later = burn_proposal(day=SUBMITTED + 1, parameter="fees.step_up", value=0.11)
    end = last(by_day(voted(burn_proposal(), later, days=SUBMITTED + 2), own))
    assert end.state["proposal_status"][0].tolist() == accepted


@pytest.mark.parametrize(("quorum", "fate"), [(0.030, EXECUTED), (0.033, DEFEATED)])
def test_quorum(quorum: float, fate: int) -> None:
    """A tenth of 23.75 M tokens of holders and providers votes, 3.17 % of the 75 M that circulate."""
    case = voted(burn_proposal(), governance=Governance(quorum=quorum, turnout=0.10))
    end = last(by_day(case))
    assert int(end.state["proposal_status"][0, 0]) == fate
    assert METRICS["turnout"].read(end)[0] == pytest.approx(0.1 * 23.75 / 75.0, rel=1e-9)
    assert total(end, "proposal_deposits_nquiv") == 0
    assert total(end, "treasury_nquiv") == 200_000_000 * QUIV


def test_without_a_timelock_the_deposit_comes_back_too() -> None:
    end = last(by_day(voted(burn_proposal(), governance=Governance(timelock_days=0))))
    assert int(end.state["proposal_status"][0, 0]) == EXECUTED
    assert total(end, "proposal_deposits_nquiv") == 0


def test_without_a_vote_nothing_passes() -> None:
    end = last(by_day(voted(burn_proposal(), governance=Governance(turnout=0.0))))
    assert int(end.state["proposal_status"][0, 0]) == DEFEATED


@pytest.mark.parametrize("kind", ["technical", "economic", "treasury", "emergency"])
@pytest.mark.parametrize(("threshold", "attacker"), [(0.55, 55.0), (0.6, 60.0), (0.75, 75.0), (0.8, 80.0)])
def test_a_share_of_votes_that_reaches_the_threshold_carries(kind: Kind, threshold: float, attacker: float) -> None:
    honest = 100.0 - attacker
    reached = contest({ATTACKER: attacker * 1e5, HONEST: honest * 1e5})
    short = contest({ATTACKER: attacker * 1e5 - 0.001, HONEST: honest * 1e5})
    assert carried(outcome(reached, kind, threshold))
    assert not carried(outcome(short, kind, threshold))


def test_a_simple_majority_needs_more_than_half() -> None:
    assert not carried(outcome(contest({ATTACKER: 5e6, HONEST: 5e6})))
    assert carried(outcome(contest({ATTACKER: 5e6 + 0.001, HONEST: 5e6})))


@pytest.mark.parametrize(("threshold", "part"), [(0.5, 0.05), (0.55, 0.0611), (0.6, 0.075), (0.75, 0.15), (0.8, 0.20)])
@pytest.mark.parametrize("turnout", [0.05, 0.10])
def test_what_capture_costs_where_few_of_the_honest_vote(threshold: float, part: float, turnout: float) -> None:
    """The attacker's tokens over the honest ones; twice as many where twice as many honest ones vote."""
    needed = threshold / (1.0 - threshold) * turnout
    assert needed == pytest.approx(part * turnout / 0.05, abs=2e-4)
    honest = 50e6
    more, less = (contest({ATTACKER: honest * needed * k, HONEST: honest}, None, turnout) for k in (1.0001, 0.9999))
    assert carried(outcome(more, threshold=threshold))
    assert not carried(outcome(less, threshold=threshold))


@pytest.mark.parametrize("threshold", [0.5, 0.6, 0.75])
def test_an_attacker_alone_in_staking_needs_two_thirds_of_it(threshold: float) -> None:
    needed = threshold / (1.0 - threshold) * 10e6 / 1.5
    for factor, wins in ((1.0001, True), (0.9999, False)):
        change = contest({HONEST: 10e6}, {ATTACKER: needed * factor})
        assert carried(outcome(change, threshold=threshold)) is wins


def votes(change: Change) -> tuple[int, int]:
    state = outcome(change).state
    return int(state["proposal_for_nquiv"][0, 0]), int(state["proposal_against_nquiv"][0, 0])


def test_a_staked_token_has_one_and_a_half_votes() -> None:
    assert votes(contest({ATTACKER: 1e6, HONEST: 2e6})) == (1_000_000 * QUIV, 2_000_000 * QUIV)
    assert votes(contest({ATTACKER: 1e6}, {ATTACKER: 2e6, HONEST: 1e6})) == (4_000_000 * QUIV, 1_500_000 * QUIV)


def everyone_votes(tokens: dict[int, float], staked: dict[int, float]) -> Change:
    def set_up(state: State, params: State) -> None:
        contest(tokens, staked)(state, params)
        params["agents.turnout"] = np.ones_like(params["agents.turnout"])
        params["agents.support"] = np.ones_like(params["agents.support"])

    return set_up


@pytest.mark.parametrize("parts", [2, 3, 6])
def test_splitting_a_holder_changes_no_vote(parts: int) -> None:
    liquid, staked = 6e6, 3e6
    whole = votes(everyone_votes({ATTACKER: liquid}, {ATTACKER: staked}))
    split = everyone_votes(
        {ATTACKER + k: liquid / parts for k in range(parts)}, {ATTACKER + k: staked / parts for k in range(parts)}
    )
    assert whole == (10_500_000 * QUIV, 0)
    assert votes(split) == whole


def test_tokens_that_arrive_after_submission_have_no_vote() -> None:
    """The snapshot: a grant of the treasury, paid out during the vote, changes no count."""
    case = economy("governance", "treasury", "vesting", days=25, proposals=(burn_proposal(day=0),))
    readings = list(by_day(case))
    counted = {int(reading.state["proposal_for_nquiv"][0, 0]) for reading in readings[1:]}
    assert len(counted) == 1
    assert total(readings[-1], "holder_wallet_nquiv") > total(readings[1], "holder_wallet_nquiv")


def test_of_two_proposals_executed_on_a_day_each_writes_its_own_parameter() -> None:
    other = burn_proposal(parameter="fees.step_up", value=0.12)
    end = last(by_day(voted(burn_proposal(), other)))
    assert float(end.state["fees.burn_share"][0]) == 0.6
    assert float(end.state["fees.step_up"][0]) == 0.12


def test_a_parameter_at_zero_may_be_introduced_within_a_fifth_of_its_range() -> None:
    """A quorum of 20 % can be proposed where there is none; one of 21 % cannot."""
    for value, status in ((0.20, EXECUTED), (0.21, REJECTED)):
        proposal = burn_proposal(parameter="governance.quorum", value=value, type="technical")
        end = last(by_day(voted(proposal)))
        assert int(end.state["proposal_status"][0, 0]) == status


@pytest.mark.parametrize(
    ("change", "answer"),
    [
        ({"parameter": "demand.elasticity"}, "no such parameter"),
        ({"value": 1.5}, "outside 0"),
    ],
)
def test_a_proposal_that_cannot_be_is_refused_when_declared(change: dict[str, object], answer: str) -> None:
    with pytest.raises(ValueError, match=answer):
        Economy(proposals=(burn_proposal(**change),))


def test_a_proposer_is_one_of_the_holders() -> None:
    with pytest.raises(ValueError, match="holder 10000; holders are numbered from 0 to 299"):
        genesis_alone(Economy(proposals=(burn_proposal(proposer=10_000),)), 1, 0)


def test_votes_that_together_break_a_rule_do_not_both_take_effect() -> None:
    """Burn 60 % and stakers 45 % of one network fee: each may be proposed, the second to execute may not."""
    live = Fees(burn_share=0.5, stakers_share=0.4)
    stakers = burn_proposal(day=SUBMITTED + 1, parameter="fees.stakers_share", value=0.45)
    end = last(by_day(economy("governance", days=40, proposals=(burn_proposal(), stakers), fees=live)))
    assert end.state["proposal_status"][0].tolist() == [EXECUTED, REJECTED]
    assert end.state["fees.stakers_share"][0] == 0.4
    assert total(end, "proposal_deposits_nquiv") == 0


def test_a_proposal_that_breaks_a_rule_on_its_day_is_rejected() -> None:
    live = Fees(burn_share=0.5, stakers_share=0.45)
    end = last(by_day(economy("governance", days=8, proposals=(burn_proposal(),), fees=live)))
    assert end.state["proposal_status"][0].tolist() == [REJECTED]


def test_a_proposal_that_is_out_of_bounds_does_not_cost_a_sound_one_its_place() -> None:
    """The proposer can pay one deposit: the first sound proposal gets it, whatever stood before it in the file."""

    def one_deposit(state: State, params: State) -> None:
        give_holders(state, {RICH: 150_000.0})

    wild = burn_proposal(parameter="fees.network_share", value=0.3)
    case = voted(wild, burn_proposal(), burn_proposal(value=0.55), days=8)
    end = last(by_day(case, one_deposit))
    assert end.state["proposal_status"][0].tolist() == [REJECTED, DISCUSSION, REJECTED]


def test_other_proposals_do_not_change_who_votes() -> None:
    alone, beside = burn_proposal(), burn_proposal(parameter="fees.network_share", value=0.16)
    population = Population(holders=30, providers=3)
    more = Population(holders=31, providers=3)

    def turnout(size: Population, *proposals: ScriptedProposal) -> np.ndarray:
        _, params = genesis_alone(Economy(proposals=proposals, parameters=Parameters(population=size)), 1, 0)
        return params["agents.turnout"]

    np.testing.assert_array_equal(turnout(population, alone)[0], turnout(population, beside, alone)[1])
    np.testing.assert_array_equal(turnout(population, alone)[0, -3:], turnout(more, alone)[0, -3:])


def test_a_treasury_that_circulates_counts_in_turnout() -> None:
    def turnout(circulates: bool) -> float:
        case = voted(burn_proposal(), days=8, supply=Supply(treasury_circulates=circulates))
        end = last(by_day(case)).state
        return float(end["proposal_voted_nquiv"][0, 0] / end["proposal_circulating_nquiv"][0, 0])

    assert 0.0 < turnout(True) < turnout(False)
