r"""Who can serve what, and who gets the work.

Theory: work goes by priority until a provider is full, and what a full one cannot take goes to the others (weighted
max-min fairness): with demand for 4 units, offers of 2, 2, 2 and priorities 1, 1, 4, the third serves 2 and the others
1 each. A size that finds no capacity is not served, however idle the others are. Downtime of 10 % takes a tenth of
capacity; reputation is 1000 times 0.7 success, 0.2 absence of penalties and 0.1 activity, and a name that has lasted
is worth what its owner does.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.genesis import State
from model.metrics import METRICS
from model.parameters.jobs import Jobs
from model.parameters.population import Population
from model.parameters.providers import Providers
from model.parameters.registry import Registry
from model.parameters.reputation import Reputation
from model.parameters.staking import Staking
from policies.award import allocate_by_priority
from policies.capacity import offer_always
from tests.economics.limits import QUIV, STEADY, by_day, economy, flow, last, record, steady_demand

TRADE = ("demand", "market", "settlement")


def shares(served: float, priorities: list[float], offers: list[float]) -> np.ndarray:
    """What each provider serves of a demand for one size."""
    state = {
        "offered_tokens": np.asarray([offers, [0.0] * len(offers)]),
        "provider_priority": np.asarray(priorities),
        "served_tokens": np.asarray([served, 0.0]),
        "paid_price_quiv": np.ones(2),
    }
    given: np.ndarray = allocate_by_priority({"pricing.complexity": np.ones(2)}, None, None, state)["work_weight"]
    return given


@pytest.mark.parametrize(
    ("served", "priorities", "expected"),
    [
        (3.0, [1.0, 1.0, 1.0], [1.0, 1.0, 1.0]),
        (3.0, [1.0, 1.0, 4.0], [0.5, 0.5, 2.0]),
        (4.0, [1.0, 1.0, 4.0], [1.0, 1.0, 2.0]),
        (4.5, [1.0, 2.0, 8.0], [5.0 / 6.0, 10.0 / 6.0, 2.0]),
        (5.0, [1.0, 2.0, 8.0], [1.0, 2.0, 2.0]),
        (6.0, [1.0, 2.0, 8.0], [2.0, 2.0, 2.0]),
        (3.0, [1.0, 0.0, 2.0], [1.0, 0.0, 2.0]),
        (0.0, [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]),
    ],
)
def test_work_goes_by_priority_within_capacity(served: float, priorities: list[float], expected: list[float]) -> None:
    np.testing.assert_allclose(shares(served, priorities, [2.0, 2.0, 2.0]), expected, rtol=1e-12)


@pytest.mark.parametrize("served", [1.0, 7.0, 30.0, 49.0])
def test_nobody_serves_more_than_it_can(served: float) -> None:
    draw = np.random.default_rng(3)
    offers, priorities = draw.uniform(0.0, 2.0, 50), draw.choice([1.0, 1.1, 1.25, 1.5], 50)
    given = shares(min(served, offers.sum()), list(priorities), list(offers))
    assert np.all(given <= offers)
    assert given.sum() == pytest.approx(min(served, offers.sum()), rel=1e-9)


def test_a_size_without_capacity_is_not_served() -> None:
    """Half of spending asks for small models, which nobody has: their jobs and half of the money come back."""
    none_small = STEADY.model_copy(update={"size_mix": (0.0, 0.5, 0.5)})
    case = economy(*TRADE, days=5, demand=steady_demand(10.0), providers=none_small)
    end = last(by_day(case))
    assert end.state["served_tokens"][0, 0] == 0.0
    np.testing.assert_allclose(end.state["served_tokens"][0, 1:], end.state["demand_tokens"][0, 1:])
    assert flow(end, "expiry_refund") == pytest.approx(0.5 * flow(end, "escrow_lock"), rel=1e-9)
    assert flow(end, "payment") == flow(end, "escrow_lock") - flow(end, "expiry_refund")


@pytest.mark.parametrize(("tier", "open_to"), [(0, 3), (1, 3), (2, 2), (3, 1), (4, 0)])
def test_large_models_are_open_from_a_tier_on(tier: int, open_to: int) -> None:
    """Three providers with 10,000, 50,000 and 250,000 QUIV; every tier may serve small and medium models."""
    case = economy(*TRADE, days=1, registry=Registry(large_model_tier=tier), demand=steady_demand(10.0))

    def of_three_tiers(state: State, params: State) -> None:
        stake = np.asarray([[10_000, 50_000, 250_000]], dtype=np.int64) * QUIV
        change = stake.sum() - state["provider_stake_nquiv"].sum()
        state["provider_stake_nquiv"], state["treasury_nquiv"] = stake, state["treasury_nquiv"] - change

    offered = last(by_day(case, of_three_tiers)).state["offered_tokens"][0]
    assert (offered > 0.0).sum(axis=-1).tolist() == [3, 3, open_to]


def test_providers_differ_in_what_they_can_do_and_together_have_the_mix() -> None:
    many = Population(providers=2000, consumers=2, validators=1, holders=8)
    case = economy(*TRADE, days=1, noise=True, population=many, providers=Providers(capacity_sigma=0.0))
    share = next(by_day(case)).params["agents.size_share"][0]
    np.testing.assert_allclose(share.sum(axis=0), 1.0)
    np.testing.assert_allclose(share.mean(axis=-1), (0.5, 0.3, 0.2), atol=0.03)
    assert share[0].std() > 0.05


def test_downtime_takes_its_share_of_capacity() -> None:
    """2,000 providers, a tenth of days down: capacity 90 %, uptime 90 %, within four standard errors."""
    many = Population(providers=2000, consumers=2, validators=1, holders=8)
    often = Providers(downtime=0.1, downtime_sigma=0.0, capacity_sigma=0.0, capacity_growth=0.0, initial_online=1.0)
    anyone = Staking(tier_minimum_quiv=(0.0, 0.0, 0.0, 0.0))
    case = economy(*TRADE, "outages", days=20, noise=True, population=many, providers=often, staking=anyone)
    taken = record(case, "capacity_tokens", "provider_uptime", "active_providers")
    error = 4.0 * np.sqrt(0.1 * 0.9 / 2000 / 20)
    assert taken["provider_uptime"][1:].mean() == pytest.approx(0.9, abs=error)
    assert taken["capacity_tokens"][1:].mean() / (2000 * 1.1e6) == pytest.approx(0.9, abs=error)
    assert np.all(taken["active_providers"] == 2000)


def test_a_name_comes_to_be_worth_what_its_owner_does() -> None:
    """One in five jobs of the first provider fails: after many memories 1000 (0.7 x 0.8 + 0.2 + 0.1) = 860."""

    def one_is_bad(state: State, params: State) -> None:
        params["agents.failure"] = np.asarray([[0.2, 0.0, 0.0]])

    named = Reputation(memory_days=5.0, influence=1.0)
    alike = Jobs(failure_share=0.0)
    case = economy(*TRADE, "failures", "reputation", days=100, reputation=named, jobs=alike, demand=steady_demand(10.0))
    end = last(by_day(case, one_is_bad))
    scores = METRICS["mean_reputation"].read(end)
    assert scores == pytest.approx((860.0 + 2 * 1000.0) / 3.0, rel=1e-6)
    priority = offer_always(end.params, None, None, end.state)["provider_priority"][0]
    np.testing.assert_allclose(priority, [0.86, 1.0, 1.0], rtol=1e-6)
    work = end.state["work_weight"][0]
    np.testing.assert_allclose(work / work[1], [0.86, 1.0, 1.0], rtol=1e-5)
    paid = end.state["provider_income_nquiv"][0]
    np.testing.assert_allclose(paid / paid[1], [0.86 * (1.0 - 0.5 * 0.2), 1.0, 1.0], rtol=1e-5)


def test_a_name_falls_by_e_in_a_memory() -> None:
    def all_bad(state: State, params: State) -> None:
        params["agents.failure"] = np.asarray([[1.0, 1.0, 1.0]])

    case = economy(*TRADE, "reputation", days=30, reputation=Reputation(memory_days=30.0), demand=steady_demand(10.0))
    end = last(by_day(case, all_bad))
    np.testing.assert_allclose(end.state["provider_success"], np.exp(-1.0), rtol=1e-12)
    np.testing.assert_allclose(end.state["provider_activity"], 1.0)


def test_who_wants_what_is_short_waits_and_who_does_not_is_served() -> None:
    """One consumer wants small models, the other large ones, of which there is capacity for half."""
    case = economy(
        *TRADE,
        days=3,
        demand=steady_demand(100.0),
        providers=STEADY.model_copy(update={"capacity_tokens_per_day": 1e6 / 3.0, "size_mix": (0.75, 0.0, 0.25)}),
    )

    def apart(state: State, params: State) -> None:
        params["agents.size_mix"] = np.asarray([[[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]])

    end = last(by_day(case, apart))
    served, wanted = end.state["served_nquiv"][0], end.state["ordered_tokens"][0]
    np.testing.assert_allclose(wanted[[0, 2], [0, 1]], [5e5, 5e4], rtol=1e-12)
    np.testing.assert_allclose(served / (500 * 10**9), [[1.0, 0.0], [0.0, 0.0], [0.0, 0.5]], rtol=1e-9, atol=1e-9)
    assert flow(end, "expiry_refund") == pytest.approx(250 * 10**9, rel=1e-9)


def test_consumers_respond_each_by_their_own_elasticity() -> None:
    """At twice the reference price spending is 2^(1 - eta) of the budget: 2, 1 and a half at 0, 1 and 2."""
    size = Population(providers=3, consumers=3, validators=1, holders=8)
    dear = steady_demand(3.0, reference_price_usd=5e-5)

    def three(state: State, params: State) -> None:
        params["agents.elasticity"] = np.asarray([[0.0, 1.0, 2.0]])

    end = last(by_day(economy("demand", days=1, population=size, demand=dear), three))
    np.testing.assert_allclose(end.state["spending_usd"] / end.state["budget_usd"], [[2.0, 1.0, 0.5]], rtol=1e-12)


def test_work_rewards_go_to_the_quick_and_the_good() -> None:
    """One is quick, two are not; one fails one job in five: weights 1.2 x 1.5, 1 x 1.5 and 1 x 1.4."""

    def apart(state: State, params: State) -> None:
        params["agents.slowness"] = np.asarray([[1.0, 3.0, 3.0]])
        state["provider_success"][...] = np.asarray([[1.0, 1.0, 0.8]])

    same_priority = Reputation(influence=0.0)
    case = economy(*TRADE, "emission", days=2, demand=steady_demand(10.0), reputation=same_priority)
    end = last(by_day(case, apart))
    paid = end.state["provider_income_nquiv"][0] - flow(end, "receipt_provider") / 3.0
    np.testing.assert_allclose(paid / paid.sum(), np.asarray([1.8, 1.5, 1.4]) / 4.7, rtol=1e-6)


def test_answers_come_at_the_speed_of_those_who_work() -> None:
    """One works twice as fast as usual, two half as fast: on average 1.5 times the time."""

    def apart(state: State, params: State) -> None:
        params["agents.slowness"] = np.asarray([[0.5, 2.0, 2.0]])

    case = economy(*TRADE, "latency", days=2, demand=steady_demand(1e-3))
    usual, slow = (last(by_day(case, change)).state["latency_s"][0] for change in (None, apart))
    np.testing.assert_allclose(slow, 1.5 * usual, rtol=1e-3)
