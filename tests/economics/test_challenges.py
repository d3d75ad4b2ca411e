r"""Challenges: the life of a case, whose bond is lost, when it pays to challenge or appeal, and what a verdict costs.

Theory: a panel of $k$ of whom each attends with $a$ and votes for guilt with $\pi$ decides as the enumeration of its
$3^k$ outcomes says, a tie being for the accused. Who challenges expects $U R - (1 - U) B$ and does so unless that is a
loss; an accusation without reason costs $B (1 - P(\text{guilty}))$. A validator sells its vote from $\chi \sigma S$ on,
the chance to be found out times its slash, so that a verdict costs a majority of that (Becker 1968). One who does not
look saves $T c$ and risks $(1 - (1 - \kappa)^T) \sigma S$.
"""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis
from model.arrays import Signals
from model.codes import CaseCause, CaseStatus
from model.economy import Economy
from model.formulas import panel
from model.metrics import Reading
from model.parameters.challenges import Challenges
from model.parameters.jobs import Jobs
from model.parameters.population import Population
from model.parameters.validation import Validation
from policies import cases
from tests.economics.limits import QUIV, SEED, Change, block, by_day, economy, flow, last, steady_demand, total

NONE, VOTING, RULED, APPEALED = CaseStatus
CANARY, CONSUMER, WATCHER, FRIVOLOUS = CaseCause

COURT = ("settlement", "challenges", "slashing")
"""No demand: nothing moves but what cases move."""

WORK = ("demand", "market", *COURT)
BOND, REWARD, APPEAL = 100, 100, 200
STAKE = 10_000.0
SLASH = 500
"""5 % of Bronze's 10,000 QUIV, whatever the fault."""

TEN = Population(providers=3, consumers=2, validators=10, holders=8, validator_genesis_share=0.1)


def court(**more: Any) -> Challenges:
    """Nobody opens a case but the test."""
    return Challenges(**({"notice_share": 0.0, "watch_share": 0.0, "frivolous_per_day": 0.0} | more))


def trial(*on: str, days: int, panel: int = 3, error: float = 0.0, absence: float = 0.0, **more: Any) -> Economy:
    """A court of ten validators, without noise: a panel rules as is likelier."""
    given: dict[str, Any] = {
        "population": TEN,
        "challenges": court(),
        "validation": Validation(panel=panel, error=error, absence=absence),
        "jobs": Jobs(tokens_per_job=(1000.0, 1000.0, 1000.0)),
    }
    return economy(*(on or COURT), days=days, **(given | more))


def case_of(
    cause: int = CONSUMER,
    bad: int = 1,
    status: int = VOTING,
    guilty: int = 0,
    lazy: int = 0,
    operations: int = 1_000,
    provider: int = 0,
    challenger: int = 1,
) -> Change:
    """A case against Bronze provider 0, opened on the eve by challenger 1, whose bond is in; so many do not look."""

    def change(state: State, params: State) -> None:
        at, amount = (..., provider), BOND * QUIV * (cause != CANARY)
        for name, value in (("status", status), ("cause", cause), ("bad", bad), ("severe", bad), ("guilty", guilty)):
            state[f"case_{name}"][at] = value
        state["case_share"][at], state["case_challenger"][at], state["case_bond_nquiv"][at] = 0.18, challenger, amount
        wallet = "consumer_wallet_nquiv" if cause == CONSUMER else "holder_wallet_nquiv"
        state[wallet][..., challenger] -= amount
        state["challenge_bonds_nquiv"] += amount
        state["provider_wallet_nquiv"][...] += state["provider_stake_nquiv"] - round(STAKE * QUIV)
        state["provider_stake_nquiv"][...] = round(STAKE * QUIV)
        state["validator_lazy"][..., :lazy] = 1.0
        state["treasury_nquiv"] -= operations * QUIV - state["operations_nquiv"]
        state["operations_nquiv"][...] = operations * QUIV

    return change


def statuses(readings: list[Reading]) -> list[int]:
    """The case's status at the start and after each day."""
    return [int(reading.state["case_status"][0, 0]) for reading in readings]


def moved(readings: list[Reading], name: str) -> float:
    """A flow over all days, QUIV."""
    return sum(flow(reading, name) for reading in readings) / QUIV


