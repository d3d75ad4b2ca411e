r"""Deterrence: who cheats, and how soon it shows.

Theory (Becker 1968): who saves $g$ by cheating and is caught with probability $p$ cheats if $g > p E S$, $E S$ being
what a conviction is expected to take of its stake, or $(1 - p) g > p E S$ where who is caught loses the gain; the share
of cheaters steps from 0 to 1 there. At 5 % canaries and 40 QUIV a job a slash of 5 % deters from a stake of 16,000 QUIV
on, one of 10 % from 8,000 on. A day of $n$ jobs gains $n g$ and risks one slash with $1 - (1 - p)^n$. Where a ban
also costs profit, $g \le q (E S + h \pi)$ keeps honest (Shapiro and Stiglitz 1984), and where temptation $e \sim F$
differs the share of cheaters is $1 - F$ at the threshold. Counts of canaries are binomial, of rare events Poisson, the
day of the first failed canary is geometric: mean 20 and median 13.5 at 5 %, none in 100 jobs with .0059.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from experiments.engines.genesis import State, genesis
from experiments.validation.theory_quality import BRONZE, CANARIES, COURT, PRICE, UNNOTICED, many, perfect, reckoning
from model import draws
from model.arrays import Signals
from model.economy import Economy
from model.formulas import slashing as formulas
from model.parameters.challenges import Challenges
from model.parameters.conduct import Conduct
from model.parameters.jobs import Jobs
from model.parameters.population import Population
from model.parameters.pricing import Pricing
from model.parameters.providers import Providers
from model.parameters.registry import Registry
from model.parameters.slashing import Slashing
from model.parameters.staking import Staking
from model.parameters.supply import Supply
from model.parameters.validation import Validation
from tests.economics.limits import AT_ONCE, OPEN_MARKET, QUIV, SEED, block, by_day, economy, record, steady_demand

SILVER, GOLD, PLATINUM = 50_000.0, 250_000.0, 1_000_000.0


def decided(
    stakes: list[float] | np.ndarray,
    saved: float,
    jobs: int = 1,
    income: float = 0.0,
    lazy: int = 0,
    noise: bool = False,
    canary_share: float = CANARIES,
    hardware: float = 0.0,
    **contracts: Any,
) -> Signals:
    """What each provider decides who had `jobs` jobs yesterday that cost it `saved` QUIV each, by stake in QUIV."""
    count = len(stakes)
    given: dict[str, Any] = {"conduct": reckoning(), "validation": perfect(canary_share), "challenges": UNNOTICED}
    case = economy(*COURT, days=1, noise=noise, population=many(count), **(given | contracts))
    state, params = genesis([case], SEED, [0])
    state["provider_stake_nquiv"][0] = np.round(np.asarray(stakes) * QUIV)
    state["provider_income_nquiv"][...] = round(income * QUIV)
    state["provider_online"][...] = 1.0
    state["served_jobs"][0, 0] = jobs * count
    state["served_tokens"][0, 0] = jobs * count
    state["work_weight"][...] = 1.0
    state["validator_lazy"][0, :lazy] = 1.0
    state["day"] = np.int64(1)
    params["providers.cost_decline"] = np.float64(0.0)
    params["agents.cost_usd"] = np.full((1, count), saved * PRICE)
    params["agents.capacity_tokens"] = np.full((1, count), hardware)
    policy = block(case, "conduct").policy
    assert policy is not None
    return dict(policy(params, None, None, state))


def cheats(stake: float, saved: float, **more: Any) -> bool:
    """Whether one of three alike serves garbage; a share without noise has to be 0 or 1."""
    share = decided([stake] * 3, saved, **more)["provider_garbage"]
    assert set(np.unique(share)) in ({0.0}, {1.0})
    return bool(share[0, 0] == 1.0)


@pytest.mark.parametrize("share", [0.005, CANARIES, 0.2])
@pytest.mark.parametrize(
    ("stake", "slash"),
    [(BRONZE, 0.05), (15_000.0, 0.05), (SILVER, 0.10), (GOLD, 0.15), (PLATINUM, 0.175), (2e6, 0.175)],
)
def test_who_saves_more_than_the_expected_slash_cheats(stake: float, slash: float, share: float) -> None:
    """g = p E S, within a thousandth, where 15 to 20 % is capped by the tier at 5, 10, 15 and 20 %."""
    threshold = share * slash * stake
    assert cheats(stake, 1.001 * threshold, canary_share=share)
    assert not cheats(stake, 0.999 * threshold, canary_share=share)


@pytest.mark.parametrize(("minimums", "deterring"), [((1.0, 1e8, 2e8, 3e8), 16_000.0), ((1.0, 2.0, 1e8, 2e8), 8_000.0)])
def test_a_cheat_of_40_quiv_needs_16000_at_risk_at_5_percent_and_8000_at_10(
    minimums: tuple[float, float, float, float], deterring: float
) -> None:
    tiers = Staking(tier_minimum_quiv=minimums)
    assert cheats(deterring - 1.0, 40.0, staking=tiers)
    assert not cheats(deterring + 1.0, 40.0, staking=tiers)


def test_bronze_is_not_deterred_from_a_cheat_of_40_quiv_and_silver_is() -> None:
    found = decided([BRONZE, 15_999.0, 16_001.0, SILVER], 40.0)["provider_garbage"]
    np.testing.assert_array_equal(found, [[1.0, 1.0, 0.0, 0.0]])
    assert not cheats(BRONZE, 0.5), "a small job of 500 tokens: 200 QUIV deter"


def test_who_loses_the_gain_when_caught_needs_less() -> None:
    """(1 - p) g = p E S: 25 QUIV become 26.3 at Bronze."""
    lost: dict[str, Any] = {"conduct": reckoning(gain_when_caught="lost")}
    threshold = CANARIES * 0.05 * BRONZE / (1.0 - CANARIES)
    assert threshold == pytest.approx(26.32, abs=0.005)
    assert cheats(BRONZE, 1.001 * threshold, **lost)
    assert not cheats(BRONZE, 0.999 * threshold, **lost)
    assert cheats(BRONZE, 0.999 * threshold)


def test_more_jobs_a_day_make_cheating_pay() -> None:
    """20 n against 500 (1 - .95^n): 200 < 200.6 at ten jobs, 220 > 215.6 at eleven; one slash, however many."""
    cheating = [cheats(BRONZE, 20.0, jobs=jobs) for jobs in range(1, 21)]
    assert cheating == [jobs >= 11 for jobs in range(1, 21)]
    assert cheating == [20.0 * n > 500.0 * (1.0 - 0.95**n) for n in range(1, 21)]


def test_challenges_deter_as_canaries_do() -> None:
    """A chance of 3 % by consumers and 2 % by watchers is 5 %, and with 5 % of canaries 1 - .95^2."""
    noticed: dict[str, Any] = {"challenges": Challenges(notice_share=0.03, watch_share=0.02)}
    for share, chance in ((0.0, 0.05), (CANARIES, 1.0 - 0.95**2)):
        assert cheats(BRONZE, 1.001 * chance * 500.0, canary_share=share, **noticed)
        assert not cheats(BRONZE, 0.999 * chance * 500.0, canary_share=share, **noticed)


@pytest.mark.parametrize(("lazy", "fails"), [(0, 1.0), (5, 0.5), (8, 0.104), (10, 0.0)])
def test_a_panel_that_does_not_look_does_not_deter(lazy: int, fails: float) -> None:
    """Of ten validators 10, 5, 2 or none look: two of a panel of three do with 3 h^2 - 2 h^3."""
    threshold = CANARIES * fails * 500.0
    assert cheats(BRONZE, 1.001 * threshold + 1e-6, lazy=lazy)
    assert fails == 0.0 or not cheats(BRONZE, 0.999 * threshold, lazy=lazy)


def test_a_smaller_model_that_shows_half_the_time_and_costs_less_deters_less() -> None:
    """g = p .5 E S with 5 to 15 % at stake, 10 % on average at Gold: 625 QUIV."""
    tempting: dict[str, Any] = {
        "conduct": reckoning(saving=(1.0, 0.0, 0.0)),
        "validation": Validation(error=0.0, absence=0.0),
    }
    for saved, expected in ((624.0, 0.0), (626.0, 1.0)):
        found = decided([GOLD] * 3, saved, **tempting)
        assert (found["provider_degraded"] == expected).all()
        assert (found["provider_garbage"] == 0.0).all()


def test_without_a_court_all_who_are_not_principled_cheat() -> None:
    """Among 3000 providers of whom four fifths are principled, exactly the others."""
    case = economy("demand", "market", "settlement", "conduct", days=1, noise=True, population=many(3000))
    _, params = genesis([case], SEED, [0])
    found = decided([PLATINUM] * 3000, 1.0, canary_share=0.0, noise=True, conduct=reckoning(principled_share=0.8))[
        "provider_garbage"
    ]
    np.testing.assert_array_equal(found, 1.0 - params["agents.principled"])
    assert abs(found.mean() - 0.2) < 4.0 * np.sqrt(0.16 / 3000)


def test_who_reconsiders_with_a_tenth_is_not_all_there_at_once() -> None:
    found = decided([BRONZE] * 4000, 30.0, noise=True, conduct=reckoning(revision_per_day=0.1))["provider_garbage"]
    assert abs(found.mean() - 0.1) < 4.0 * np.sqrt(0.09 / 4000)


@pytest.mark.parametrize(("horizon", "bans"), [(0.0, True), (10.0, True), (100.0, True), (100.0, False)])
def test_where_temptation_differs_the_share_of_cheaters_is_what_lies_above_the_threshold(
    horizon: float, bans: bool
) -> None:
    """1 - F(q (E S + h profit) / g), F log-normal of mean one and sigma 1, 20,000 providers, profit 7 QUIV a day."""
    count, saved, profit = 20_000, 20.0, 7.0
    found = decided(
        [BRONZE] * count,
        saved,
        income=profit,
        noise=True,
        conduct=reckoning(temptation_sigma=1.0, horizon_days=horizon),
        slashing=Slashing(ban_severe=bans),
    )["provider_garbage"]
    threshold = CANARIES * (500.0 + bans * horizon * profit) / saved
    share = float(stats.lognorm(1.0, scale=np.exp(-0.5)).sf(threshold))
    assert abs(found.mean() - share) < 4.0 * np.sqrt(share * (1.0 - share) / count)


def test_profit_that_a_ban_would_take_moves_the_threshold() -> None:
    """25 QUIV, and 5 % of 365 days of 2 QUIV: 61.5."""
    feared: dict[str, Any] = {"conduct": reckoning(horizon_days=365.0), "income": 2.0}
    assert not cheats(BRONZE, 61.4, **feared)
    assert cheats(BRONZE, 61.6, **feared)
    assert cheats(BRONZE, 25.1, income=0.0, conduct=reckoning(horizon_days=365.0)), "no profit, nothing more to lose"
    assert cheats(BRONZE, 25.1, income=2.0, conduct=reckoning(horizon_days=0.0))


@pytest.mark.parametrize("stake", [BRONZE, SILVER, GOLD])
@pytest.mark.parametrize("bar", [0.95, 0.0])
def test_a_provider_stays_away_exactly_where_it_saves_more_than_income_and_slash(stake: float, bar: float) -> None:
    """Hardware of 1000 QUIV a day stands still; 1 to 5 % for downtime are 3 %, or nothing without a bar of uptime."""
    away: dict[str, Any] = {"conduct": reckoning(saving=(0.0, 0.0, 0.9)), "slashing": Slashing(uptime_bar=bar)}
    slash = 0.03 * stake if bar else 0.0
    lone: dict[str, Any] = {"jobs": 0, "hardware": 10.0, **away}
    for income, expected in ((900.0 - slash - 0.01, 1.0), (900.0 - slash + 0.01, 0.0)):
        if income > 0.0:
            found = decided([stake] * 3, 100.0, income=income, **lone)
            assert (found["provider_absent"] == expected).all()
    found = decided([stake] * 3, 100.0, income=0.0, **lone)
    assert (found["provider_absent"] == float(slash < 900.0)).all()


def hired(usd_a_day: float, downtime: float = 0.0) -> Economy:
    """Three alike at Bronze whose hardware costs 1000 QUIV a day and who can save it; they get 80 % of spending."""
    return economy(
        *COURT,
        "outages",
        days=30,
        noise=True,
        demand=steady_demand(usd_a_day, noise_sigma=0.0, budget_sigma=0.0, mix_sigma=0.0),
        providers=Providers(
            cost_usd_per_token=5e-5,
            capacity_tokens_per_day=2e6,
            initial_online=1.0,
            cost_decline=0.0,
            capacity_growth=0.0,
            cost_sigma=0.0,
            capacity_sigma=0.0,
            size_sigma=0.0,
            downtime=downtime,
            downtime_sigma=0.0,
        ),
        conduct=reckoning(saving=(0.0, 0.0, 1.0)),
        challenges=UNNOTICED,
        validation=perfect(),
        registry=Registry(grace_days=365),
        slashing=Slashing(uptime_bar=0.0),
        supply=Supply(allocation_share=OPEN_MARKET, tge_share=AT_ONCE),
    )


@pytest.mark.parametrize(("usd_a_day", "away"), [(525.0, 0.0), (225.0, 1.0)])
def test_who_was_away_or_down_returns_where_work_pays(usd_a_day: float, away: float) -> None:
    """What others earn it would have earned: 1600 QUIV a day, all that two can serve, or 900; hardware costs 1000."""

    def one_away(state: State, params: State) -> None:
        state["provider_absent"][..., 0] = 1.0
        params["agents.principled"] = np.array([[0.0, 1.0, 1.0]])

    seen = list(by_day(hired(usd_a_day), one_away))
    assert [reading.state["provider_absent"][0].tolist() for reading in seen[3:]] == [[away, 0.0, 0.0]] * 28
    down = list(by_day(hired(525.0, downtime=0.1)))
    assert any(reading.state["provider_up"].min() == 0.0 for reading in down)
    assert all(reading.state["provider_absent"].sum() == 0.0 for reading in down)


def whole_run(canary_share: float, noise: bool) -> Economy:
    """Three Bronze providers with a job of 10 QUIV a day each, of which garbage saves 9; 500 QUIV at risk."""
    return economy(
        *COURT,
        days=40,
        noise=noise,
        demand=steady_demand(10.0, noise_sigma=0.0, budget_sigma=0.0, mix_sigma=0.0, size_mix=(1.0, 0.0, 0.0)),
        pricing=Pricing(numeraire="quiv", complexity=(1.0, 1.0, 1.0)),
        jobs=Jobs(tokens_per_job=(1e5 / 3.0, 1e5, 1e5)),
        providers=Providers(
            cost_usd_per_token=3e-5,
            capacity_tokens_per_day=2e6,
            initial_online=1.0,
            cost_decline=0.0,
            capacity_growth=0.0,
            cost_sigma=0.0,
            capacity_sigma=0.0,
            size_sigma=0.0,
        ),
        conduct=reckoning(saving=(0.0, 0.9, 0.0)),
        challenges=UNNOTICED,
        validation=perfect(canary_share),
        population=Population(providers=3, consumers=2, validators=5, holders=8, validator_genesis_share=0.1),
        registry=Registry(grace_days=365),
        slashing=Slashing(ban_severe=False),
    )


@pytest.mark.parametrize("noise", [False, True])
@pytest.mark.parametrize(("canary_share", "cheaters"), [(0.05, 0.0), (0.01, 3.0), (0.0, 3.0)])
def test_in_a_whole_run_all_cheat_or_none(canary_share: float, cheaters: float, noise: bool) -> None:
    """9 QUIV against 500 p: the step is at p = .018."""

    def bronze(state: State, params: State) -> None:
        more = state["provider_stake_nquiv"] - round(BRONZE * QUIV)
        state["provider_stake_nquiv"][...] -= more
        state["provider_wallet_nquiv"][...] += more

    taken = [reading.state["provider_garbage"].sum() for reading in by_day(whole_run(canary_share, noise), bronze)]
    assert taken[2:] == [cheaters] * 39


def test_in_a_whole_run_the_principled_never_cheat() -> None:
    case = economy(
        *COURT, days=60, noise=True, conduct=Conduct(principled_share=1.0), demand=steady_demand(100.0),
        validation=perfect(0.0), providers=Providers(cost_usd_per_token=1.0),
    )  # fmt: skip
    assert record(case, "cheating_providers")["cheating_providers"].sum() == 0.0


def drawing(runs: int) -> State:
    """What draws need of the parameters."""
    return {"draws.key": draws.trajectory_key(SEED, np.arange(runs)), "draws.noise": np.asarray(1.0)}


def within(found: np.ndarray, expected: float) -> bool:
    """Whether a share of independent events is within four standard errors."""
    return abs(found.mean() - expected) < 4.0 * np.sqrt(expected * (1.0 - expected) / found.size)


def test_canaries_of_a_thousand_jobs_are_37_to_64_nineteen_days_of_twenty() -> None:
    """Binomial(1000, .05): mean 50, variance 47.5, 95.8 % in [37, 64]; the normal approximation is .001 off that."""
    runs = 20_000
    drawn = draws.binomial(drawing(runs), "canaries", np.int64(3), np.full(runs, 1000), np.full(runs, 0.05))
    exact = stats.binom(1000, 0.05)
    assert (exact.ppf(0.025), exact.ppf(0.975)) == (37.0, 64.0)
    coverage = float(exact.cdf(64) - exact.cdf(36))
    inside = (drawn >= 37) & (drawn <= 64)
    assert abs(inside.mean() - coverage) < 0.001 + 4.0 * np.sqrt(coverage * (1.0 - coverage) / runs)
    assert abs(drawn.mean() - 50.0) < 4.0 * np.sqrt(47.5 / runs)
    assert abs(drawn.var() / (47.5 + 1.0 / 12.0) - 1.0) < 4.0 * np.sqrt(2.0 / runs)


def test_counts_of_mean_30_are_20_to_41_nineteen_days_of_twenty() -> None:
    runs = 20_000
    drawn = draws.poisson(drawing(runs), "counts", np.int64(3), np.full(runs, 30.0), 90)
    exact = stats.poisson(30)
    assert (exact.ppf(0.025), exact.ppf(0.975)) == (20.0, 41.0)
    assert within((drawn >= 20) & (drawn <= 41), float(exact.cdf(41) - exact.cdf(19)))
    assert abs(drawn.mean() - 30.0) < 4.0 * np.sqrt(30.0 / runs)
    assert abs(drawn.var() / 30.0 - 1.0) < 4.0 * np.sqrt(2.0 / runs)


def first_failures(jobs: int, days: int, runs: int, kind: str, validation: Validation) -> np.ndarray:
    """The day on which each of many providers with so many jobs a day fails its first canary; `days + 1` for none."""
    case = economy(*COURT, days=days, noise=True, population=many(20), validation=validation, challenges=UNNOTICED)
    state, params = genesis([case] * runs, SEED, range(runs))
    state["served_jobs"][:, 0] = jobs * 20
    state["work_weight"][...] = 1.0
    if kind:
        state[f"provider_{kind}"][...] = 1.0
    policy = block(case, "validation").policy
    assert policy is not None
    first = np.full((runs, 20), days + 1)
    for day in range(1, days + 1):
        state["day"] = np.int64(day)
        failed = policy(params, None, None, state)["canary_failed"] > 0
        first = np.where(failed, np.minimum(first, day), first)
    return first


def test_the_first_failed_canary_of_a_job_a_day_is_geometric() -> None:
    """Mean 20 within four standard errors of 19.5 / 100, the median between 13 and 14 days, none in 100 with .0059."""
    first = first_failures(jobs=1, days=300, runs=500, kind="garbage", validation=perfect())
    assert abs(first.mean() - 20.0) < 4.0 * np.sqrt(0.95) / 0.05 / np.sqrt(first.size)
    assert np.log(0.5) / np.log(0.95) == pytest.approx(13.5, abs=0.02)
    assert abs(0.95**100 - 0.0059) < 5e-5
    for day in (1, 13, 14, 100):
        assert within(first > day, 0.95**day)
    assert (first > 13).mean() > 0.5 > (first > 14).mean()


@pytest.mark.parametrize(
    ("kind", "chance"), [("garbage", CANARIES), ("degraded", 0.5 * CANARIES), ("", 0.0), ("erring", 0.0)]
)
def test_garbage_fails_every_canary_a_smaller_model_half_and_good_work_none(kind: str, chance: float) -> None:
    """With an error of .1 a panel of three condemns good work with 3 (.1)^2 .9 + (.1)^3 = .028."""
    error = 0.1 if kind == "erring" else 0.0
    validation = Validation(canary_share=CANARIES, error=error, absence=0.0, degraded_seen=0.5)
    first = first_failures(5, 1, 1000, "" if kind == "erring" else kind, validation)
    chance = CANARIES * 0.028 if kind == "erring" else chance
    caught = 1.0 - (1.0 - chance) ** 5
    assert within(first == 1, caught) if caught else (first == 2).all()


def test_a_stake_that_deters_is_the_gain_over_chance_and_slash() -> None:
    """The formula of the mean slash by hand: 5, 10, 15 and 17.5 % of severe, 5, 8.75, 10 and 10 % of major faults."""
    caps = np.array([0.05, 0.10, 0.15, 0.20])
    severe = formulas.expected_share(np.float64(0.15), np.float64(0.20), caps)
    major = formulas.expected_share(np.float64(0.05), np.float64(0.15), caps)
    np.testing.assert_allclose(severe, [0.05, 0.10, 0.15, 0.175], rtol=1e-12)
    np.testing.assert_allclose(major, [0.05, 0.0875, 0.10, 0.10], rtol=1e-12)
    np.testing.assert_allclose(40.0 / (CANARIES * severe[:2]), [16_000.0, 8_000.0], rtol=1e-12)
