r"""The electorate: what an idea is worth to whom, who votes, who proposes, and when nobody does.

Theory: to vote costs time, so who gains or loses little stays away (Downs 1957), and the few with much at stake decide
(Olson 1965). A change of $\Delta$ in the share $n$ of payments of $F$ a year that the network takes costs those who
work $F \Delta$, each by its part; a holder of the $x$-th part of all tokens has half of that times $x$. Ten voters
have most votes of any DAO, and nearly everything that is put to the vote passes, since who proposes knows how it will
end (Barbereau et al. 2022; Feichtinger et al. 2023; Fritsch et al. 2022 on Compound and Uniswap).
"""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis
from experiments.validation.stylised_facts import FACTS, METRICS, Fact
from model.arrays import Signals
from model.codes import PROPOSAL_TYPES, ProposalStatus
from model.economy import Economy
from model.flows import LEDGER
from model.metrics import Reading
from model.parameters import GOVERNED
from model.parameters.governance import Governance
from model.parameters.interests import GROUPS, IDEAS, INTERESTS
from policies.electorate import _by_class, _gains, _live, _votes
from policies.governance import govern_by_agents
from tests.economics.limits import QUIV, SEED, TINY, block, by_day, economy, last

DISCUSSION, VOTING, WAITING = ProposalStatus.DISCUSSION, ProposalStatus.VOTING, ProposalStatus.WAITING

HOLDERS, PROVIDERS, CONSUMERS = TINY.holders, TINY.providers, TINY.consumers
PAID = 10_000.0
"""QUIV paid a day."""


def electorate(**governance: Any) -> tuple[Economy, State, State]:
    """Payments of 10,000 a day, of which provider 0 does three quarters and consumer 0 pays four fifths."""
    case = economy("governance", "proposing", days=1, noise=True, governance=Governance(**governance))
    state, params = genesis([case], SEED, [0])
    flows = state["flows_nquiv"].copy()
    for name, quiv in (("payment", 9_000.0), ("channel_payment", 1_000.0), ("emission_to_work", 70_000.0)):
        flows[0, LEDGER.index[name]] = int(quiv) * QUIV
    flows[0, LEDGER.index["emission_to_staking"]] = 30_000 * QUIV
    state["flows_nquiv"] = flows
    state["delivered_weight"] = np.asarray([[3.0, 1.0, 0.0]])
    state["spending_usd"] = np.asarray([[80.0, 20.0]])
    give(state, "holder_wallet_nquiv", [4e6, 2e6, 1e6, 0.0, 0.0, 0.0, 0.0, 0.0])
    give(state, "holder_delegated_nquiv", [0.0, 0.0, 3e6, 1e6, 0.0, 0.0, 0.0, 0.0])
    give(state, "provider_wallet_nquiv", [2e5, 0.0, 0.0])
    give(state, "provider_stake_nquiv", [6e6, 2e6, 0.0])
    give(state, "consumer_wallet_nquiv", [5e4, 1e4])
    policy = block(case, "power").policy
    assert policy is not None
    state |= {name: found for name, found in policy(params, None, None, state).items() if name.startswith("voter")}
    return case, state, params


def give(state: State, account: str, quiv: list[float]) -> None:
    """What agents have, out of the treasury."""
    amounts = np.asarray([[round(amount * QUIV) for amount in quiv]], dtype=np.int64)
    state["treasury_nquiv"] = state["treasury_nquiv"] + state[account].sum(axis=-1) - amounts.sum(axis=-1)
    state[account] = amounts


def gains(name: str, change: float, **governance: Any) -> np.ndarray:
    """What every voter gains by a change of a parameter, QUIV."""
    _, state, params = electorate(**governance)
    idea = np.asarray([IDEAS.index(name)])
    live = _live(state, idea)
    return np.asarray(_gains(params, state, idea, live, live + change)[0])


def circulating() -> float:
    _, state, params = electorate()
    return float(Reading(state, params).circulating[0])


def provider(k: int) -> int:
    return HOLDERS + k