def gained(readings: list[Reading], account: str, place: int = 0) -> float:
    """What an agent has more at the end than at the start, QUIV."""
    first, end = (reading.state[account][0] for reading in (readings[0], readings[-1]))
    return float((end - first)[..., place] if np.ndim(first) else end - first) / QUIV


# The life of a case, day by day.


@pytest.mark.parametrize("voting", [1, 2, 5])
@pytest.mark.parametrize("appeal", [0, 1, 3, 7])
def test_a_case_is_ruled_after_the_vote_and_slashes_after_the_time_to_appeal(voting: int, appeal: int) -> None:
    """Opened on day 0, ruled on day `voting`, over `appeal` days after that, on the next day at the earliest."""
    end = voting + max(appeal, 1)
    chosen = court(voting_days=voting, appeal_days=appeal)
    seen = list(by_day(trial(days=end + 3, challenges=chosen), case_of()))
    assert statuses(seen) == [VOTING] * (voting + 1) + [RULED] * max(appeal, 1) + [NONE] * 3
    slashed = [flow(reading, "stake_slash") for reading in seen]
    assert [day for day, amount in enumerate(slashed) if amount] == [end + 1]
    assert max(slashed) == pytest.approx(SLASH * QUIV, abs=1)
    np.testing.assert_array_equal(seen[-1].state["cases_closed"], [[1, 0, 0, 0]])


@pytest.mark.parametrize("voting", [1, 3])
def test_an_appeal_is_made_on_the_day_after_the_ruling_and_a_second_panel_votes_as_long(voting: int) -> None:
    """Of one in ten panels .6 find guilt; of two on the second .36: overturned."""
    chosen = court(voting_days=voting, appeal_panel=2)
    seen = list(by_day(trial(days=2 * voting + 4, panel=1, challenges=chosen), case_of(lazy=4)))
    assert statuses(seen) == [VOTING] * (voting + 1) + [RULED] + [APPEALED] * voting + [NONE] * 3
    assert moved(seen, "stake_slash") == 0.0
    np.testing.assert_array_equal(seen[-1].state["cases_closed"], [[0, 1, 0, 1]])


def test_without_a_quorum_a_case_lapses_and_the_bond_returns() -> None:
    """All three of a panel come with .343 where 30 % are absent; two of them, with .784, are enough for a half."""
    for quorum, closed in ((1.0, [0, 0, 1, 0]), (0.5, [1, 0, 0, 0])):
        seen = list(by_day(trial(days=6, absence=0.3, challenges=court(quorum=quorum)), case_of()))
        np.testing.assert_array_equal(seen[-1].state["cases_closed"], [closed])
        assert gained(seen, "consumer_wallet_nquiv", 1) == BOND + REWARD * closed[0]
        assert total(seen[-1], "challenge_bonds_nquiv") == 0


def test_without_an_active_validator_cases_lapse() -> None:
    def nobody(state: State, params: State) -> None:
        case_of()(state, params)
        state["validator_active"][...] = 0.0

    seen = list(by_day(trial(days=3), nobody))
    np.testing.assert_array_equal(seen[-1].state["cases_closed"], [[0, 0, 1, 0]])
    poor = Population(**(TEN.model_dump() | {"validator_genesis_share": 0.0}))
    seen = list(by_day(trial(*WORK, "validation", days=3, population=poor), case_of()))
    assert seen[-1].state["validator_active"].sum() == 0.0
    np.testing.assert_array_equal(seen[-1].state["cases_closed"], [[0, 0, 1, 0]])


def test_a_tie_is_for_the_provider() -> None:
    """Two votes of two are needed: with seven of ten who look .49 do, with eight .64."""
    for lazy, closed in ((3, [0, 1]), (2, [1, 0])):
        seen = last(by_day(trial(days=6, panel=2, challenges=court(appeal_days=0)), case_of(lazy=lazy)))
        assert seen.state["cases_closed"][0, :2].tolist() == closed


# The way of every bond, QUIV: (first panel, second, who does not look, appeal's bond) and what comes of it.

