r"""T23, T26, T27 and T29: waiting, free entry, auctions, and Little's law wherever something waits."""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from experiments.engines.genesis import State
from experiments.validation.limits import (
    AT_ONCE,
    OPEN_MARKET,
    QUIV,
    TINY,
    each_day,
    economy,
    flow,
    last,
    record,
    steady_demand,
    total,
)
from experiments.validation.rows import Figure, TheoryRow, mean, near
from experiments.validation.theory_governance import burn_proposal, voted
from experiments.validation.theory_price import rich
from experiments.validation.theory_staking import balance, leaving_by_day
from model.economy import Economy
from model.formulas import queueing
from model.metrics import METRICS, Reading
from model.parameters.challenges import Challenges
from model.parameters.demand import Sizes
from model.parameters.emission import Emission
from model.parameters.governance import Governance
from model.parameters.jobs import Jobs
from model.parameters.latency import Latency
from model.parameters.matching import Matching
from model.parameters.population import Population
from model.parameters.pricing import Pricing
from model.parameters.providers import Providers
from model.parameters.staking import Staking
from model.parameters.supply import Supply
from model.parameters.validation import Validation

KNOWN = (
    (1, 0.8, 0.8, 4.0),
    (10, 0.8, 0.40918, 0.20459),
    (10, 0.9, 0.66873, 0.66873),
    (10, 0.95, 0.82559, 1.65117),
    (100, 0.8, 0.01965, 0.00098),
)
"""Servers, utilisation, share who wait, their mean wait in service times."""

PLAIN: dict[str, Any] = {"arrival_cv": 1.0, "service_cv": (1.0, 1.0, 1.0)}
TOKENS = 1e6
SERVICE_S = 2.0
ANYONE = Staking(tier_minimum_quiv=(0.0, 0.0, 0.0, 0.0))


def served_by(
    providers: int, utilisation: float, swing: float = 0.0, mix: Sizes = (1.0, 0.0, 0.0), **settings: Any
) -> Economy:
    """So many identical providers, whose capacity a fixed demand for small models uses to the given part."""
    capacity = TOKENS / providers / utilisation
    return economy(
        "demand",
        "settlement",
        "latency",
        days=2,
        population=Population(providers=providers, consumers=2, validators=1, holders=8),
        providers=Providers(capacity_tokens_per_day=capacity, capacity_growth=0.0, initial_online=1.0),
        staking=ANYONE,
        demand=steady_demand(1.0, size_mix=mix, daily_swing=swing),
        exogenous={"demand_tokens": np.array([TOKENS])},
        latency=Latency(**({**PLAIN, "service_s": (SERVICE_S, 5.0, 15.0), "patience_s": 60.0} | settings)),
    )


def _waiting() -> list[Figure]:
    found = []
    for servers, used, part, known in KNOWN:
        seen = record(served_by(servers, used), "wait_s", "congestion")
        wait = seen["wait_s"][-1] / SERVICE_S
        name = f"{servers} servers at {used:.0%}"
        found += [
            near(f"wait in service times, {name}", known, wait, 0.0, 1e-5),
            near(f"share who wait, {name}", part, wait * servers * (1.0 - seen["congestion"][-1]), 0.0, 1e-4),
        ]
    bursts = record(served_by(10, 0.8, arrival_cv=3.0), "wait_s")["wait_s"][-1] / SERVICE_S
    blocked = queueing.erlang_b(np.float64(10.0), np.float64(8.0))
    return [
        *found,
        near("the same of ten at 80 %, coefficient of variation of arrivals 3", 5.0 * 0.20459, bursts, 0.0, 5e-5),
        near("share lost without a queue, ten servers at 80 % (the formula beneath)", 0.12166, blocked, 0.0, 5e-6),
    ]


ENTRANTS = Population(providers=200, consumers=2, validators=1, holders=8, consumer_genesis_share=0.5)
SALE = Supply(allocation_share=OPEN_MARKET, tge_share=AT_ONCE)