def consumer(k: int) -> int:
    return HOLDERS + PROVIDERS + k


def test_a_higher_take_costs_those_who_work_and_pays_those_who_hold() -> None:
    """A point of 3.65 M a year: 36,500 from providers, by their work; half of it to tokens, half to contributors."""
    gained, yearly = gains("fees.network_share", 0.01), PAID * 365 * 0.01
    share = 1.0 / circulating()
    assert gained[0] == pytest.approx(0.5 * yearly * 4e6 * share, rel=1e-9)
    assert gained[2] == pytest.approx(0.5 * yearly * 4e6 * share, rel=1e-9)
    assert gained[provider(0)] == pytest.approx(-0.75 * yearly + 0.5 * yearly * 6.2e6 * share, rel=1e-9)
    assert gained[provider(1)] == pytest.approx(-0.25 * yearly + 0.5 * yearly * 2e6 * share, rel=1e-9)
    assert gained[consumer(0)] == pytest.approx(0.5 * yearly * 5e4 * share, rel=1e-9)
    assert gained[7] == pytest.approx(0.5 * yearly, rel=1e-9)


def test_a_higher_burn_is_paid_by_contributors() -> None:
    """A tenth of a network fee of 15 % of 3.65 M: 54,750 a year."""
    gained, yearly = gains("fees.burn_share", 0.1), PAID * 365 * 0.15 * 0.1
    assert gained[0] == pytest.approx(yearly * 4e6 / circulating(), rel=1e-9)
    assert gained[7] == pytest.approx(-yearly, rel=1e-9)


def test_a_price_that_rises_moves_payments_in_proportion() -> None:
    """A base rate of 0.0011 in place of 0.001 is a tenth more: consumers lose it, by what they spend."""
    gained, yearly = gains("pricing.base_rate_quiv", 0.0001), PAID * 365 * 0.1
    share = 1.0 / circulating()
    assert gained[consumer(0)] == pytest.approx(-0.8 * yearly + 0.1 * yearly * 5e4 * share, rel=1e-9)
    assert gained[provider(0)] == pytest.approx(0.8 * 0.75 * yearly + 0.1 * yearly * 6.2e6 * share, rel=1e-9)
    assert gained[0] == pytest.approx(0.1 * yearly * 4e6 * share, rel=1e-9)


def test_staking_rewards_go_by_stake_and_delegation() -> None:
    """A point more of 100,000 a day to stakers: 70 % of it by own stake, a quarter by delegation; work loses it."""
    gained, yearly = gains("emission.staking_share", 0.01), 100_000 * 365 * 0.01
    assert gained[2] == pytest.approx(0.25 * 0.75 * yearly, rel=1e-9)
    assert gained[3] == pytest.approx(0.25 * 0.25 * yearly, rel=1e-9)
    assert gained[provider(0)] == pytest.approx((0.7 - 1.0) * 0.75 * yearly, rel=1e-9)
    assert gained[0] == 0.0
    assert gained[consumer(0)] == 0.0


def test_a_grant_of_a_million_more() -> None:
    gained = gains("treasury.grants_quiv_per_year", 1e6)
    assert gained[7] == pytest.approx(1e6, rel=1e-9)
    assert gained[0] == pytest.approx(-0.3e6 * 4e6 / circulating(), rel=1e-9)


def test_more_cashback_pays_consumers_by_what_they_spend() -> None:
    gained = gains("rebates.cashback_share", 0.001)
    assert gained[consumer(0)] == pytest.approx(4.0 * gained[consumer(1)], rel=1e-9)
    assert gained[consumer(0)] == pytest.approx(0.8 * PAID * 365 * 0.001, rel=1e-9)


@pytest.mark.parametrize("name", IDEAS)
def test_the_other_way_round_it_costs_what_it_paid(name: str) -> None:
    up, down = gains(name, 0.01), gains(name, -0.01)
    np.testing.assert_allclose(up, -down, rtol=1e-9)


