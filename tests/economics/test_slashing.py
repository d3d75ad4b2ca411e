r"""Slashing: how much, how often, of whose stake, where it goes, and who is out.

Theory: a slash is $\min(U, c)$ with $U$ uniform on the band of the fault and $c$ the cap of the tier, on average 5, 10,
15 and 17.5 % of Bronze to Platinum for a severe fault, 5, 8.75, 10 and 10 % for a major and 3 % for a minor one. All
that stands behind a provider loses the same share. What is slashed is burned, paid out or put into the insurance fund,
to the unit. Who falls below the lowest tier is evicted after a grace and returns with a top-up; a ban is for good.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from experiments.engines.genesis import State, genesis
from model.arrays import take_rate
from model.codes import CaseCause, CaseStatus
from model.economy import Economy
from model.formulas import slashing as formulas
from model.metrics import METRICS, Reading
from model.parameters.challenges import Challenges
from model.parameters.emission import Emission
from model.parameters.population import Population
from model.parameters.registry import Registry
from model.parameters.reputation import Reputation
from model.parameters.slashing import Slashing
from model.parameters.staking import Staking
from model.parameters.validation import Validation
from policies import cases
from tests.economics.limits import QUIV, SEED, block, by_day, economy, flow, last, steady_demand, total

NONE, RULED, VOTING = CaseStatus.NONE, CaseStatus.RULED, CaseStatus.VOTING
CANARY, CONSUMER, WATCHER = CaseCause.CANARY, CaseCause.CONSUMER, CaseCause.WATCHER

COURT = ("settlement", "challenges", "slashing")
SILENT = Challenges(notice_share=0.0, watch_share=0.0, frivolous_per_day=0.0, appeal_days=0, bond_quiv=0.0)
"""Nobody challenges, and a ruling stands on the next day."""

PEOPLE = Population(providers=3, consumers=2, validators=4, holders=8, validator_genesis_share=0.1)
BRONZE, SILVER, GOLD, PLATINUM = TIERS = (10_000.0, 50_000.0, 250_000.0, 1_000_000.0)
MARGIN = 2.0**-45
"""Parts are rounded down with a margin of 2^-46 of the whole, so that they never exceed it."""


def trial(*on: str, days: int, **more: Any) -> Economy:
    given: dict[str, Any] = {
        "population": PEOPLE,
        "challenges": SILENT,
        "validation": Validation(error=0.0, absence=0.0),
    }
    return economy(*(on or COURT), days=days, **(given | more))


def stakes(state: State, *quiv: float) -> None:
    """Providers' own stake; the rest is in their wallets."""
    wanted = np.round(np.asarray(quiv) * QUIV).astype(np.int64)
    state["provider_wallet_nquiv"] += state["provider_stake_nquiv"] - wanted
    state["provider_stake_nquiv"][...] = wanted


def convict(state: State, share: float, severe: bool = False, cause: int = CANARY, challenger: int = 1) -> None:
    """Provider 0 was found guilty yesterday, and the ruling stands today."""
    at = (..., 0)
    for name, value in (("status", RULED), ("guilty", 1), ("bad", 1), ("severe", int(severe)), ("cause", cause)):
        state[f"case_{name}"][at] = value
    state["case_share"][at], state["case_day"][at], state["case_challenger"][at] = share, -1, challenger


def lost(before: Reading, after: Reading, account: str) -> np.ndarray:
    """The part of each agent's account that is gone; nothing of nothing."""
    had, has = before.state[account][0], after.state[account][0]
    return np.asarray((had - has) / np.maximum(had, 1))


# How much.