def alike(cost_usd: float, capacity: float, **more: Any) -> Providers:
    """Identical providers, whose cost of a day is given in USD."""
    return Providers(
        capacity_tokens_per_day=capacity,
        capacity_growth=0.0,
        cost_usd_per_token=cost_usd / capacity,
        cost_decline=0.0,
        **({"margin": 0.0} | more),
    )


def open_network(providers: Providers, *on: str, days: int = 1500, **contracts: Any) -> Economy:
    """Anybody may serve; the token's price stands still."""
    always = ("entry", "demand", "market", "settlement", *on)
    given = {"population": ENTRANTS, "staking": ANYONE, "supply": SALE, "providers": providers}
    return economy(*always, days=days, **(given | contracts))


def _entry() -> list[Figure]:
    def number(case: Economy) -> float:
        return float(record(case, "active_providers")["active_providers"][-1])

    shrinking = open_network(
        alike(10.0, 1e8),
        "dynamic_pricing",
        exogenous={"demand_tokens": np.array([1e9])},
        pricing=Pricing(
            numeraire="quiv",
            supply_reading="providers",
            multiplier_low=1.0,
            multiplier_high=1.0,
            complexity=(1.0, 1.0, 1.0),
        ),
    )
    minted_usd, spending, cost = 19_178.0 / 50.0, 21_918.0 / 0.8 / 50.0, 10.0
    emission = Emission(yearly_quiv=(minted_usd / 0.1 * 365.0,) * 10, staking_share=0.0)
    paid = open_network(alike(cost, 1e8), "emission", emission=emission, demand=steady_demand(spending))
    return [
        near("providers where price falls as 1/N", 89.4, number(shrinking), 0.02),
        near(
            "providers at a fixed price, emission and demand a fiftieth of 4,110's", 4_110.0 / 50.0, number(paid), 0.02
        ),
    ]


HIGH = Pricing(numeraire="quiv", base_rate_quiv=10.0, complexity=(1.0, 1.0, 1.0))


def auction(bidders: int, days: int, capacity: float = 1e9, usd: float = 1.0, **contracts: object) -> Economy:
    """Providers alike but for their asks, at a token price of 0.10 USD."""
    size = Population(providers=bidders, consumers=2, validators=1, holders=8)
    same = Providers(
        capacity_tokens_per_day=capacity, capacity_growth=0.0, initial_online=1.0, cost_decline=0.0, margin=0.0
    )
    given: dict[str, Any] = {
        "population": size,
        "staking": ANYONE,
        "providers": same,
        "pricing": HIGH,
        "demand": steady_demand(usd),
        "matching": Matching(format="auction"),
    }
    return economy("demand", "market", "settlement", days=days, **(given | contracts))


def _auction() -> list[Figure]:
    rounds, bidders = 4000, 9
    costs = np.random.default_rng(27).uniform(0.0, 1.0, (rounds, bidders))

    def asks(state: State, params: State) -> None:
        params["agents.cost_usd"] = costs * 0.1

    end = last(each_day(auction(bidders, days=1), asks, rounds)).state
    winner = np.take_along_axis(costs, np.argmax(end["work_weight"], axis=-1)[:, None], axis=-1)[:, 0]
    return [
        mean("price of nine bidders", 0.2, end["paid_price_quiv"][:, 0], "QUIV"),
        mean("winner's cost", 0.1, winner, "QUIV"),
    ]


SHORT = Providers(capacity_tokens_per_day=5e5, capacity_growth=0.0, initial_online=1.0)
"""Three providers, 1.5 million tokens of compute a day."""

PAYMENTS = ("demand", "market", "settlement")


def metric_of(reading: Reading, metric: str) -> float:
    """A metric of one trajectory's day."""
    return float(np.asarray(METRICS[metric].read(reading))[0])


def wealthy(state: State, params: State) -> None:
    """Consumers whose wallets never run dry; the tokens are the treasury's."""
    for _ in range(10):
        rich(state, params)