@pytest.mark.parametrize("years", [0.5, 3.0])
def test_gains_grow_with_the_horizon(years: float) -> None:
    np.testing.assert_allclose(
        gains("fees.burn_share", 0.1, horizon_years=years), years * gains("fees.burn_share", 0.1)
    )


def test_what_each_group_gains_reaches_its_members_whole() -> None:
    """A unit for a group is shared out among its agents; of tokens, those of other circulating accounts have a part."""
    _, state, params = electorate()
    for place, group in enumerate(GROUPS):
        weight = np.zeros((1, len(GROUPS)))
        weight[0, place] = 1.0
        total = float(np.concatenate(_by_class(params, state, weight), axis=-1).sum())
        owned = (7e6 + 4e6 + 2e5 + 8e6 + 6e4) / circulating()
        assert total == pytest.approx(owned if group == "tokens" else 1.0, rel=1e-9)


def test_interests_are_about_groups_that_exist() -> None:
    assert all(set(interest.gains) <= set(GROUPS) for interest in INTERESTS.values())


def cast(gain: list[float], cost_usd: float, turnout: float = 1.0, price: float = 0.1) -> dict[str, Any]:
    """How voters with these gains vote, the last voter being the proposer."""
    _, state, params = electorate(turnout=turnout)
    count = HOLDERS + PROVIDERS + CONSUMERS
    full = np.zeros((1, count))
    full[0, : len(gain)] = gain
    state["price_usd"] = np.asarray([price])
    params["agents.vote_cost_usd"] = np.full((1, count), cost_usd)
    found = {name: float(value[0]) for name, value in _votes(params, state, full, np.asarray([count - 1])).items()}
    return found | {name: found[name] / QUIV for name in ("for", "against", "tokens")}


def test_who_gains_more_than_a_vote_costs_votes() -> None:
    """Holders of 4, 2 and 1 + 3 M with gains of 600, -600 and 400 QUIV at 0.10 USD: 60, 60 and 40 against 50 USD."""
    found = cast([600.0, -600.0, 400.0], 50.0)
    assert found["for"] == pytest.approx(4e6, rel=1e-9)
    assert found["against"] == pytest.approx(2e6, rel=1e-9)
    assert found["tokens"] == pytest.approx(6e6, rel=1e-9)


@pytest.mark.parametrize(("price", "votes"), [(0.0833, 0.0), (0.0834, 4e6)])
def test_the_cost_is_in_usd(price: float, votes: float) -> None:
    assert cast([600.0], 50.0, price=price)["for"] == pytest.approx(votes, rel=1e-9)


def test_who_gains_nothing_does_not_vote_even_where_it_is_free() -> None:
    assert cast([0.0, 1.0], 0.0)["tokens"] == pytest.approx(2e6, rel=1e-9)


def test_a_majority_is_counted_from_the_largest() -> None:
    """4, 2 and 1 + 1.5 x 3 = 5.5 M of votes: the largest has 48 %, two have 83 %."""
    found = cast([100.0] * 3, 1.0)
    assert found["majority"] == 2.0
    assert found["top10"] == 1.0
    assert cast([100.0, 0.0, 0.0], 1.0)["majority"] == 1.0


@pytest.mark.parametrize("chance", [0.1, 0.4])
def test_who_does_not_look_does_not_vote(chance: float) -> None:
    """By chance, each day anew: the part of 3,000 looks within four standard errors."""
    _, state, params = electorate(turnout=chance)
    count = HOLDERS + PROVIDERS + CONSUMERS
    gain = np.zeros((1, count))
    gain[0, :3] = 1.0
    params["agents.vote_cost_usd"] = np.zeros((1, count))
    state["voter_tokens_nquiv"] = np.ones((1, count), dtype=np.int64)
    seen = 0.0
    for day in range(1000):
        state["day"] = np.int64(day)
        seen += float(_votes(params, state, gain, np.asarray([count - 1]))["tokens"][0])
    error = np.sqrt(chance * (1.0 - chance) / 3000)
    assert abs(seen / 3000 - chance) <= 4.0 * error