WAYS = {
    "upheld": (3, 5, 0, APPEAL, {"challenger": BOND + REWARD, "provider": 0, "fund": 0, "slash": SLASH}),
    "rejected": (3, 5, 10, APPEAL, {"challenger": 0, "provider": 0, "fund": BOND, "slash": 0}),
    "provider appeals and wins": (1, 2, 4, APPEAL, {"challenger": 0, "provider": 0, "fund": BOND, "slash": 0}),
    "provider appeals and loses": (
        1, 3, 4, APPEAL, {"challenger": BOND + REWARD, "provider": -APPEAL, "fund": APPEAL, "slash": SLASH}
    ),
    "challenger appeals and wins": (
        2, 1, 4, APPEAL, {"challenger": BOND + REWARD, "provider": 0, "fund": 0, "slash": SLASH}
    ),
    "challenger appeals and loses": (
        2, 2, 4, BOND, {"challenger": -BOND, "provider": 0, "fund": 2 * BOND, "slash": 0}
    ),
}  # fmt: skip


@pytest.mark.parametrize("cause", [CONSUMER, WATCHER])
@pytest.mark.parametrize("way", list(WAYS))
def test_every_bond_goes_its_way(way: str, cause: int) -> None:
    """Panels of 1, 2 and 3 of whom .6 look find guilt with .6, .36 and .648; the challenger's bond is in already."""
    first, second, lazy, appeal, expected = WAYS[way]
    chosen = court(appeal_panel=second, appeal_bond_quiv=float(appeal))
    seen = list(by_day(trial(days=8, panel=first, challenges=chosen), case_of(cause, lazy=lazy)))
    wallet = "consumer_wallet_nquiv" if cause == CONSUMER else "holder_wallet_nquiv"
    found = {
        "challenger": gained(seen, wallet, 1),
        "provider": gained(seen, "provider_wallet_nquiv"),
        "fund": gained(seen, "insurance_nquiv"),
        "slash": -gained(seen, "provider_stake_nquiv"),
    }
    assert found == pytest.approx(expected, abs=1e-9)
    assert total(seen[-1], "challenge_bonds_nquiv") == 0
    assert ("appeals" in way) == (APPEALED in statuses(seen))
    assert gained(seen, "operations_nquiv") == -REWARD * (expected["slash"] > 0)


def test_a_second_panel_without_quorum_leaves_the_ruling_and_returns_the_bond() -> None:
    """One who attends with .6 and votes is guilty or not; of two, both come with .36 only."""
    chosen = court(appeal_panel=2, quorum=1.0, appeal_bond_quiv=1.0)
    seen = list(by_day(trial(days=8, panel=1, absence=0.4, challenges=chosen), case_of()))
    assert APPEALED in statuses(seen)
    assert gained(seen, "provider_wallet_nquiv") == 0.0
    assert moved(seen, "stake_slash") == pytest.approx(SLASH, abs=1e-9)
    np.testing.assert_array_equal(seen[-1].state["cases_closed"], [[1, 0, 0, 0]])


@pytest.mark.parametrize(("operations", "each"), [(1_000, 100.0), (200, 100.0), (199, 99.5), (30, 15.0), (0, 0.0)])
def test_rewards_reach_as_far_as_operations(operations: int, each: float) -> None:
    """A consumer and a watcher, 100 QUIV each; where operations are short each gets the same part."""

    def two(state: State, params: State) -> None:
        case_of(CONSUMER)(state, params)
        case_of(WATCHER, provider=1, operations=operations)(state, params)

    seen = list(by_day(trial(days=6), two))
    assert gained(seen, "consumer_wallet_nquiv", 1) == pytest.approx(BOND + each, abs=1e-8)
    assert gained(seen, "holder_wallet_nquiv", 1) == pytest.approx(BOND + each, abs=1e-8)
    assert total(seen[-1], "operations_nquiv") == pytest.approx((operations - 2 * each) * QUIV, abs=10)
    assert total(seen[-1], "operations_nquiv") >= 0


# Who opens a case.


@pytest.mark.parametrize(("shares", "cause"), [({"notice_share": 0.9}, CONSUMER), ({"watch_share": 0.9}, WATCHER)])
def test_who_notices_garbage_opens_a_case_with_a_bond(shares: dict[str, float], cause: int) -> None:
    def garbage(state: State, params: State) -> None:
        state["provider_garbage"][..., 0] = 1.0

    case = trial(*WORK, days=4, demand=steady_demand(10.0), challenges=court(**shares))
    seen = list(by_day(case, garbage))
    at = next(day for day, reading in enumerate(seen) if reading.state["case_status"][0, 0])
    opened = seen[at]
    assert flow(opened, "consumer_bond") == BOND * QUIV * (cause == CONSUMER)
    assert flow(opened, "watcher_bond") == BOND * QUIV * (cause == WATCHER)
    assert opened.state["cases_opened"][0, cause] == opened.state["cases_opened"].sum() == 1
    for name, expected in {"status": VOTING, "cause": cause, "bad": 1, "severe": 1, "day": at - 1}.items():
        assert opened.state[f"case_{name}"][0].tolist() == [expected, 0, 0], name
    assert opened.state["case_loss_quiv"][0, 0] == pytest.approx(opened.state["work_weight"][0, 0])


