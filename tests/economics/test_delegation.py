r"""Delegation: to whom holders delegate, how much at least, and who votes with it.

Theory: a choice in proportion to weights is a logit (Luce 1959; McFadden 1974), so that shares are weights over their
sum. Where the weight is a provider's own size, new delegations go where delegations are: preferential attachment, which
concentrates (Simon 1955; Barabasi and Albert 1999).
"""

from __future__ import annotations

from itertools import islice
from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State
from model.economy import ScriptedProposal
from model.metrics import METRICS, Reading
from model.parameters.delegation import Delegation
from model.parameters.governance import Governance
from model.parameters.registry import Registry
from model.parameters.staking import Staking
from model.parameters.supply import Supply
from tests.economics.limits import AT_ONCE, OPEN_MARKET, QUIV, TINY, Change, by_day, economy, give_holders, last

HOLDERS, RUNS = 250, 40
BLAND: dict[str, Any] = {"yield_weight": 0.0, "reputation_weight": 0.0, "fame_weight": 0.0, "review_days": 1}


def looks(
    change: Change | None = None,
    days: int = 1,
    runs: int = 1,
    holders: int = HOLDERS,
    noise: bool = True,
    staking: Staking | None = None,
    until: int = 0,
    **delegation: Any,
) -> list[Reading]:
    """Three providers with 10,000 QUIV each, whom holders with a QUIV each look at; by default every day.

    A change may set the first day; the economy knows what is scheduled `until` some day.
    """
    case = economy(
        "delegation",
        days=max(days, until),
        noise=noise,
        population=TINY.model_copy(update={"holders": holders}),
        delegation=Delegation(**(BLAND | delegation)),
        registry=Registry(grace_days=0),
        staking=staking or Staking(),
    )

    def alike(state: State, params: State) -> None:
        give_holders(state, {}, dict.fromkeys(range(holders), 1.0))
        state["provider_stake_nquiv"][...] = 10_000 * QUIV
        state["provider_online"][...] = 1.0
        state["provider_below_days"][...] = 0
        state["holder_provider"][...] = 0
        if change is not None:
            change(state, params)

    return list(islice(by_day(case, alike, runs), days + 1))


def chosen(change: Change | None = None, **more: Any) -> np.ndarray:
    """How many of 10,000 holders chose each provider when they looked for the first time."""
    end = looks(change, runs=RUNS, **more)[-1]
    return np.bincount(end.state["holder_provider"].reshape(-1), minlength=3)


def assert_shares(counts: np.ndarray, weights: list[float]) -> None:
    """Within four standard errors of weights over their sum."""
    share = np.asarray(weights) / sum(weights)
    total = counts.sum()
    error = np.sqrt(share * (1.0 - share) / total)
    assert np.all(np.abs(counts / total - share) <= 4.0 * error), (counts / total, share)


def test_equal_providers_are_chosen_alike() -> None:
    assert_shares(chosen(yield_weight=50.0, reputation_weight=4.0, fame_weight=1.0), [1.0, 1.0, 1.0])


def test_a_better_name_is_chosen_more() -> None:
    """A penalty costs two tenths of the score, half of the success 0.35 of it: 2^-1 and 2^-1.75 at b = 5 ln 2."""

    def named(state: State, params: State) -> None:
        state["provider_penalty"][..., 1] = 1.0
        state["provider_success"][..., 2] = 0.5

    counts = chosen(named, reputation_weight=5.0 * np.log(2.0))
    assert_shares(counts, [1.0, 1.0 / 2.0, 2.0**-1.75])


def test_a_larger_one_is_chosen_more() -> None:
    """Own stakes of 1, 3 and 7 lowest tiers: weights of 2, 4 and 8, or their roots."""

    def sized(state: State, params: State) -> None:
        state["provider_stake_nquiv"][...] = np.asarray([10_000, 30_000, 70_000]) * QUIV
        give_holders(state, {}, {})

    assert_shares(chosen(sized, fame_weight=1.0), [2.0, 4.0, 8.0])
    assert_shares(chosen(sized, fame_weight=0.5), [2.0**0.5, 2.0, 8.0**0.5])


def test_size_is_own_and_delegated_stake() -> None:
    """20,000 QUIV delegated to the second are worth two tiers more."""

    def delegated(state: State, params: State) -> None:
        give_holders(state, {}, {7: 20_000.0})
        state["holder_provider"][..., 7] = 1

    assert_shares(chosen(delegated, fame_weight=1.0), [2.0, 4.0, 2.0])


