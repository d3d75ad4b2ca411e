r"""T21, T22, T24 and T28: who cheats, how soon it shows, and whether the insurance fund lasts."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from experiments.engines.ensemble import execute
from experiments.engines.genesis import State
from experiments.validation.limits import QUIV, SEED, YEAR, book, each_day, economy, last, steady_demand
from experiments.validation.rows import Figure, TheoryRow, estimated, exactly, mean, near, share
from model import draws
from model.economy import Economy
from model.parameters.challenges import Challenges
from model.parameters.conduct import Conduct
from model.parameters.insurance import Insurance
from model.parameters.jobs import Jobs
from model.parameters.population import Population
from model.parameters.providers import Providers
from model.parameters.slashing import Slashing
from model.parameters.staking import Staking
from model.parameters.validation import Validation

COURT = ("demand", "market", "settlement", "conduct", "validation", "challenges", "slashing")
UNNOTICED = Challenges(notice_share=0.0, watch_share=0.0, frivolous_per_day=0.0)
"""Nobody but a canary shows bad work."""

PRICE = 0.1
CANARIES = 0.05
BRONZE = 10_000.0


def perfect(canary_share: float = CANARIES) -> Validation:
    """A panel that never errs and never misses a vote."""
    return Validation(canary_share=canary_share, error=0.0, absence=0.0, degraded_seen=1.0)


def reckoning(**more: Any) -> Conduct:
    """Nobody is principled, all are equally tempted, by garbage alone, today, and fear the slash alone."""
    given: dict[str, Any] = {
        "saving": (0.0, 1.0, 0.0),
        "principled_share": 0.0,
        "temptation_sigma": 0.0,
        "revision_per_day": 1.0,
        "horizon_days": 0.0,
    }
    return Conduct(**(given | more))


def many(providers: int) -> Population:
    """So many providers, and a court of ten."""
    return Population(providers=providers, consumers=2, validators=10, holders=8)


def cheaters(
    stakes: NDArray[Any],
    saved: float,
    income: float = 0.0,
    noise: bool = False,
    canary_share: float = CANARIES,
    **contracts: Any,
) -> NDArray[Any]:
    """Who serves garbage on a day after one on which each had a job that cost it `saved` QUIV, by stake in QUIV."""
    count = len(stakes)
    given: dict[str, Any] = {"conduct": reckoning(), "validation": perfect(canary_share), "challenges": UNNOTICED}
    case = economy(
        *COURT, days=1, noise=noise, population=many(count), demand=steady_demand(1.0), **(given | contracts)
    )

    def worked(state: State, params: State) -> None:
        stake = np.round(stakes * QUIV).astype(np.int64)
        state["treasury_nquiv"] = state["treasury_nquiv"] + (state["provider_stake_nquiv"][0] - stake).sum()
        state["provider_stake_nquiv"][0] = stake
        state["provider_income_nquiv"][...] = round(income * QUIV)
        state["provider_online"][...] = 1.0
        state["served_jobs"][0, 0] = state["served_tokens"][0, 0] = count
        state["work_weight"][...] = 1.0
        params["providers.cost_decline"] = np.float64(0.0)
        params["agents.cost_usd"] = np.full((1, count), saved * PRICE)
        params["agents.capacity_tokens"] = np.zeros((1, count))

    return np.asarray(last(each_day(case, worked)).state["provider_garbage"][0])


def deterring(
    saved: float, minimums: tuple[float, float, float, float], canary_share: float = CANARIES, **more: Any
) -> float:
    """The smallest stake that deters who saves so much by a job: the step from cheats to honest, looked at twice."""
    low, high = 50.0, 500_000.0
    for _ in range(2):
        stakes = np.geomspace(low, high, 100)
        found = cheaters(stakes, saved, canary_share=canary_share, staking=Staking(tier_minimum_quiv=minimums), **more)
        steps = np.flatnonzero(np.diff(found))
        if len(steps) != 1:
            return math.nan
        low, high = stakes[steps[0]], stakes[steps[0] + 1]
    return float(high)


BRONZE_ALONE = (1.0, 1e8, 2e8, 3e8)
SILVER_ALONE = (1.0, 2.0, 1e8, 2e8)


def _deterrence() -> list[Figure]:
    lost = reckoning(gain_when_caught="lost")
    return [
        near("stake that deters from 0.5 QUIV, slash 5 %", 200.0, deterring(0.5, BRONZE_ALONE), 2e-3, unit="QUIV"),
        near("stake that deters from 40 QUIV, slash 5 %", 16_000.0, deterring(40.0, BRONZE_ALONE), 2e-3, unit="QUIV"),
        near("stake that deters from 40 QUIV, slash 10 %", 8_000.0, deterring(40.0, SILVER_ALONE), 2e-3, unit="QUIV"),
        near(
            "stake that deters from 40 QUIV at a slash of 0.5 %",
            160_000.0,
            deterring(40.0, BRONZE_ALONE, slashing=Slashing(band_low=(0.005,) * 3, band_high=(0.005,) * 3)),
            2e-3,
            unit="QUIV",
        ),
        near(
            "stake that deters from 40 QUIV, slash 5 %, where who is caught loses the gain",
            0.95 * 16_000.0,
            deterring(40.0, BRONZE_ALONE, conduct=lost),
            2e-3,
            unit="QUIV",
        ),
        exactly("part of Bronze that cheats for 40 QUIV", 1.0, cheaters(np.full(3, BRONZE), 40.0).mean()),
        exactly("part of Silver that cheats for 40 QUIV", 0.0, cheaters(np.full(3, 5e4), 40.0).mean()),
    ]


def _no_shirking() -> list[Figure]:
    found = []
    for profit, horizon in ((0.0, 0.0), (7.0, 10.0), (7.0, 100.0)):
        threshold = CANARIES * (500.0 + horizon * profit)
        for saved, expected in ((0.999 * threshold, 0.0), (1.001 * threshold, 1.0)):
            part = cheaters(np.full(3, BRONZE), saved, income=profit, conduct=reckoning(horizon_days=horizon)).mean()
            found.append(
                exactly(
                    f"part that cheats for {saved / threshold:.3f} of q (slash + {horizon * profit:g})", expected, part
                )
            )
    for horizon in (0.0, 100.0):
        conduct = reckoning(temptation_sigma=1.0, horizon_days=horizon)
        seen = cheaters(np.full(20_000, BRONZE), 20.0, income=7.0, noise=True, conduct=conduct)
        threshold = CANARIES * (500.0 + horizon * 7.0) / 20.0
        expected = float(stats.lognorm(1.0, scale=np.exp(-0.5)).sf(threshold))
        found.append(share(f"part that cheats, temptation log-normal, {horizon:g} days of profit", expected, seen))
    return found


def of_thousand(share_of_canaries: float) -> Economy:
    """A day of a thousand jobs of one token, some of them canaries."""
    return economy(
        "demand",
        "market",
        "settlement",
        "validation",
        days=2,
        noise=True,
        demand=steady_demand(1.0, size_mix=(1.0, 0.0, 0.0), noise_sigma=0.0, budget_sigma=0.0, mix_sigma=0.0),
        jobs=Jobs(tokens_per_job=(1.0, 1.0, 1.0)),
        exogenous={"demand_tokens": np.asarray([1000.0])},
        validation=perfect(share_of_canaries),
    )


def first_failures(days: int, runs: int) -> NDArray[Any]:
    """The day on which each of twenty providers of garbage with a job a day fails its first canary, or `days + 1`."""
    case = economy(
        "demand",
        "market",
        "settlement",
        "validation",
        days=days,
        noise=True,
        population=many(20),
        validation=perfect(),
        demand=steady_demand(1.0, size_mix=(1.0, 0.0, 0.0), noise_sigma=0.0, budget_sigma=0.0, mix_sigma=0.0),
        jobs=Jobs(tokens_per_job=(1.0, 1.0, 1.0)),
        exogenous={"demand_tokens": np.asarray([20.0])},
        staking=Staking(tier_minimum_quiv=(0.0, 0.0, 0.0, 0.0)),
        providers=Providers(
            capacity_growth=0.0,
            initial_online=1.0,
            capacity_sigma=0.0,
            size_sigma=0.0,
            quality_sigma=0.0,
        ),
    )

    def garbage(state: State, params: State) -> None:
        state["provider_garbage"][...] = 1.0

    first = np.full((runs, 20), days + 1)
    for reading in each_day(case, garbage, runs):
        failed = reading.state["canary_failed"] > 0
        first = np.where(failed, np.minimum(first, int(reading.state["day"])), first)
    return first


def _counts() -> list[Figure]:
    runs = 8000
    canaries = execute([of_thousand(CANARIES)] * runs, SEED, list(range(runs)), ["validation_tasks"])["record"][-1, 0]
    exact = stats.binom(1000, CANARIES)
    inside = (canaries >= 37) & (canaries <= 64)
    coverage = float(exact.cdf(64) - exact.cdf(36))
    drawn = draws.poisson(
        {"draws.key": draws.trajectory_key(SEED, np.arange(20_000)), "draws.noise": np.asarray(1.0)},
        "counts", np.int64(3), np.full(20_000, 30.0), 90,
    )  # fmt: skip
    poisson = stats.poisson(30)
    first = first_failures(days=160, runs=100)
    return [
        mean("canaries among 1,000 jobs", 50.0, canaries),
        estimated("their variance", 47.5, canaries.var(), 47.5 * math.sqrt(2.0 / runs), allowance=1.0 / 12.0),
        estimated(
            "days with 37 to 64 of them",
            coverage,
            inside.mean(),
            math.sqrt(coverage * (1 - coverage) / runs),
            "share",
            1e-3,
        ),
        share(
            "Poisson numbers of mean 30 from 20 to 41",
            float(poisson.cdf(41) - poisson.cdf(19)),
            (drawn >= 20) & (drawn <= 41),
        ),
        estimated(
            "mean days to the first failed canary, at most 161",
            _to_first(160),
            first.mean(),
            first.std() / math.sqrt(first.size),
            "days",
        ),
        share("not failed in 13 days (the median is 13.5)", 0.95**13, first > 13),
        share("not failed in 14 days", 0.95**14, first > 14),
        share("not failed in 100 jobs", 0.95**100, first > 100),
    ]


def _to_first(days: int) -> float:
    """Mean of a geometric number cut at `days + 1`, 20 but for what is cut."""
    return (1.0 - (1.0 - CANARIES) ** (days + 1)) / CANARIES


SIZE = 1_000.0
PEOPLE = Population(providers=3, consumers=4, validators=2, holders=8)


def ruined(reserve: float, loading: float, a_day: float, days: int, runs: int) -> float:
    """The part of funds, each with its own claims, that once could not pay.

    The premium is in the fund before the day's claims are; it comes out of the treasury, day by day.
    """
    case = economy(
        "insurance",
        days=days,
        noise=True,
        population=PEOPLE,
        insurance=Insurance(accidents_per_year=a_day * YEAR, accident_quiv=SIZE),
    )
    premium = round((1.0 + loading) * a_day * SIZE * QUIV)
    unpaid = np.zeros(runs)
    for reading in each_day(case, runs=runs):
        state = book(reading)
        day = int(state["day"])
        paid_in = premium + round(reserve * SIZE * QUIV) * (day == 0)
        state["insurance_nquiv"] = state["insurance_nquiv"] + paid_in
        state["treasury_nquiv"] = state["treasury_nquiv"] - paid_in
        unpaid = state["claims_unpaid_nquiv"]
    return float((unpaid > 0).mean())


def ruin(reserve: float, loading: float) -> float:
    """The probability of ruin from a reserve in mean claims."""
    return float(np.exp(-loading * reserve / (1.0 + loading)) / (1.0 + loading))


def _insurance() -> list[Figure]:
    found = []
    runs, a_day = 2500, 0.2
    for reserve, loading, known, days in ((10.0, 0.2, 0.1574, 2000), (5.0, 0.5, 0.1259, 400)):
        seen = ruined(reserve, loading, a_day, days, runs)
        discrete = known - ruin(reserve + (1.0 + loading) * a_day, loading) + 3e-4
        error = math.sqrt(known * (1.0 - known) / runs)
        found.append(
            estimated(
                f"ruin at a loading of {loading:g}, a reserve of {reserve:g} claims",
                known,
                seen,
                error,
                "share",
                discrete,
            )
        )
    return found


ROWS = (
    TheoryRow(
        "T21",
        "Deterrence",
        "providers alike but for their stake, a job a day each, 5 % canaries, a panel that never errs",
        "Becker 1968",
        _deterrence,
    ),
    TheoryRow(
        "T22",
        "No-shirking condition",
        "a ban costs the profit of a horizon too; savings alike or log-normal over 20,000 providers",
        "Shapiro and Stiglitz 1984",
        _no_shirking,
    ),
    TheoryRow(
        "T24",
        "Counts of faults",
        "canaries drawn among whole jobs, every one of bad work failed",
        "binomial, Poisson and geometric distributions",
        _counts,
    ),
    TheoryRow(
        "T28",
        "Ruin of the insurance fund",
        "a claim in five days, of exponential size; the day's premium comes before its claims",
        "Cramer and Lundberg; Asmussen and Albrecher 2010",
        _insurance,
    ),
)