@pytest.mark.parametrize(("lazy", "reward", "opened"), [(4, 100.0, 1), (6, 100.0, 0), (6, 183.0, 0), (6, 185.0, 1)])
def test_who_expects_to_lose_does_not_challenge(lazy: int, reward: float, opened: int) -> None:
    """Upheld with .648 or .352: R = B pays or not; at .352 it takes R = 100 (.648 / .352) = 184.1."""

    def garbage(state: State, params: State) -> None:
        state["provider_garbage"][..., 0] = 1.0
        state["validator_lazy"][..., :lazy] = 1.0

    chosen = court(notice_share=0.9, reward_quiv=reward)
    seen = last(by_day(trial(*WORK, days=3, demand=steady_demand(10.0), challenges=chosen), garbage))
    assert seen.state["cases_opened"].sum() == opened


def opened_today(providers: int, challenges: Challenges, **conduct: float) -> np.ndarray:
    """Whether a case is opened against each of many providers with four jobs each."""
    people = Population(**(TEN.model_dump() | {"providers": providers}))
    state, params = genesis([trial(days=1, population=people, challenges=challenges, noise=True)], SEED, [0])
    state["provider_standing"][...] = state["provider_online"][...] = 1.0
    state["served_jobs"][0, 0], state["work_weight"][...] = 4 * providers, 1.0
    for name, value in conduct.items():
        state[f"provider_{name}"][...] = value
    opened, record = cases.openings(params, state)
    assert (record["case_bad"] == (record["case_cause"] != FRIVOLOUS) * bool(conduct)).all()
    return np.asarray(opened[0])


@pytest.mark.parametrize(
    ("conduct", "frivolous", "chance"),
    [
        ({"garbage": 1.0}, 0.0, 1.0 - 0.95**4),
        ({"degraded": 1.0}, 0.0, 1.0 - 0.97**4),
        ({"garbage": 0.5}, 0.0, 1.0 - 0.95**2),
        ({}, 0.0, 0.0),
        ({}, 500.0, 0.1),
        ({"garbage": 1.0}, 500.0, 1.0 - 0.9 * 0.95**4),
    ],
)
def test_a_case_is_as_likely_as_its_bad_jobs_are_noticed(
    conduct: dict[str, float], frivolous: float, chance: float
) -> None:
    """4 % by consumers, half of it of a smaller model, 1 % by watchers; 500 of 5000 without reason."""
    chosen = court(notice_share=0.04, watch_share=0.01, frivolous_per_day=frivolous)
    share = opened_today(5000, chosen, **conduct).mean()
    assert abs(share - chance) <= 4.0 * np.sqrt(chance * (1.0 - chance) / 5000)


@pytest.mark.parametrize(("error", "guilty"), [(0.0, 0.0), (0.1, 0.028), (0.3, 0.216)])
def test_to_accuse_without_reason_costs_the_bond_as_often_as_it_is_rejected(error: float, guilty: float) -> None:
    """3 e^2 (1 - e) + e^3 of the innocent are condemned; 2000 accused, no reward, no appeal."""
    count = 2000
    people = Population(**(TEN.model_dump() | {"providers": count}))
    chosen = court(reward_quiv=0.0, appeal_days=0)

    def accused(state: State, params: State) -> None:
        bonds = BOND * QUIV * count
        state["case_status"][...], state["case_cause"][...], state["case_share"][...] = VOTING, FRIVOLOUS, 0.1
        state["case_bond_nquiv"][...] = BOND * QUIV
        state["holder_wallet_nquiv"][..., 0] -= bonds
        state["challenge_bonds_nquiv"] += bonds

    case = trial(days=4, error=error, noise=True, population=people, challenges=chosen)
    seen = list(by_day(case, accused))
    assert seen[-1].state["cases_closed"].sum() == count
    lost = moved(seen, "bond_forfeit")
    assert lost + moved(seen, "bond_to_watcher") == BOND * count
    spread = BOND * np.sqrt(guilty * (1.0 - guilty) / count)
    assert abs(lost / count - BOND * (1.0 - guilty)) <= 4.0 * spread
    assert gained(seen, "insurance_nquiv") == lost