def test_a_higher_yield_after_commission_is_chosen_more() -> None:
    """At 10 % a year, commissions of 0, a half and all leave 10, 5 and 0 %: e^4, e^2 and 1 at a weight of 40."""

    def asked(state: State, params: State) -> None:
        state["delegator_apr"][...] = 0.10
        params["genesis.commission"] = np.asarray([0.0, 0.5, 1.0])

    assert_shares(chosen(asked, yield_weight=40.0), [np.exp(4.0), np.exp(2.0), 1.0])


def test_commissions_matter_where_rewards_are_paid_per_token_alone() -> None:
    """Class pools pay delegators without a commission, so nobody minds it."""

    def yielding(state: State, params: State) -> None:
        state["delegator_apr"][...] = 0.10
        params["agents.commission"] = np.broadcast_to(np.asarray([0.0, 0.5, 1.0]), params["agents.commission"].shape)

    assert_shares(chosen(yielding, yield_weight=40.0, staking=Staking(rewards="class_pools")), [1.0, 1.0, 1.0])
    per_token = looks(staking=Staking(rewards="per_token"))[0].params
    np.testing.assert_array_equal(per_token["genesis.commission"], per_token["agents.commission"])


def test_who_was_slashed_is_chosen_less() -> None:
    """Of 10,000 QUIV a tenth was lost in two years, 5 % a year: a weight of 20 makes it e times rarer."""

    def slashed(state: State, params: State) -> None:
        state["provider_slashed_nquiv"][..., 1] = 1_000 * QUIV
        state["day"] = np.int64(730)
        give_holders(state, {}, {})

    assert_shares(chosen(slashed, until=731, yield_weight=20.0), [1.0, np.exp(-1.0), 1.0])


