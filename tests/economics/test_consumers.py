"""The outside option, satisfaction and churn.

Theory: a logit choice on log prices halves demand where prices are equal and becomes all or nothing as it gets steeper
(McFadden 1974). Under an experience u that never changes, an exponential average is u + (S0 - u) e^(-t / tau). Above
its tolerance nobody leaves; below it, by a gap that stays, demand decays by the same part every day.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.genesis import State
from model.metrics import METRICS, Reading
from model.parameters.jobs import Jobs
from model.parameters.outside import Outside
from model.parameters.providers import Providers
from model.parameters.satisfaction import Satisfaction
from tests.economics.limits import by_day, economy, last, record, steady_demand

SERVED = ("demand", "market", "settlement")
PRICE_USD = 1e-4
"""A small-model token at the base rate 0.001 QUIV and 0.10 USD."""

ONLY_JOBS = (0.0, 0.0, 1.0)


def tolerant(state: State, params: State) -> None:
    """Consumers who all turn away below a satisfaction of 0.6."""
    params["agents.tolerance"] = np.full_like(params["agents.tolerance"], 0.6)


def judged(chance: float, days: int, **more: float) -> list[Reading]:
    """Days on which a given share of jobs fails and nothing else counts."""
    given = Satisfaction(**{"weights": ONLY_JOBS, "memory_days": 10.0, **more})
    jobs = Jobs(failure_share=chance, tokens_per_job=(1.0, 1.0, 1.0))
    on = (*SERVED, "failures", "satisfaction")
    case = economy(*on, days=days, demand=steady_demand(10.0), jobs=jobs, satisfaction=given)
    return list(by_day(case, tolerant))


def share(price_ratio: float, switching: float) -> float:
    """The outside option's share, its price a multiple of the network's."""
    given = Outside(price_usd=PRICE_USD * price_ratio, decline=0.0, switching=switching)
    case = economy("demand", "outside_option", days=1, demand=steady_demand(10.0), outside=given)
    return float(last(by_day(case)).state["outside_share"][0])


def test_at_the_same_price_half_goes_elsewhere() -> None:
    assert share(1.0, 4.0) == pytest.approx(0.5, rel=1e-12)
    assert share(2.0, 4.0) == pytest.approx(1.0 / 17.0, rel=1e-12)
    assert share(0.5, 4.0) == pytest.approx(16.0 / 17.0, rel=1e-12)


def test_a_steep_choice_is_all_or_nothing() -> None:
    assert share(1.1, 50.0) < 0.01
    assert share(0.9, 50.0) > 0.99


def test_what_stays_is_demanded() -> None:
    given = Outside(price_usd=2.0 * PRICE_USD, decline=0.0)
    with_choice = economy("demand", "outside_option", days=1, demand=steady_demand(10.0), outside=given)
    captive = economy("demand", days=1, demand=steady_demand(10.0), outside=given)
    seen = [record(case, "demand_tokens")["demand_tokens"][1] for case in (with_choice, captive)]
    assert seen[0] / seen[1] == pytest.approx(16.0 / 17.0, rel=1e-12)


def test_given_demand_knows_no_outside_option() -> None:
    path = {"demand_tokens": np.asarray([1e6])}
    case = economy("demand", "outside_option", days=3, exogenous=path)
    taken = record(case, "demand_tokens", "outside_share")
    np.testing.assert_allclose(taken["demand_tokens"][1:], 1e6, rtol=1e-12)
    assert not taken["outside_share"].any()


def test_satisfaction_approaches_experience_exponentially() -> None:
    """Two fifths of the jobs fail: 0.6 + 0.4 e^(-t / 10) for ever above a tolerance of 0.6, and nobody leaves."""
    seen = judged(0.4, 50)
    found = [reading.state["satisfaction"][0, 0] for reading in seen]
    np.testing.assert_allclose(found, 0.6 + 0.4 * np.exp(-np.arange(51) / 10.0), rtol=1e-4)
    assert all((reading.state["consumer_active"] == 1.0).all() for reading in seen if reading.state["day"] < 40)


def test_the_dissatisfied_leave_geometrically() -> None:
    """At a satisfaction of 0.2 for ever, with a speed of 0.5, a fifth of what is left leaves each day."""

    def gloomy(state: State, params: State) -> None:
        tolerant(state, params)
        state["satisfaction"][...] = 0.2

    jobs = Jobs(failure_share=0.8, tokens_per_job=(1.0, 1.0, 1.0))
    given = Satisfaction(weights=ONLY_JOBS, churn_speed=0.5)
    on = (*SERVED, "failures", "satisfaction")
    case = economy(*on, days=10, demand=steady_demand(10.0), jobs=jobs, satisfaction=given)
    seen = list(by_day(case, gloomy))
    left = [reading.state["consumer_active"][0, 0] for reading in seen]
    np.testing.assert_allclose(left, 0.8 ** np.arange(11), rtol=2e-3)
    budgets = [reading.state["budget_usd"][0].sum() for reading in seen[1:]]
    np.testing.assert_allclose(budgets, 10.0 * np.asarray(left[:-1]), rtol=1e-12)


def test_those_who_left_come_back() -> None:
    def gone(state: State, params: State) -> None:
        tolerant(state, params)
        state["consumer_active"][...] = 0.0

    given = Satisfaction(weights=ONLY_JOBS, return_speed=0.25)
    case = economy(*SERVED, "satisfaction", days=10, demand=steady_demand(10.0), satisfaction=given)
    back = [reading.state["consumer_active"][0, 0] for reading in by_day(case, gone)]
    np.testing.assert_allclose(back, 1.0 - 0.9 ** np.arange(11), rtol=1e-9)


def test_an_outage_is_remembered() -> None:
    """Nobody serves: satisfaction falls towards zero, consumers leave, every figure stays finite."""
    nobody = Providers(initial_online=0.0)
    given = Satisfaction(weights=ONLY_JOBS)
    on = (*SERVED, "queue", "failures", "escrow", "channels", "latency", "satisfaction", "outside_option")
    seen = list(by_day(economy(*on, days=60, demand=steady_demand(250.0), providers=nobody, satisfaction=given)))
    assert seen[-1].state["satisfaction"].max() < 0.05
    assert seen[-1].state["consumer_active"].max() < 0.5
    assert all(np.isfinite(METRICS[name].read(seen[-1])).all() for name in METRICS)


def test_nobody_is_judged_by_jobs_that_were_not_asked_for() -> None:
    case = economy(
        *SERVED, "satisfaction", days=9, demand=steady_demand(0.0), satisfaction=Satisfaction(weights=ONLY_JOBS)
    )
    assert (record(case, "consumer_satisfaction")["consumer_satisfaction"] == 1.0).all()