def test_an_honest_provider_condemned_by_its_canaries_appeals_and_is_acquitted() -> None:
    """Panels of one that err with .4 condemn good work, panels of five do with .317; nobody loses stake."""
    every_job = Validation(canary_share=1.0, panel=1, error=0.4, absence=0.0, accuracy_bar=0.0)
    case = trial(*WORK, "validation", days=12, demand=steady_demand(10.0), validation=every_job)
    seen = list(by_day(case))
    at = next(day for day, reading in enumerate(seen) if reading.state["case_status"][0].all())
    assert seen[at].state["case_cause"].tolist() == [[CANARY] * 3]
    assert statuses(seen)[at : at + 4] == [RULED, APPEALED, NONE, RULED]
    assert flow(seen[at + 1], "appeal_bond") == flow(seen[at + 2], "bond_to_provider") == 3 * APPEAL * QUIV
    assert moved(seen, "stake_slash") == moved(seen, "bond_forfeit") == 0.0
    upheld, rejected, lapsed, overturned = seen[-1].state["cases_closed"][0].tolist()
    assert (upheld, lapsed) == (0, 0)
    assert rejected == overturned >= 9


def test_who_has_nothing_to_win_does_not_appeal() -> None:
    """A slash of 500 QUIV against a bond of 200: an appeal pays from a hope of 200 / 700 on, .28 here and .352."""
    for lazy, status in ((4, APPEALED), (3, RULED)):
        chosen = court(appeal_panel=3)
        seen = list(by_day(trial(days=3, panel=1, challenges=chosen), case_of(lazy=lazy)))
        assert statuses(seen)[3] == status, lazy
    hope = {3: 1.0 - (3 * 0.7**2 - 2 * 0.7**3), 4: 1.0 - (3 * 0.6**2 - 2 * 0.6**3)}
    assert hope[3] < 200.0 / 700.0 < hope[4]


def test_a_provider_appeals_though_its_challenger_has_no_more_money() -> None:
    """Consumer 0 accused an innocent provider, and has not the bond to accuse another one on the day of the appeal."""
    lone = Population(**(TEN.model_dump() | {"consumers": 1}))

    def broke(state: State, params: State) -> None:
        case_of(CONSUMER, bad=0, status=RULED, guilty=1, challenger=0)(state, params)
        state["case_day"][...] = -1
        state["provider_garbage"][..., 1] = 1.0
        state["treasury_nquiv"] += state["consumer_wallet_nquiv"].sum()
        state["consumer_wallet_nquiv"][...] = 0
        state["served_jobs"][...], state["work_weight"][...] = 10, 1.0

    case = trial(days=1, population=lone, challenges=court(notice_share=0.9))
    state, params = genesis([case], SEED, [0])
    broke(state, params)
    policy = block(case, "challenges").policy
    assert policy is not None
    found = policy(params, None, None, state)
    assert found["case_status"].tolist() == [[APPEALED, NONE, NONE]]
    assert found["appeal_bond"].tolist() == [[APPEAL * QUIV, 0, 0]]
    assert found["consumer_bond"].sum() == 0


@pytest.mark.parametrize(("bonds", "opened"), [(2, 2), (1, 0), (0, 0)])
def test_who_cannot_pay_for_all_that_it_would_open_opens_none(bonds: int, opened: int) -> None:
    """The only consumer notices two providers on one day, with money for two bonds, for one, for none."""
    lone = Population(**(TEN.model_dump() | {"consumers": 1}))
    case = trial(days=1, population=lone, challenges=court(notice_share=0.9))
    state, params = genesis([case], SEED, [0])
    state["provider_garbage"][...] = [[1.0, 1.0, 0.0]]
    state["consumer_wallet_nquiv"][...] = bonds * BOND * QUIV
    state["served_jobs"][...], state["work_weight"][...] = 10, 1.0
    policy = block(case, "challenges").policy
    assert policy is not None
    found = policy(params, None, None, state)
    assert found["consumer_bond"].tolist() == [[opened * BOND * QUIV]]
    assert found["case_status"].sum() == opened * VOTING