@pytest.mark.parametrize(
    ("kind", "band", "means"),
    [
        ("garbage", 2, (0.05, 0.10, 0.15, 0.175)),
        ("degraded", 1, (0.05, 0.0875, 0.10, 0.10)),
        ("absent", 0, (0.03, 0.03, 0.03, 0.03)),
    ],
)
def test_the_mean_slash_of_a_tier_is_that_of_a_capped_uniform(
    kind: str, band: int, means: tuple[float, float, float, float]
) -> None:
    """2000 providers of each tier: by hand, by the formula, and in the mean of the draws within four errors."""
    each = 2000
    people = Population(**(PEOPLE.model_dump() | {"providers": 4 * each}))
    state, params = genesis([trial(days=1, noise=True, population=people)], SEED, [0])
    state["provider_stake_nquiv"][...] = np.repeat(np.asarray(TIERS) * QUIV, each).astype(np.int64)
    state["provider_standing"][...] = state["provider_online"][...] = 1.0
    state[f"provider_{kind}"][...] = 1.0
    if kind == "absent":
        state["provider_up"][...] = 0.0
    else:
        state["verdict_share"][...] = cases.openings(params, state)[1]["case_share"]
    policy = block(trial(days=1), "slashing").policy
    assert policy is not None
    slashed = policy(params, None, None, state)["stake_slash"] / state["provider_stake_nquiv"]
    by_tier = slashed[0].reshape(4, each)
    low, high, caps = (getattr(Slashing(), name) for name in ("band_low", "band_high", "tier_cap"))
    formula = formulas.expected_share(np.float64(low[band]), np.float64(high[band]), np.asarray(caps))
    np.testing.assert_allclose(formula, means, rtol=1e-12)
    error = by_tier.std(axis=-1) / np.sqrt(each)
    assert (np.abs(by_tier.mean(axis=-1) - formula) <= 4.0 * error + 1e-12).all()
    assert (by_tier.max(axis=-1) <= np.asarray(caps)).all()
    assert (by_tier >= min(low[band], caps[0]) - 1e-12).all()


@pytest.mark.parametrize(("low", "high"), [(0.05, 0.15), (0.15, 0.20), (0.1, 0.1), (0.0, 0.9)])
def test_the_formula_is_the_mean_over_the_band(low: float, high: float) -> None:
    """Against the mean at a million evenly spread points, whatever the cap."""
    spread = low + (high - low) * (np.arange(1_000_000) + 0.5) / 1e6
    for cap in (0.0, 0.05, 0.12, 0.15, 0.18, 0.2, 0.9):
        found = formulas.expected_share(np.float64(low), np.float64(high), np.float64(cap))
        assert found == pytest.approx(np.minimum(spread, cap).mean(), abs=1e-9)


def test_below_the_lowest_tier_its_cap_holds() -> None:
    def guilty(state: State, params: State) -> None:
        stakes(state, 5_000.0, SILVER, GOLD)
        convict(state, 0.18)

    start, end = by_day(trial(days=1), guilty)
    np.testing.assert_allclose(lost(start, end, "provider_stake_nquiv"), [0.05, 0.0, 0.0], rtol=1e-9)


# How often.