def _little() -> list[Figure]:
    overloaded = economy(
        *PAYMENTS, "queue", days=60, demand=steady_demand(250.0), providers=SHORT, jobs=Jobs(expiry_days=5)
    )
    jobs = last(each_day(overloaded, wealthy))
    held_in = economy(
        *PAYMENTS, "escrow", days=30, demand=steady_demand(10.0), jobs=Jobs(challenge_hours=36.0, upheld_share=0.0)
    )
    escrow = last(each_day(held_in, wealthy))
    unbonding = list(leaving_by_day("linear", 1e-6, 63))
    left = balance(unbonding[-2], "delegated") - balance(unbonding[-1], "delegated")
    daily = [burn_proposal(day=day, value=0.5 + 0.001 * day) for day in range(60)]
    votes = list(each_day(voted(*daily, days=60, governance=Governance(deposit_quiv=0.0))))[35:]
    proposals = [metric_of(reading, "proposals_open") for reading in votes]
    unclaimed = economy(
        "emission",
        "rewards",
        days=30,
        emission=Emission(staking_share=1.0),
        staking=Staking(direct_share=1.0, delegator_share=0.0),
    )
    court = Challenges()
    stay = court.voting_days + max(court.appeal_days, 1)
    return [
        near(
            "jobs that wait, days of posted ones",
            5.0,
            metric_of(jobs, "pending_jobs") / metric_of(jobs, "posted_jobs"),
            0.01,
            unit="days",
        ),
        near(
            "escrow, days of payments",
            1.5,
            total(escrow, "consumer_escrow_nquiv") / flow(escrow, "payment"),
            0.01,
            unit="days",
        ),
        near(
            "unbonding in daily parts, days of exits",
            11.0,
            balance(unbonding[-1], "unbonding") / left,
            0.01,
            unit="days",
        ),
        near("open proposals, one a day", 28.0, np.mean(proposals), 0.01, unit="proposals"),
        near("open cases over cases opened a day", float(stay), _cases(), 0.01, unit="days"),
        near("unclaimed rewards", 0.0, _left_over(last(each_day(unclaimed))), 0.0, 1e-6, "QUIV"),
    ]


def _left_over(reading: Reading) -> float:
    return total(reading, "staking_rewards_nquiv") / QUIV


def _cases() -> float:
    """Days that a case is open, by how many are: accusations without reason, all rejected, none after day 100."""
    case = economy(
        *PAYMENTS,
        "challenges",
        "slashing",
        days=110,
        noise=True,
        population=TINY.model_copy(update={"providers": 2000, "validators": 10, "holders": 30}),
        challenges=Challenges(notice_share=0.0, watch_share=0.0, frivolous_per_day=20.0),
        validation=Validation(error=0.0, absence=0.0),
        demand=steady_demand(10.0),
        staking=ANYONE,
    )
    case_days, reading = 0.0, None
    for reading in each_day(case):
        case_days += metric_of(reading, "challenges_open")
        if int(reading.state["day"]) == 100:
            cast(State, reading.params)["challenges.frivolous_per_day"] = (
                0.0 * reading.params["challenges.frivolous_per_day"]
            )
    assert reading is not None
    return case_days / float(reading.state["cases_opened"].sum())


ROWS = (
    TheoryRow(
        "T23",
        "Waiting",
        "identical providers as servers, fixed demand, exponential services; a wait is by formula, not job by job",
        "Erlang 1917; Kingman 1961; Allen and Cunneen",
        _waiting,
    ),
    TheoryRow(
        "T26",
        "Free entry",
        "identical providers at 10 USD a day; a price that falls with their number, or emission and a fixed price",
        "Mankiw and Whinston 1986",
        _entry,
    ),
    TheoryRow(
        "T27",
        "Reverse auction",
        "nine costs uniform on [0, 1], 4,000 auctions of a day's demand",
        "Vickrey 1961",
        _auction,
    ),
    TheoryRow(
        "T29",
        "Little's law",
        "stationary queues: jobs, escrow, unbonding, proposals, cases, rewards",
        "Little 1961",
        _little,
        convention="Rewards are paid on the day on which they are due: nothing is ever unclaimed.",
    ),
)