@pytest.mark.parametrize(("holders", "period"), [(8, 1), (8, 3), (8, 8), (8, 30), (250, 30)])
def test_each_holder_looks_exactly_once_in_a_period(holders: int, period: int) -> None:
    """All would leave the first provider for the second: who has looked has moved, and is put back every evening."""
    case = economy(
        "delegation",
        days=2 * period,
        noise=True,
        population=TINY.model_copy(update={"holders": holders}),
        delegation=Delegation(**(BLAND | {"review_days": period})),
    )

    def one_at_work(state: State, params: State) -> None:
        state["provider_online"][...] = [0.0, 1.0, 0.0]
        state["provider_stake_nquiv"][...] = 10_000 * QUIV
        state["holder_provider"][...] = 0

    looked = []
    for reading in by_day(case, one_at_work):
        looked.append(reading.state["holder_provider"][0] == 1)
        reading.state["holder_provider"][...] = 0
    for start in (1, period + 1):
        assert np.all(np.sum(looked[start : start + period], axis=0) == 1)
    assert max(int(np.sum(day)) for day in looked) == -(-holders // period)


def test_who_has_a_provider_with_an_open_case_stays() -> None:
    """The others choose as ever, the accused provider too; when the case is over all do."""

    def accused(state: State, params: State) -> None:
        state["case_status"][..., 0] = 1
        state["holder_provider"][...] = np.arange(HOLDERS) % 2

    before, after = looks(accused, runs=RUNS)
    bound = before.state["holder_provider"] == 0
    assert np.all(after.state["holder_provider"][bound] == 0)
    assert_shares(np.bincount(after.state["holder_provider"][~bound], minlength=3), [1.0, 1.0, 1.0])


@pytest.mark.parametrize("why", ["banned", "without standing", "offline"])
def test_who_cannot_work_is_not_chosen_as_long_as_there_are_others(why: str) -> None:
    def unfit(places: list[int]) -> Change:
        def change(state: State, params: State) -> None:
            name = {"banned": "provider_banned", "offline": "provider_online"}.get(why, "provider_stake_nquiv")
            state[name][..., places] = 1 if why == "banned" else 0

        return change

    assert_shares(chosen(unfit([1])), [1.0, 0.0, 1.0])
    assert_shares(chosen(unfit([0, 1])), [0.0, 0.0, 1.0])
    assert_shares(chosen(unfit([0, 1, 2])), [1.0, 1.0, 1.0])


def test_without_noise_nobody_moves() -> None:
    (_, *days) = looks(days=5, noise=False)
    assert all(np.all(reading.state["holder_provider"] == 0) for reading in days)


def test_fame_makes_concentration() -> None:
    """Twenty equal providers, 200 holders who look every month for three years: twice as uneven with fame, or more."""
    gini = {}
    for fame in (0.0, 1.0):
        case = economy(
            "delegation",
            days=1095,
            noise=True,
            population=TINY.model_copy(update={"providers": 20, "holders": 200}),
            delegation=Delegation(fame_weight=fame, yield_weight=0.0, reputation_weight=0.0),
        )

        def alike(state: State, params: State) -> None:
            give_holders(state, {}, dict.fromkeys(range(200), 10_000.0))
            state["provider_stake_nquiv"][...] = 10_000 * QUIV
            state["provider_online"][...] = 1.0
            state["provider_below_days"][...] = 0

        readings = list(by_day(case, alike, runs=10))
        gini[fame] = np.mean([METRICS["delegation_gini"].read(r) for r in readings[365::30]])
    assert gini[0.0] == pytest.approx(0.17, abs=0.03), "200 balls in 20 urns"
    assert gini[1.0] > 2.0 * gini[0.0]


@pytest.mark.parametrize(("wallet", "delegated"), [(150.0, 0.0), (199.0, 0.0), (201.0, 100.5), (1_000.0, 500.0)])
@pytest.mark.parametrize("at_first", [0.0, 0.9])
def test_at_least_the_minimum_is_delegated_or_nothing(wallet: float, delegated: float, at_first: float) -> None:
    """Half of the tokens are wanted, at a minimum of 100 QUIV: who has 200 or more delegates half, others nothing."""
    case = economy(
        "staking",
        days=400,
        supply=Supply(allocation_share=OPEN_MARKET, tge_share=AT_ONCE),
        staking=Staking(sensitivity=0.0, unbonding_days=3),
    )

    def own(state: State, params: State) -> None:
        give_holders(state, {2: wallet * (1.0 - at_first)}, {2: wallet * at_first})

    held = [int(r.state["holder_delegated_nquiv"][0, 2]) for r in by_day(case, own)]
    assert held[-1] / QUIV == pytest.approx(delegated, abs=0.2)
    assert all(amount == 0 or amount > 100 * QUIV - 5 for amount in held[1:])


def votes(vote_share: float, voters: tuple[int, ...] | None = None) -> tuple[float, Reading]:
    """All votes on a proposal by holders 2 to 4 and three providers, of whom those named vote (by default all)."""
    proposal = ScriptedProposal(
        day=2, parameter="fees.burn_share", value=0.55, type="economic", support=0.6, proposer=2
    )
    case = economy(
        "governance",
        days=4,
        noise=True,
        proposals=(proposal,),
        governance=Governance(turnout=1.0, deposit_quiv=0.0),
        delegation=Delegation(vote_share=vote_share),
    )

    def own(state: State, params: State) -> None:
        give_holders(state, {2: 1e6, 3: 2e6, 4: 3e6}, {2: 1e5, 3: 2e5, 4: 4e5})
        state["holder_provider"][..., 2:5] = [0, 1, 1]
        state["provider_stake_nquiv"][...] = np.asarray([10_000, 20_000, 40_000]) * QUIV
        state["provider_wallet_nquiv"][...] = 1_000 * QUIV
        if voters is not None:
            params["agents.turnout"] = np.isin(np.arange(11), voters).astype(float) * np.ones((1, 1, 1))

    end = last(by_day(case, own))
    return float((end.state["proposal_for_nquiv"] + end.state["proposal_against_nquiv"])[0, 0]) / QUIV, end


@pytest.mark.parametrize("vote_share", [0.0, 0.5, 1.0])
def test_a_delegated_token_votes_once(vote_share: float) -> None:
    """6 M liquid, 3,000 of providers, and one and a half times 700,000 delegated and 70,000 of own stake."""
    assert votes(vote_share)[0] == pytest.approx(6_003_000 + 1.5 * 770_000, rel=1e-9)


def test_the_vote_is_with_the_provider_or_with_the_delegator() -> None:
    """Provider 1 (voter 9) votes with its own, and with the 600,000 of holders 3 and 4 if they leave it theirs."""
    of_provider = 1_000 + 1.5 * 20_000
    assert votes(0.0, (9,))[0] == pytest.approx(of_provider, rel=1e-9)
    assert votes(1.0, (9,))[0] == pytest.approx(of_provider + 1.5 * 600_000, rel=1e-9)
    assert votes(0.0, (3, 4))[0] == pytest.approx(5e6 + 1.5 * 600_000, rel=1e-9)
    assert votes(1.0, (3, 4))[0] == pytest.approx(5e6, rel=1e-9)


def test_where_delegation_is_off_nobody_moves() -> None:
    first, *days = by_day(economy("staking", "rewards", "emission", days=60, noise=True), runs=5)
    for reading in days:
        np.testing.assert_array_equal(reading.state["holder_provider"], first.state["holder_provider"])