@pytest.mark.parametrize(("cooldown", "every"), [(0, 1), (1, 1), (3, 3), (7, 7)])
def test_who_is_down_every_day_is_slashed_once_in_the_cooldown(cooldown: int, every: int) -> None:
    """Each slash is of 1 to 5 % of what is left; on the others' days nothing."""

    def down(state: State, params: State) -> None:
        stakes(state, PLATINUM, PLATINUM, PLATINUM)
        state["provider_absent"][..., 0] = 1.0

    case = trial("slashing", days=15, noise=True, slashing=Slashing(cooldown_days=cooldown))
    seen = list(by_day(case, down))
    slashed = [flow(reading, "stake_slash") for reading in seen]
    assert [day for day, amount in enumerate(slashed) if amount] == list(range(1, 16, every))
    for before, after in zip(seen[:-1:every], seen[1::every], strict=False):
        share = lost(before, after, "provider_stake_nquiv")
        assert 0.01 - MARGIN <= share[0] <= 0.05
        assert share[1:].tolist() == [0.0, 0.0]
    assert seen[-1].state["provider_slashes"].tolist() == [[-(-15 // every), 0, 0]]
    assert seen[-1].state["provider_last_slash"][0, 0] == (14 // every) * every


def test_downtime_is_slashed_below_the_bar_of_those_at_work() -> None:
    """At the bar and above nothing; offline or evicted nothing; without a bar nobody."""
    people = Population(**(PEOPLE.model_dump() | {"providers": 6}))
    for bar, expected in ((0.95, [True, True, False, False, False, False]), (0.0, [False] * 6)):
        case = trial(days=1, noise=True, population=people, slashing=Slashing(uptime_bar=bar))
        state, params = genesis([case], SEED, [0])
        state["provider_up"][...] = [0.0, 0.9499, 0.95, 1.0, 0.0, 0.0]
        state["provider_online"][...] = [1.0, 1.0, 1.0, 1.0, 0.0, 1.0]
        state["provider_standing"][...] = [1.0, 1.0, 1.0, 1.0, 1.0, 0.0]
        policy = block(case, "slashing").policy
        assert policy is not None
        assert (policy(params, None, None, state)["stake_slash"][0] > 0).tolist() == expected


def test_a_verdict_and_a_day_down_are_one_slash_the_larger() -> None:
    def both(state: State, params: State) -> None:
        stakes(state, GOLD, GOLD, GOLD)
        convict(state, 0.12, cause=CONSUMER)
        state["provider_absent"][...] = [1.0, 1.0, 0.0]

    start, end = by_day(trial(days=1, noise=True, slashing=Slashing(burn_share=0.0, challenger_share=1.0)), both)
    share = lost(start, end, "provider_stake_nquiv")
    assert share[0] == pytest.approx(0.12, rel=1e-9)
    assert 0.01 - MARGIN <= share[1] <= 0.05
    assert share[2] == 0.0
    own = (start.state["provider_stake_nquiv"] - end.state["provider_stake_nquiv"])[0]
    assert end.state["slashed_by_cause_nquiv"].tolist() == [[own[1], own[0], 0, 0]]
    assert flow(end, "slash_to_consumer") == own[0], "who challenged gets nothing for the other's downtime"
    assert flow(end, "slash_to_insurance") == own[1]


# Of whose stake.


def test_all_that_stands_behind_a_provider_loses_the_same_share() -> None:
    """15 % of Gold: of own stake, of what is delegated, and of both while they unbond; nothing of others."""

    def staked(state: State, params: State) -> None:
        stakes(state, GOLD, GOLD, GOLD)
        for who, from_, amount in (("provider", "provider_wallet_nquiv", 7_000), ("holder", "treasury_nquiv", 3_000)):
            taken = np.full_like(state[f"{who}_unbonding_nquiv"], amount * QUIV)
            state[from_] -= taken if who == "provider" else taken.sum(axis=-1)
            state[f"{who}_unbonding_nquiv"] += taken
            state[f"{who}_unbonding_shares_nquiv"] += taken
        state["treasury_nquiv"] -= 8 * 5_000 * QUIV
        state["holder_delegated_nquiv"] += 5_000 * QUIV
        state["holder_provider"][...] = [0, 1, 2, 0, 1, 2, 0, 1]
        convict(state, 0.18)

    start, end = by_day(trial(days=1), staked)
    for account in ("provider_stake_nquiv", "provider_unbonding_nquiv"):
        np.testing.assert_allclose(lost(start, end, account), [0.15, 0.0, 0.0], rtol=1e-9)
    theirs = 0.15 * np.array([1, 0, 0, 1, 0, 0, 1, 0])
    for account in ("holder_delegated_nquiv", "holder_unbonding_nquiv"):
        np.testing.assert_allclose(lost(start, end, account), theirs, rtol=1e-9)
    whole = 0.15 * (GOLD + 7_000.0 + 3 * (5_000.0 + 3_000.0))
    assert end.state["provider_slashed_nquiv"][0] / QUIV == pytest.approx([whole, 0.0, 0.0], rel=1e-9)
    assert flow(end, "slash_burn") == end.state["provider_slashed_nquiv"].sum() == total(end, "burned_nquiv")
    np.testing.assert_array_equal(end.state["holder_unbonding_shares_nquiv"], [[3_000 * QUIV] * 8])


def test_an_eighth_of_unbonding_tokens_is_always_left() -> None:
    """Twenty slashes of a fifth would leave 1.2 %; the shares keep the value of an eighth of a unit."""
    case = trial(days=1, noise=True, slashing=Slashing(cooldown_days=0))
    state, params = genesis([case], SEED, [0])
    state["provider_stake_nquiv"][...] = round(PLATINUM * QUIV)
    state["provider_unbonding_nquiv"][...] = state["provider_unbonding_shares_nquiv"][...] = 8_000 * QUIV
    wired = block(case, "slashing")
    assert wired.policy is not None
    for _ in range(20):
        state["verdict_share"][...] = 0.2
        signals = wired.policy(params, None, None, state)
        update = wired.variables["provider_unbonding_nquiv"]
        state |= dict([update(params, None, None, state, signals)])
    assert state["provider_unbonding_nquiv"].tolist() == [[1_000 * QUIV] * 3]


@pytest.mark.parametrize("shape", ["linear", "cliff"])
def test_while_a_case_is_open_nothing_leaves_the_stake_behind_the_accused(shape: str) -> None:
    """All want out; provider 0 and its delegators cannot, and what falls due for them goes back to stake."""

    def accused(state: State, params: State) -> None:
        convict(state, 0.18)
        state["case_status"][..., 0] = VOTING
        state["treasury_nquiv"] += state["holder_delegated_nquiv"].sum() - 3_000 * QUIV
        state["holder_delegated_nquiv"][...] = [1_000 * QUIV] * 3 + [0] * 5
        state["holder_provider"][...] = [0, 1, 2, 0, 1, 2, 0, 1]
        for who, amount in (("provider", 700), ("holder", 70)):
            held = state[f"{who}_unbonding_nquiv"]
            state["treasury_nquiv"] -= held.size * amount * QUIV
            held += amount * QUIV
            state[f"{who}_unbonding_shares_nquiv"] += amount * QUIV
            state[f"{who}_released_nquiv"][..., 0 if shape == "cliff" else 6, :] = (
                amount * QUIV // (1 if shape == "cliff" else 7)
            )
            state[f"{who}_release_rate_nquiv"][...] = 0 if shape == "cliff" else amount * QUIV // 7

    leaving = Staking.model_validate(
        {"required_return": 0.9, "sensitivity": 500.0, "unbonding_days": 7, "unbonding_shape": shape}
    )
    slow = SILENT.model_copy(update={"voting_days": 30})
    start, *seen = by_day(trial(*COURT, "staking", days=8, staking=leaving, challenges=slow), accused)
    for who, stake, amount in (("provider", "provider_stake_nquiv", 700), ("holder", "holder_delegated_nquiv", 70)):
        first, end = (reading.state[stake][0] for reading in (start, seen[-1]))
        assert end[0] == first[0] + amount * QUIV
        assert (end[1:3] < first[1:3]).all()
        wallets = (reading.state[f"{who}_wallet_nquiv"][0] for reading in (start, seen[-1]))
        before, after = wallets
        assert after[0] == before[0]
        assert (after[1:3] >= before[1:3] + amount * QUIV).all()
        assert seen[-1].state[f"{who}_unbonding_nquiv"][0, 0] == 0


# Where it goes.


@pytest.mark.parametrize("stake", [BRONZE, 12_345.678901234])
@pytest.mark.parametrize("cause", [CANARY, CONSUMER, WATCHER])
def test_slashed_stake_is_split_to_the_unit(cause: int, stake: float) -> None:
    """Half is burned, 30 % are the challenger's, the rest insures; where a canary found the fault 50 % insure."""

    def guilty(state: State, params: State) -> None:
        stakes(state, stake, SILVER, GOLD)
        convict(state, 0.18, cause=cause)

    split = Slashing(burn_share=0.5, challenger_share=0.3)
    start, end = by_day(
        trial(days=1, slashing=split, challenges=SILENT.model_copy(update={"reward_quiv": 0.0})), guilty
    )
    slashed = flow(end, "stake_slash")
    assert slashed == pytest.approx(0.05 * stake * QUIV, abs=1)
    cut = 0 if cause == CANARY else 3 * slashed // 10
    assert flow(end, "slash_burn") == slashed // 2
    assert flow(end, "slash_to_consumer") == cut * (cause == CONSUMER)
    assert flow(end, "slash_to_watcher") == cut * (cause == WATCHER)
    assert flow(end, "slash_to_insurance") == slashed - slashed // 2 - cut
    assert total(end, "slashed_nquiv") == 0
    for who, paid in (("consumer", CONSUMER), ("holder", WATCHER)):
        gain = (end.state[f"{who}_wallet_nquiv"] - start.state[f"{who}_wallet_nquiv"])[0]
        assert gain[1] == gain.sum() == cut * (cause == paid)


@pytest.mark.parametrize(("burn", "challenger"), [(1.0, 0.0), (0.0, 0.0), (0.0, 1.0), (0.25, 0.75), (1 / 3, 1 / 3)])
def test_of_many_slashes_nothing_is_left_and_nothing_is_made(burn: float, challenger: float) -> None:
    """Two convicted on one day, and validators who were found out, whose stake is for no challenger."""

    def guilty(state: State, params: State) -> None:
        stakes(state, BRONZE + 1 / 7, SILVER + 1 / 3, GOLD)
        convict(state, 0.17, cause=WATCHER)
        for name in ("status", "guilty", "bad", "cause", "share", "day", "challenger"):
            state[f"case_{name}"][..., 1] = state[f"case_{name}"][..., 0]
        state["validator_caught"][..., :2] = 1

    case = trial(days=1, slashing=Slashing(burn_share=burn, challenger_share=challenger))
    end = last(by_day(case, guilty))
    own, theirs = flow(end, "stake_slash"), flow(end, "validator_slash")
    assert theirs == pytest.approx(2 * 500 * QUIV, abs=2)
    out = [flow(end, f"slash_{way}") for way in ("burn", "to_consumer", "to_watcher", "to_insurance")]
    assert sum(out) == own + theirs
    assert out[0] == take_rate(own + theirs, np.float64(burn))
    assert out[2] == pytest.approx(challenger * own, abs=2 + 1e-9 * own)
    assert min(out) >= 0
    assert total(end, "slashed_nquiv") == 0
    assert end.state["slashed_by_cause_nquiv"].tolist() == [[0, own, 0, theirs]]


def test_shares_that_round_to_more_than_all_take_nothing_out_of_the_fund() -> None:
    """Within the rule's tolerance of 1e-9 they sum to a part in 1e9 more than one: what is burned gives way."""

    def guilty(state: State, params: State) -> None:
        stakes(state, GOLD, SILVER, BRONZE)
        convict(state, 0.17, cause=WATCHER)

    end = last(by_day(trial(days=1, slashing=Slashing(burn_share=0.6 + 9e-10, challenger_share=0.4)), guilty))
    assert flow(end, "slash_to_insurance") == 0
    assert flow(end, "slash_burn") + flow(end, "slash_to_watcher") == flow(end, "stake_slash")


def test_the_rate_of_slashing_is_what_a_year_of_such_days_takes() -> None:
    """500 of 310,000 QUIV and four validators' 40,000, remembered for 90 days."""

    def guilty(state: State, params: State) -> None:
        stakes(state, BRONZE, SILVER, GOLD)
        convict(state, 0.18)

    end = last(by_day(trial(days=1), guilty))
    today = 365.0 * 500.0 / 350_000.0
    assert end.state["slash_rate"][0] == pytest.approx(today * (1.0 - np.exp(-1.0 / 90.0)), rel=1e-9)


# Who is out.


@pytest.mark.parametrize(
    ("severe", "bans", "banned"), [(True, True, 1), (False, True, 0), (True, False, 0), (False, False, 0)]
)
def test_only_a_severe_fault_bans_and_for_good(severe: bool, bans: bool, banned: int) -> None:
    def guilty(state: State, params: State) -> None:
        stakes(state, GOLD, GOLD, GOLD)
        convict(state, 0.16, severe=severe)

    seen = list(by_day(trial(days=40, slashing=Slashing(ban_severe=bans)), guilty))
    assert seen[1].state["provider_banned"].tolist() == [[banned, 0, 0]]
    assert all(reading.state["provider_standing"].tolist() == [[1 - banned, 1, 1]] for reading in seen[2:])
    assert METRICS["slashed_quiv_garbage"].read(seen[-1])[0] == pytest.approx(0.15 * GOLD * severe)


def test_downtime_never_bans() -> None:
    def down(state: State, params: State) -> None:
        stakes(state, PLATINUM, PLATINUM, PLATINUM)
        state["provider_absent"][...] = 1.0
        state["case_severe"][...] = 1

    end = last(by_day(trial("slashing", days=10, noise=True), down))
    assert (end.state["provider_slashes"] == 10).all()
    assert end.state["provider_banned"].sum() == 0


@pytest.mark.parametrize("reading", ["class_pools", "per_token"])
def test_a_banned_provider_and_its_delegators_earn_nothing_and_others_share_it(reading: str) -> None:
    """Three alike, each with a delegator: 70 and 25 % of the day's pool go to two instead of three."""

    def out(state: State, params: State) -> None:
        stakes(state, GOLD, GOLD, GOLD)
        state["provider_banned"][..., 0] = 1
        state["holder_provider"][...] = [0, 1, 2, 0, 1, 2, 0, 1]
        state["treasury_nquiv"] += state["holder_delegated_nquiv"].sum() - 3_000 * QUIV
        state["holder_delegated_nquiv"][...] = [1_000 * QUIV] * 3 + [0] * 5

    paying: dict[str, Any] = {
        "emission": Emission(staking_share=1.0),
        "staking": Staking.model_validate({"rewards": reading}),
    }
    start, end = by_day(trial("emission", "rewards", days=1, **paying), out)
    own, theirs = (
        (end.state[f"{who}_wallet_nquiv"] - start.state[f"{who}_wallet_nquiv"])[0] for who in ("provider", "holder")
    )
    assert own[0] == theirs[0] == 0
    assert own[1] == own[2] > 0
    assert theirs[1] == theirs[2] > 0
    pool = flow(end, "direct_reward") + flow(end, "delegator_reward") + flow(end, "validator_reward")
    assert (own.sum() + theirs.sum()) / pool == pytest.approx(0.95, rel=1e-6)


def test_who_falls_below_its_tier_is_evicted_after_the_grace_and_gets_no_work() -> None:
    """Slashed on day 1, below from day 2 on; work for seven days, none from the ninth on."""

    def guilty(state: State, params: State) -> None:
        stakes(state, BRONZE, BRONZE, BRONZE)
        convict(state, 0.1)

    on = ("demand", "market", *COURT)
    seen = list(by_day(trial(*on, days=12, demand=steady_demand(10.0)), guilty))
    standing = [float(reading.state["provider_standing"][0, 0]) for reading in seen]
    assert standing == [1.0] * 9 + [0.0] * 4
    assert [int(reading.state["provider_below_days"][0, 0]) for reading in seen] == [0, 0, *range(1, 12)]
    working = [bool(reading.state["work_weight"][0, 0] > 0.0) for reading in seen]
    assert working == [False] + [True] * 8 + [False] * 4
    assert all((reading.state["provider_standing"][0, 1:] == 1.0).all() for reading in seen)


@pytest.mark.parametrize("grace", [0, 1, 7])
def test_an_evicted_provider_returns_when_it_tops_up_and_a_banned_one_does_not(grace: int) -> None:
    """Below from day 3 on, topped up on day 20: evicted in between but for the grace."""
    case = trial(days=1, registry=Registry(grace_days=grace))
    state, params = genesis([case], SEED, [0])
    policy = block(case, "registry").policy
    assert policy is not None
    standing = []
    for day in range(25):
        state["day"] = np.int64(day)
        low = 1 if 3 <= day < 20 else 0
        state["provider_stake_nquiv"][...] = round(BRONZE * QUIV) - low
        state["provider_banned"][..., 2] = int(day >= 10)
        state |= policy(params, None, None, state)
        standing.append(state["provider_standing"][0].tolist())
    one = [1.0] * (3 + grace) + [0.0] * (17 - grace) + [1.0] * 5
    assert [row[0] for row in standing] == [row[1] for row in standing] == one
    assert [row[2] for row in standing] == one[:10] + [0.0] * 15
    assert state["provider_staked_day"].tolist() == [[20, 20, 20]]


def test_who_has_the_tokens_tops_up_before_the_grace_is_over() -> None:
    def guilty(state: State, params: State) -> None:
        stakes(state, BRONZE, BRONZE, BRONZE)
        convict(state, 0.1)

    seen = list(by_day(trial(*COURT, "staking", days=20), guilty))
    assert all((reading.state["provider_standing"] == 1.0).all() for reading in seen)
    assert seen[-1].state["provider_slashes"].tolist() == [[1, 0, 0]]
    assert seen[-1].state["provider_stake_nquiv"].min() >= round(BRONZE * QUIV)


@pytest.mark.parametrize("strikes", [1, 2, 3, 5])
def test_a_case_is_opened_after_so_many_days_with_a_failed_canary(strikes: int) -> None:
    """Every canary fails of one who serves garbage; the count starts again with the case."""

    def garbage(state: State, params: State) -> None:
        state["provider_garbage"][..., 0] = 1.0

    case = trial(
        "demand", "market", "validation", *COURT,
        days=12,
        demand=steady_demand(100.0),
        validation=Validation(canary_share=1.0, error=0.0, absence=0.0),
        slashing=Slashing(strikes=strikes, ban_severe=False),
    )  # fmt: skip
    seen = list(by_day(case, garbage))
    failed = np.cumsum([int(reading.state["canary_failed"][0, 0]) for reading in seen])
    opened = [int(reading.state["cases_opened"][0, CANARY]) for reading in seen]
    first = opened.index(1)
    assert failed[first] == strikes
    assert failed[first - 1] == strikes - 1
    assert seen[first].state["case_status"].tolist() == [[RULED, NONE, NONE]]
    assert seen[first].state["provider_strikes"][0, 0] == 0.0


def test_strikes_fade_as_reputation_does() -> None:
    """Failures on days 0, 60 and 120 count for 1 + e^(-2/3) + e^(-4/3) = 1.78 of three; with a long memory for 3."""
    for memory, opened in ((90.0, 0), (3650.0, 1)):
        case = trial(days=121, slashing=Slashing(strikes=3), reputation=Reputation(memory_days=memory))
        state, params = genesis([case], SEED, [0])
        found = 0
        for day in range(121):
            state["day"] = np.int64(day)
            state["canary_failed"][...] = int(day % 60 == 0)
            starts, record = cases.openings(params, state)
            state["provider_strikes"] = record["provider_strikes"]
            found += int(starts[0, 0])
        assert found == opened


def test_a_slash_for_downtime_shields_from_no_verdict() -> None:
    """A week of cooldown after a day down, and a verdict on the next day: it takes its 5 % of Bronze all the same."""
    case = trial("slashing", days=1, noise=True, slashing=Slashing(cooldown_days=7))

    def down_yesterday(state: State, params: State) -> None:
        state["day"] = np.int64(10)
        state["provider_slashes"][...] = 1
        state["provider_last_slash"][...] = 9
        state["provider_stake_nquiv"][...] = 10_000 * QUIV
        state["verdict_share"][...] = 0.2
        state["provider_up"][...] = 0.0

    state, params = genesis([case], SEED, [0])
    down_yesterday(state, params)
    signals = block(case, "slashing").policy(params, None, None, state)  # type: ignore[misc]
    np.testing.assert_allclose(signals["stake_slash"], 500 * QUIV, rtol=1e-9)