def test_the_proposer_always_looks() -> None:
    _, state, params = electorate(turnout=0.0)
    count = HOLDERS + PROVIDERS + CONSUMERS
    params["agents.vote_cost_usd"] = np.zeros((1, count))
    found = _votes(params, state, np.ones((1, count)), np.asarray([1]))
    assert float(found["for"][0]) / QUIV == pytest.approx(2e6, rel=1e-9)


def thought(days: int = 400, change: Any = None, **governance: Any) -> list[Signals]:
    """What the electorate makes of many days, each with an idea for certain, from the same state."""
    calm = {"ideas_per_year": 365.0, "misjudgement": 0.0, "vote_cost_usd": 0.0, "turnout": 1.0}
    case, state, params = electorate(**(calm | governance))
    if change:
        change(state, params)
    policy = block(case, "electorate").policy
    assert policy is not None
    found: list[Signals] = []
    for day in range(days):
        state["day"] = np.int64(day)
        found.append(dict(policy(params, None, None, state)) | {"day": day})
    return found


def test_who_gains_most_of_those_with_the_deposit_proposes() -> None:
    """Provider 0 and holders 0 to 2 have 100,000 in their wallets; consumers gain most by cashback and have not."""
    rich = (0, 1, 2, provider(0))
    _, state, params = electorate()
    proposed = [idea for idea in thought() if idea["idea_worth"][0]]
    assert len(proposed) > 30
    for idea in proposed:
        place = np.asarray([IDEAS.index(name) for name in IDEAS if idea["idea_parameter"][0] == _index(name)])
        gain = _gains(params, state, place, _live(state, place), idea["idea_value"])[0]
        best = max(rich, key=lambda voter: float(gain[voter]))
        assert int(idea["idea_proposer"][0]) == best
        assert gain[best] > 0.0


def _index(name: str) -> int:
    return GOVERNED.index(name)


def test_nobody_proposes_what_would_fail() -> None:
    """Each vote that is proposed reaches what its type needs: half for grants, 55 % for all others."""
    votes = []
    for idea in thought():
        for_, against = float(idea["idea_for_nquiv"][0]), float(idea["idea_against_nquiv"][0])
        share = for_ / max(for_ + against, 1.0)
        needed = 0.5 if idea["idea_parameter"][0] == _index("treasury.grants_quiv_per_year") else 0.55
        votes.append((bool(idea["idea_worth"][0]), share >= needed))
    assert all(enough for worth, enough in votes if worth)
    assert any(not enough for _, enough in votes)
    assert any(worth for worth, _ in votes)


def test_what_would_pass_is_proposed_by_what_its_type_needs() -> None:
    """Of ideas with more than half of the votes: those with 60 %, or with 90 % if they are about grants."""
    for idea, strict in zip(thought(threshold=(0.5,) * 4), thought(threshold=(0.99, 0.6, 0.9, 0.999)), strict=True):
        for_, against = float(idea["idea_for_nquiv"][0]), float(idea["idea_against_nquiv"][0])
        needed = 0.9 if idea["idea_parameter"][0] == _index("treasury.grants_quiv_per_year") else 0.6
        carried = for_ >= needed * (for_ + against)
        assert bool(strict["idea_worth"][0]) == (bool(idea["idea_worth"][0]) and carried)


def test_without_a_deposit_nobody_proposes() -> None:
    def poor(state: State, params: State) -> None:
        state["governance.deposit_quiv"][...] = 4_000_001.0

    assert not any(idea["idea_worth"][0] for idea in thought(change=poor))


def test_a_quorum_out_of_reach_keeps_all_from_proposing() -> None:
    def high(state: State, params: State) -> None:
        state["governance.quorum"][...] = 0.9

    assert not any(idea["idea_worth"][0] for idea in thought(change=high))


@cache
def worthwhile(per_year: float) -> np.ndarray:
    """On which of 400 days an idea is proposed."""
    return np.asarray([bool(idea["idea_worth"][0]) for idea in thought(ideas_per_year=per_year)])


