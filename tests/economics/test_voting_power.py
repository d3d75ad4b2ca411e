r"""Voting power: each reading by hand, delegated votes once, identities, and the day whose balances count.

Theory: power that is additive in balance cannot be gained by splitting one holder into many (Douceur 2002 on Sybil
identities); under tiers, merging gains: 25 stakes of 10,000 have 25 x 15,000 = 375,000 votes, one of 250,000 has
625,000. In the spec's code one staked token multiplies any liquid balance. With a snapshot at creation, tokens acquired
or borrowed afterwards have no vote; read at the close of the vote, borrowed ones carry it (Beanstalk 2022). Source: the
spec's voting mechanism, the white paper's weights.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis
from model.arrays import Signals
from model.codes import ProposalStatus
from model.economy import Economy, ScriptedProposal
from model.parameters.delegation import Delegation
from model.parameters.governance import Governance
from model.parameters.population import Population
from tests.economics.limits import QUIV, SEED, TINY, Change, block, by_day, economy, last

DEFEATED, EXECUTED = ProposalStatus.DEFEATED, ProposalStatus.EXECUTED

HOLDERS, PROVIDERS, CONSUMERS = TINY.holders, TINY.providers, TINY.consumers
CROWD = Population(providers=3, consumers=2, validators=1, holders=30, validator_genesis_share=0.0)


def weighed(
    liquid: dict[int, float],
    staked: dict[int, float],
    days: float = 0,
    go_literal: bool = False,
    population: Population = TINY,
    change: Change | None = None,
    **governance: Any,
) -> Signals:
    """What the wired policy makes of voters with these tokens, by place among holders, providers and consumers."""
    contracts: dict[str, Any] = {"population": population, "governance": Governance(**governance)}
    case = Economy(**{**vars(economy("governance", "proposing", days=1, **contracts)), "go_literal": go_literal})
    state, params = genesis([case], SEED, [0])
    sizes = (population.holders, population.providers, population.consumers)
    starts = np.cumsum((0, *sizes))
    for who, start, size in zip(("holder", "provider", "consumer"), starts, sizes, strict=False):
        stake = {"holder": "holder_delegated_nquiv", "provider": "provider_stake_nquiv"}.get(who)
        for account, given in ((f"{who}_wallet_nquiv", liquid), (stake, staked)):
            if account:
                amounts = [[round(given.get(start + k, 0.0) * QUIV) for k in range(size)]]
                state[account] = np.asarray(amounts, dtype=np.int64)
    state["holder_stake_days"][...] = days
    state["provider_stake_days"][...] = days
    if change:
        change(state, params)
    policy = block(case, "power").policy
    assert policy is not None
    found: Signals = policy(params, None, None, state)
    return found


def power(*args: Any, **kwargs: Any) -> list[float]:
    """Votes of everybody who has any."""
    found = weighed(*args, **kwargs)["voter_power_nquiv"][0] / QUIV
    return [float(x) for x in found[found > 0.0]]


@pytest.mark.parametrize(("days", "weight"), [(0, 1.5), (364, 1.5), (365, 1.5), (366, 2.0), (5000, 2.0)])
def test_a_staked_token_has_one_and_a_half_votes_and_two_after_a_year(days: int, weight: float) -> None:
    """A holder, a provider and a consumer: 100 liquid each, and 10 staked where they can."""
    provider, consumer = HOLDERS + 1, HOLDERS + PROVIDERS
    found = power({0: 100.0, provider: 100.0, consumer: 100.0}, {0: 10.0, provider: 10.0}, days)
    assert found == pytest.approx([100.0 + 10.0 * weight] * 2 + [100.0], rel=1e-12)


def test_long_stakes_weigh_no_less_than_others() -> None:
    """Where governance has raised the weight above the long one, that holds for all."""

    def raised(state: State, params: State) -> None:
        state["governance.staked_weight"][...] = 3.0

    assert power({}, {0: 10.0}, 400, change=raised) == pytest.approx([30.0], rel=1e-12)


@pytest.mark.parametrize(("multiplier", "votes"), [(1.5, 1_000_001.0), (2.0, 2_000_002.0), (2.9, 2_000_002.0)])
def test_in_the_specs_code_one_staked_token_multiplies_all(multiplier: float, votes: float) -> None:
    """A million liquid and one staked, times the whole part of the multiplier; beside it one who has not staked."""
    found = power({0: 1e6, 1: 1e6}, {0: 1.0}, go_literal=True, staked_weight=multiplier)
    assert found == pytest.approx([votes, 1e6], rel=1e-12)


def test_without_a_stake_nobody_has_a_vote_under_root() -> None:
    assert power({0: 1e6, HOLDERS: 1e6, HOLDERS + PROVIDERS: 1e6}, {}, power="root") == []


TIERS = [(9_999.0, 1.0), (10_000.0, 1.5), (50_000.0, 2.0), (250_000.0, 2.5), (1_000_000.0, 3.0)]
TIMES = [(0, 1.0), (90, 1.0), (91, 1.1), (181, 1.1), (182, 1.25), (364, 1.25), (365, 1.5)]


@pytest.mark.parametrize(("stake", "tier"), TIERS)
@pytest.mark.parametrize(("days", "time"), TIMES)
def test_root_weighs_by_tier_and_time(stake: float, tier: float, days: int, time: float) -> None:
    found = power({0: 5e5}, {0: stake, HOLDERS: stake}, days, power="root")
    assert found == pytest.approx([stake * tier * time] * 2, rel=1e-12)


def test_the_most_votes_of_a_token_are_four_and_a_half() -> None:
    assert power({}, {0: 1e6}, 365, power="root") == pytest.approx([4.5e6], rel=1e-12)


def test_under_root_merging_gains() -> None:
    """25 stakes of 10,000 have 375,000 votes, one of 250,000 has 625,000."""
    parts = power({}, dict.fromkeys(range(25), 10_000.0), power="root", population=CROWD)
    assert sum(parts) == pytest.approx(375_000.0, rel=1e-12)
    assert power({}, {0: 250_000.0}, power="root", population=CROWD) == pytest.approx([625_000.0], rel=1e-12)


def test_one_token_one_vote() -> None:
    found = power({0: 100.0, HOLDERS: 7.0}, {0: 50.0, HOLDERS: 3.0}, 400, power="one_token")
    assert found == pytest.approx([150.0, 10.0], rel=1e-12)


@pytest.mark.parametrize("reading", ["weighted", "one_token"])
@pytest.mark.parametrize("days", [0, 400])
@pytest.mark.parametrize("parts", [2, 5, 25])
def test_identities_gain_no_votes_where_power_is_linear(reading: str, days: int, parts: int) -> None:
    whole = power({0: 1e6}, {0: 5e5}, days, power=reading, population=CROWD)
    even = dict.fromkeys(range(parts), 1.0 / parts)
    split = power(
        {k: 1e6 * x for k, x in even.items()},
        {k: 5e5 * x for k, x in even.items()},
        days,
        power=reading,
        population=CROWD,
    )
    assert len(split) == parts
    assert sum(split) == pytest.approx(whole[0], rel=1e-9)


def delegated(share: float, reading: str = "weighted") -> tuple[Signals, State]:
    """Holders 0 to 2 delegate 1, 2 and 4 M to provider 1, who has half a million of its own."""
    staked = {0: 1e6, 1: 2e6, 2: 4e6, HOLDERS + 1: 5e5}
    kept: State = {}

    def choose(state: State, params: State) -> None:
        state["holder_provider"][...] = 1
        params["agents.votes_by_provider"] = np.full_like(params["agents.votes_by_provider"], share)
        kept.update(state)

    return weighed({0: 1e5}, staked, power=reading, change=choose), kept


@pytest.mark.parametrize("reading", ["weighted", "one_token", "root"])
def test_delegated_tokens_vote_once(reading: str) -> None:
    """By their owners, or all of them by the provider; the tokens that could vote are the same."""
    own, given = delegated(0.0, reading)[0], delegated(1.0, reading)[0]
    assert float((own["voter_tokens_nquiv"] / QUIV).sum()) == float((given["voter_tokens_nquiv"] / QUIV).sum()) == 7.6e6
    assert (own["voter_tokens_nquiv"] / QUIV)[0, :3].tolist() == [1.1e6, 2e6, 4e6]
    assert (own["voter_tokens_nquiv"] / QUIV)[0, HOLDERS + 1] == 5e5
    assert (given["voter_tokens_nquiv"] / QUIV)[0, :3].tolist() == [1e5, 0.0, 0.0]
    assert (given["voter_tokens_nquiv"] / QUIV)[0, HOLDERS + 1] == 7.5e6
    if reading != "root":
        votes = [float(found["voter_power_nquiv"].sum()) for found in (own, given)]
        assert votes[0] == pytest.approx(votes[1], rel=1e-12)


def test_a_provider_votes_with_what_is_left_to_it() -> None:
    own, given = (delegated(share)[0]["voter_power_nquiv"][0] / QUIV for share in (0.0, 1.0))
    assert own[:3] == pytest.approx([1.6e6, 3e6, 6e6], rel=1e-12)
    assert own[HOLDERS + 1] == pytest.approx(7.5e5, rel=1e-12)
    assert given[:3] == pytest.approx([1e5, 0.0, 0.0], rel=1e-12)
    assert given[HOLDERS + 1] == pytest.approx(1.5 * 7.5e6, rel=1e-12)


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
def test_the_share_of_holders_who_leave_the_vote_to_their_provider(share: float) -> None:
    """Four standard errors around the share, of 4,000 holders."""
    many = Population(holders=4000, providers=3, consumers=1, validators=1)
    case = economy(days=1, noise=True, population=many, delegation=Delegation(vote_share=share))
    drawn = genesis([case], SEED, [0])[1]["agents.votes_by_provider"]
    error = np.sqrt(share * (1.0 - share) / drawn.size)
    assert abs(float(drawn.mean()) - share) <= 4.0 * error


def test_days_of_stake_count_on_and_start_again() -> None:
    """They grow by a day where there is a stake, and end with it."""
    found = weighed({}, {0: 10.0, HOLDERS: 10.0}, 7)
    assert found["holder_stake_days"][0].tolist() == [8] + [0] * (HOLDERS - 1)
    assert found["provider_stake_days"][0].tolist() == [8] + [0] * (PROVIDERS - 1)


def attack(snapshot: str, acquired_on: int, borrowed: float = 0.0, quorum: float = 0.0) -> int:
    """How a hostile proposal of day 3 ends, all others against it, with 100 M that come to its proposer on a day."""
    case = economy(
        "governance",
        days=34,
        noise=True,
        governance=Governance(turnout=1.0, snapshot=snapshot, quorum=quorum),  # type: ignore[arg-type]
        proposals=(
            ScriptedProposal(
                day=3,
                parameter="treasury.payment_quiv",
                value=1e6,
                type="treasury",
                support=0.0,
                proposer=0,
                hostile=True,
                borrowed_quiv=borrowed,
            ),
        ),
    )
    state, params = genesis([case], SEED, [0])
    params["treasury.signer_honesty"] = np.asarray(0.0)
    wired = [block(case, name) for name in ("power", "governance")]
    for day in range(case.days):
        state["day"] = np.int64(day)
        if day == acquired_on:
            wallets = state["holder_wallet_nquiv"].copy()
            wallets[..., 0] += int(100e6) * QUIV
            state |= {"holder_wallet_nquiv": wallets, "treasury_nquiv": state["treasury_nquiv"] - int(100e6) * QUIV}
        for found in wired:
            assert found.policy is not None
            signals = found.policy(params, None, None, state)
            state |= dict(update(params, None, None, state, signals) for update in found.variables.values())
    return int(state["proposal_status"][0, 0])


@pytest.mark.parametrize(("acquired_on", "status"), [(3, EXECUTED), (4, DEFEATED), (10, DEFEATED), (24, DEFEATED)])
def test_tokens_acquired_after_creation_have_no_vote(acquired_on: int, status: int) -> None:
    assert attack("creation", acquired_on) == status


@pytest.mark.parametrize(("acquired_on", "status"), [(4, EXECUTED), (24, EXECUTED), (25, DEFEATED)])
def test_read_at_the_close_tokens_acquired_until_then_vote(acquired_on: int, status: int) -> None:
    assert attack("live_balance", acquired_on) == status


def test_borrowed_votes_carry_a_live_vote_and_count_nothing_at_creation() -> None:
    never = 10_000
    assert attack("live_balance", never) == DEFEATED
    assert attack("live_balance", never, borrowed=100e6) == EXECUTED
    assert attack("creation", never, borrowed=100e6) == DEFEATED


def test_borrowed_tokens_count_towards_a_quorum() -> None:
    """All others vote too: 19.8 M of 75 M that circulate, short of a half without what is borrowed."""
    never = 10_000
    assert attack("live_balance", never, borrowed=100e6, quorum=0.5) == EXECUTED
    assert attack("live_balance", never, borrowed=10.0, quorum=0.5) == DEFEATED


def test_power_is_known_before_the_first_proposal() -> None:
    """From day 0 on every token of holders, providers and consumers, liquid or staked, can vote."""
    reading = last(by_day(economy("governance", "proposing", days=1)))
    owned = sum(
        int(reading.state[name].sum())
        for name in (
            "holder_wallet_nquiv",
            "holder_delegated_nquiv",
            "provider_wallet_nquiv",
            "provider_stake_nquiv",
            "consumer_wallet_nquiv",
        )
    )
    assert float((reading.state["voter_tokens_nquiv"] / QUIV).sum()) == pytest.approx(owned / QUIV, rel=1e-12)