# Panels.


@pytest.mark.parametrize("size", range(1, 8))
def test_a_panel_decides_as_the_enumeration_of_its_votes(size: int) -> None:
    for attends, guilty_vote, quorum in product((0.0, 0.3, 0.98, 1.0), (0.0, 0.2, 0.5, 0.999), (0.0, 0.5, 0.6, 1.0)):
        guilty, void = 0.0, 0.0
        for votes in product((None, False, True), repeat=size):
            cast = [vote for vote in votes if vote is not None]
            chance = (1.0 - attends) ** (size - len(cast)) * attends ** len(cast)
            chance *= guilty_vote ** sum(cast) * (1.0 - guilty_vote) ** (len(cast) - sum(cast))
            if not cast or len(cast) < quorum * size:
                void += chance
            elif 2 * sum(cast) > len(cast):
                guilty += chance
        found = panel.chances_of_verdict(size, np.float64(quorum), np.float64(attends), np.float64(guilty_vote))
        np.testing.assert_allclose(found, (guilty, void), rtol=0.0, atol=1e-12)


def test_a_panel_by_hand() -> None:
    """Three who come and see 90 %: .972; a majority is 1, 2, 2, 3, 3 votes of 1 to 5."""
    assert panel.chances_of_verdict(3, np.float64(0.5), np.float64(1.0), np.float64(0.9))[0] == pytest.approx(
        0.972, abs=1e-12
    )
    assert [panel.majority_of(size) for size in range(1, 6)] == [1, 2, 2, 3, 3]
    assert panel.price_of_vote(np.float64(0.5), np.float64(0.05), np.float64(STAKE)) == 250.0


# Bribes: 250 QUIV a vote for .5 of 5 % of 10,000.


@pytest.mark.parametrize("appeal_days", [0, 3])
@pytest.mark.parametrize(("bribe", "sold"), [(249.9, False), (250.1, True)])
def test_from_the_price_of_a_vote_on_all_sell_and_the_cheat_goes_free(
    bribe: float, sold: bool, appeal_days: int
) -> None:
    """Two votes of a panel of three; where the challenger appeals also three of a panel of five."""
    chosen = court(bribe_quiv=bribe, appeal_days=appeal_days)
    case = trial(days=8, challenges=chosen)
    seen = list(by_day(case, case_of()))
    rulings = [2, 3] if appeal_days else [2]
    paid = [votes * round(bribe * QUIV) for votes in rulings] if sold else []
    assert [flow(reading, "provider_bribe") for reading in seen if flow(reading, "provider_bribe")] == paid
    sold_by_day = [reading.state["votes_sold"].sum() for reading in seen]
    assert [votes for votes in sold_by_day if votes] == (
        pytest.approx([float(votes) for votes in rulings] if sold else [])
    )
    assert seen[-1].state["cases_closed"][0, :2].tolist() == ([0, 1] if sold else [1, 0])
    assert gained(seen, "provider_stake_nquiv") == pytest.approx(0.0 if sold else -SLASH, abs=1e-9)
    spent = sum(paid)
    got = sum(flow(reading, "validator_bribe") for reading in seen)
    assert 0 <= spent - got <= len(rulings) * 11, "each of ten parts is rounded down, and the margin is under a unit"
    assert total(seen[-1], "bribes_nquiv") == spent - got


def test_who_cannot_pay_the_bribe_is_convicted() -> None:
    def poor(state: State, params: State) -> None:
        case_of()(state, params)
        rest = state["provider_wallet_nquiv"] - 500 * QUIV
        state["provider_wallet_nquiv"][...] -= rest
        state["treasury_nquiv"] += rest.sum()

    for bribe, closed in ((250.0, [0, 1]), (250.5, [1, 0])):
        seen = last(by_day(trial(days=6, challenges=court(bribe_quiv=bribe, appeal_days=0)), poor))
        assert seen.state["cases_closed"][0, :2].tolist() == closed


def test_a_verdict_that_nobody_paid_for_is_not_bought() -> None:
    """An appeal against a canary is not for sale: all would sell, nothing is paid, and .648 of three find guilt."""
    chosen = court(appeal_panel=3, bribe_quiv=300.0)
    for bad, closed in ((1, [1, 0]), (0, [0, 1])):
        change = case_of(CANARY, bad=bad, status=RULED, guilty=1, lazy=4)
        seen = list(by_day(trial(days=6, challenges=chosen), change))
        assert APPEALED in statuses(seen)
        assert moved(seen, "provider_bribe") == 0.0
        assert seen[-1].state["cases_closed"][0, :2].tolist() == closed