@pytest.mark.parametrize("per_year", [0.0, 36.5, 182.5])
def test_ideas_come_by_chance(per_year: float) -> None:
    """Of the days on which an idea would be proposed, those on which somebody has one, within four standard errors."""
    all_days, some = worthwhile(365.0), worthwhile(per_year)
    chance = per_year / 365.0
    assert not np.any(some & ~all_days)
    error = np.sqrt(chance * (1.0 - chance) / all_days.sum())
    assert abs(some.sum() / all_days.sum() - chance) <= 4.0 * error


def submitted(**idea: Any) -> tuple[int, int, int]:
    """Status, deposit and type that governance gives an idea: 50 % burned, 45 % to stakers of the network fee."""
    _, state, params = electorate()
    state["fees.burn_share"][...], state["fees.stakers_share"][...] = 0.5, 0.45
    state["quarter_values"][..., _index("fees.stakers_share")] = 0.45
    state["day"] = np.int64(5)
    given = {"worth": 1, "proposer": 0, "for_nquiv": 10**15, "against_nquiv": 0, "voted_nquiv": 10**17} | idea
    for name, value in given.items():
        state[f"idea_{name}"] = np.full_like(state[f"idea_{name}"], value)
    after = govern_by_agents(params, None, None, state)
    names = ("proposal_status", "proposal_deposit_nquiv", "proposal_type")
    status, deposit, kind = (int(after[name][0, 0]) for name in names)
    return status, deposit, kind


BURN, GRANTS = "fees.burn_share", "treasury.grants_quiv_per_year"
ECONOMIC, TREASURY = PROPOSAL_TYPES.index("economic"), PROPOSAL_TYPES.index("treasury")


@pytest.mark.parametrize(
    ("name", "value", "status", "kind"),
    [
        (BURN, 0.54, DISCUSSION, ECONOMIC),
        (BURN, 0.56, WAITING, None),
        (BURN, 0.41, DISCUSSION, ECONOMIC),
        (BURN, 0.39, WAITING, None),
        (GRANTS, 2.4e6, DISCUSSION, TREASURY),
        (GRANTS, 2.41e6, WAITING, None),
    ],
)
def test_an_idea_against_rules_or_limit_is_not_submitted(
    name: str, value: float, status: int, kind: int | None
) -> None:
    """Burn and stakers may have one whole together; a fifth of the quarter's first value may change."""
    found = submitted(parameter=_index(name), value=value)
    assert found[:2] == (status, 100_000 * QUIV * (status == DISCUSSION))
    assert kind is None or found[2] == kind


def test_no_more_are_open_than_there_are_places() -> None:
    rules = Governance(ideas_per_year=365.0, slots=2, turnout=1.0, vote_cost_usd=0.0, deposit_quiv=0.0)
    on = ("demand", "market", "settlement", "emission", "rewards", "governance", "proposing")
    case = economy(*on, days=120, noise=True, governance=rules)
    open_ = [int(np.sum((r.state["proposal_status"] > 0) & (r.state["proposal_status"] < 4))) for r in by_day(case)]
    assert max(open_) == 2


def test_read_live_a_vote_is_that_of_the_day_on_which_it_closes() -> None:
    """Nothing is counted before; on that day those vote who gain or lose by it then, with what they have then."""
    rules = Governance(
        ideas_per_year=365.0,
        turnout=1.0,
        vote_cost_usd=0.0,
        deposit_quiv=0.0,
        snapshot="live_balance",
        discussion_days=1,
        voting_days=2,
        timelock_days=1,
    )
    on = ("demand", "market", "settlement", "emission", "rewards", "governance", "proposing")
    closed = 0
    for before, now in pairwise(by_day(economy(*on, days=40, noise=True, governance=rules))):
        was, status = before.state["proposal_status"][0], now.state["proposal_status"][0]
        closes = (was == VOTING) & (status != VOTING)
        for side in ("for", "against"):
            name = f"proposal_{side}_nquiv"
            np.testing.assert_array_equal(now.state[name][0][~closes], before.state[name][0][~closes])
        cast = (now.state["proposal_for_nquiv"] + now.state["proposal_against_nquiv"])[0][closes] / QUIV
        power = float((now.state["voter_power_nquiv"] / QUIV).sum())
        assert np.all((cast > 0.0) & (cast <= power * (1.0 + 1e-9)))
        assert closes.sum() <= 1
        closed += int(closes.sum())
        if closes.any():
            assert int(now.state["idea_worth"][0]) == 0
    assert closed > 5


def test_read_live_the_proposer_votes_though_another_would_gain_more_by_then() -> None:
    """Nobody else looks; holder 2 proposed to burn more of the fee, and holder 0 has more tokens."""
    case, state, params = electorate(snapshot="live_balance", turnout=0.0, vote_cost_usd=0.0, change_limit=0.2)
    days = int(params["governance.discussion_days"] + params["governance.voting_days"])
    state["day"] = np.int64(days)
    state["proposal_status"][0, 0], state["proposal_day"][0, 0], state["proposal_proposer"][0, 0] = VOTING, 0, 2
    state["proposal_parameter"][0, 0], state["proposal_value"][0, 0] = GOVERNED.index("fees.burn_share"), 0.6
    policy = block(case, "electorate").policy
    assert policy is not None
    cast = policy(params, None, None, state)
    assert int(cast["idea_worth"][0]) == 0
    votes = float(cast["idea_for_nquiv"][0] + cast["idea_against_nquiv"][0]) / QUIV
    assert votes == pytest.approx(float((state["voter_power_nquiv"] / QUIV)[0, 2]), rel=1e-9)


def test_agents_change_parameters_of_a_whole_economy() -> None:
    """Half a year: some proposals are executed, and every parameter that moved is one that somebody gains by."""
    rules = Governance(ideas_per_year=365.0, turnout=1.0, vote_cost_usd=0.0, deposit_quiv=1000.0)
    on = ("demand", "market", "settlement", "emission", "rewards", "governance", "proposing", "treasury")
    case = economy(*on, days=180, noise=True, governance=rules)
    first, end = next(by_day(case)), last(by_day(case))
    assert int(end.state["proposals_closed"][0, 0]) > 3
    moved = {name for name in GOVERNED if float(first.state[name][0]) != float(end.state[name][0])}
    assert moved
    assert moved <= set(IDEAS)


def fact(name: str) -> Fact:
    return next(found for found in FACTS if found.name == name)


def test_facts_of_votes_are_read_from_proposals_as_they_are_made() -> None:
    """Two runs: votes of 5 and 10 %, then of 20 %; one has two proposals of which one passes, the other none."""
    paths = {name: np.zeros((5, 2)) for name in METRICS}
    paths["proposals_submitted"] = np.asarray([[0, 0], [1, 0], [1, 0], [2, 0], [2, 0]], dtype=np.float64)
    paths["turnout"] = np.asarray([[0.0, 0.0], [0.05, 0.0], [0.05, 0.0], [0.2, 0.0], [0.2, 0.0]])
    paths["vote_top10_share"] = np.asarray([[0.0, 0.0], [0.9, 0.0], [0.9, 0.0], [0.7, 0.0], [0.7, 0.0]])
    paths["vote_majority"] = np.asarray([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0], [4.0, 0.0], [4.0, 0.0]])
    paths["proposals_executed"] = np.asarray([[0, 0], [0, 0], [1, 0], [1, 0], [1, 0]], dtype=np.float64)
    paths["proposals_defeated"] = np.asarray([[0, 0], [0, 0], [0, 0], [0, 0], [1, 0]], dtype=np.float64)
    assert fact("Votes cast over circulating supply").read(paths).tolist() == [0.125, 0.0]
    assert fact("Share of votes of the ten largest voters").read(paths).tolist() == pytest.approx([0.8, 0.0])
    assert fact("Fewest voters with a majority of a vote").read(paths).tolist() == [2.5, 0.0]
    assert fact("Part of votes that pass").read(paths).tolist() == [0.5, 0.0]