def test_an_innocent_provider_bribes_nobody_and_is_judged_as_if_nobody_were_for_sale() -> None:
    """2000 accused without reason; panels that err with .3 condemn .216 of them, bribes or not."""
    count = 2000
    people = Population(**(TEN.model_dump() | {"providers": count}))
    found = []
    for bribe in (0.0, 300.0):
        chosen = court(bribe_quiv=bribe, appeal_days=0)
        case = trial(days=1, error=0.3, noise=True, population=people, challenges=chosen)
        state, params = genesis([case], SEED, [0])
        state["case_status"][...], state["case_cause"][...], state["case_day"][...] = VOTING, FRIVOLOUS, -1
        policy = block(case, "challenges").policy
        assert policy is not None
        judged = policy(params, None, None, state)
        assert judged["provider_bribe"].sum() == 0
        found.append(judged["case_guilty"])
    np.testing.assert_array_equal(found[0], found[1])
    assert abs(found[0].mean() - 0.216) < 4.0 * np.sqrt(0.216 * 0.784 / count)


@pytest.mark.parametrize(("validators", "chance"), [(2, 0.5), (4, 1.0 - 0.5**0.5), (8, 1.0 - 0.5**0.25)])
def test_who_sold_a_vote_is_found_out_at_the_rate_of_exposure_and_slashed(validators: int, chance: float) -> None:
    """Two votes were sold, by each of two validators one; of four each sold half a vote on average."""
    runs = 4000
    people = Population(**(TEN.model_dump() | {"validators": validators}))
    case = trial(days=1, noise=True, population=people, challenges=court(bribe_quiv=250.1))
    state, params = genesis([case] * runs, SEED, range(runs))
    state["votes_sold"][...] = 2.0 / validators
    policy = block(case, "slashing").policy
    assert policy is not None
    slashed = policy(params, None, None, state)["validator_slash"]
    found = slashed > 0
    assert set(np.unique(slashed)) <= {0, 500 * QUIV - 1, 500 * QUIV}
    assert abs(found.mean() - chance) < 4.0 * np.sqrt(chance * (1.0 - chance) / found.size)
    state["votes_sold"][...] = 0.0
    assert policy(params, None, None, state)["validator_slash"].sum() == 0


# Validators: ten, 1000 jobs of which 50 are canaries, three votes each: 15 tasks a day.


def validated(days: int = 1, error: float = 0.0, bad: float = 0.0, cost: float = 0.0, **state_of: Any) -> list[Signals]:
    """What validation says of each day, by hand."""
    chosen = Validation(error=error, absence=0.0, revision_per_day=1.0)
    case = trial(*WORK, "validation", days=1, validation=chosen)
    state, params = genesis([case], SEED, [0])
    state["served_jobs"][0, 0], state["work_weight"][...] = 1000, 1.0
    state["provider_garbage"][...] = bad
    for name, value in state_of.items():
        state[name][...] = value
    params["agents.task_cost_usd"] = np.full((1, 10), cost)
    policy = block(case, "validation").policy
    assert policy is not None
    seen: list[Signals] = []
    for _ in range(days):
        seen.append(policy(params, None, None, state))
        state |= {name: value for name, value in seen[-1].items() if name.startswith("validator_")}
    return seen


@pytest.mark.parametrize("stake", [10_000.0, 40_000.0])
def test_a_validator_does_not_look_where_that_saves_more_than_it_risks(stake: float) -> None:
    """15 c > (1 - .99^15) .05 S: 4.66 QUIV a task for 10,000 staked, .4665 USD."""
    threshold = (1.0 - 0.99**15) * 0.05 * stake / 15.0 * 0.1
    staked = np.int64(stake * QUIV)
    for cost, expected in ((0.999 * threshold, 0.0), (1.001 * threshold, 1.0)):
        found = validated(cost=cost, validator_stake_nquiv=staked)[0]
        assert found["validator_tasks"].tolist() == [[15.0] * 10]
        assert (found["validator_lazy"] == expected).all()
    assert threshold == pytest.approx(0.4665 * stake / 1e4, abs=5e-5 * stake / 1e4)


@pytest.mark.parametrize("days", [1, 30, 200])
def test_accuracy_is_remembered_for_a_month(days: int) -> None:
    """Who looks and errs with .1 tends to .9; who does not is wrong on 1 % of known and on 30 % of other tasks."""
    faded = 1.0 - np.exp(-days / 30.0)
    careful = validated(days, error=0.1, bad=0.3)[-1]["validator_accuracy"]
    np.testing.assert_allclose(careful, 1.0 - 0.1 * faded, rtol=1e-12)
    paths = [signals["validator_accuracy"] for signals in validated(days, error=0.1, bad=0.3, cost=1.0)]
    while_active = min(days, 32)
    idle = paths[while_active - 1]
    np.testing.assert_allclose(idle, 1.0 - 0.307 * (1.0 - np.exp(-while_active / 30.0)), rtol=1e-12)


def test_the_memory_of_who_is_not_active_fades_until_it_is() -> None:
    """Below the bar on the 33rd day, back above it on the next, and so on: around .8 for good."""
    accuracy = np.asarray([signals["validator_accuracy"][0, 0] for signals in validated(200, bad=0.3, cost=1.0)])
    assert np.all(np.abs(accuracy[33:] - 0.8) < 0.02)


def test_below_the_bar_or_the_minimum_a_validator_is_not_active() -> None:
    """.307 (1 - e^(-d / 30)) passes .2 after 31.6 days."""
    active = [float(signals["validator_active"].sum()) for signals in validated(40, bad=0.3, cost=1e9)]
    assert -30.0 * np.log(1.0 - 0.2 / 0.307) == pytest.approx(31.6, abs=0.05)
    assert active[:32] == [10.0] * 32
    assert active[32] == 0.0
    half = np.array([[10_000 * QUIV] * 5 + [10_000 * QUIV - 1] * 5])
    found = validated(validator_stake_nquiv=half)[0]
    assert found["validator_active"].tolist() == [[1.0] * 5 + [0.0] * 5]
    assert found["validator_tasks"].tolist() == [[30.0] * 5 + [0.0] * 5]


def test_who_does_not_look_is_found_out_by_known_tasks() -> None:
    """15 tasks a day of which 1 % are known: 1 - .99^15 = .14 a day, in 2000 runs, and loses 5 %."""
    runs = 2000
    case = trial(*WORK, "validation", "challenges", days=1, noise=True, validation=Validation(revision_per_day=0.0))
    state, params = genesis([case] * runs, SEED, range(runs))
    state["served_jobs"][:, 0], state["work_weight"][...] = 1000, 1.0
    state["validator_lazy"][..., :5] = 1.0
    state["validation.canary_share"][...] = 1.0
    state["served_jobs"][:, 0] = 50
    policy = block(case, "validation").policy
    slash = block(case, "slashing").policy
    assert policy is not None
    assert slash is not None
    found = policy(params, None, None, state)
    assert (found["validator_tasks"] == 15.0).all()
    caught = found["validator_caught"]
    assert caught[:, 5:].sum() == 0
    chance = 1.0 - 0.99**15
    assert abs(caught[:, :5].mean() - chance) < 4.0 * np.sqrt(chance * (1.0 - chance) / caught[:, :5].size)
    lost = slash(params, None, None, state | {"validator_caught": caught})["validator_slash"]
    np.testing.assert_allclose(lost, caught * 500.0 * QUIV, rtol=0.0, atol=1.0)


def test_who_is_disputed_bears_the_refund() -> None:
    """One serves garbage, of which a tenth is noticed: it is paid for nine tenths of its work, the others for all."""
    seen = Challenges(notice_share=0.1, watch_share=0.0, bond_quiv=1e7)
    case = economy(
        "demand", "market", "settlement", "escrow", "challenges", days=3, challenges=seen, demand=steady_demand(10.0)
    )

    def one_cheats(state: State, params: State) -> None:
        state["provider_garbage"][...] = [[1.0, 0.0, 0.0]]

    end = last(by_day(case, one_cheats)).state
    per_work = end["provider_income_nquiv"][0] / end["work_weight"][0]
    np.testing.assert_allclose(per_work / per_work[1], [0.9, 1.0, 1.0], rtol=1e-6)
    assert end["disputed_share"][0] == pytest.approx(0.1 * end["work_weight"][0, 0] / end["work_weight"][0].sum())
