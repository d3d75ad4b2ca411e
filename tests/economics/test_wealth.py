"""Wealth adds up: what somebody gets for tokens somebody else pays, and capital that comes is nobody's gain.

Theory: one auction pays what it takes in, so the cash of all who trade, the pool's, speculators', the maker's and the
treasury's included, changes by what agents pay outside: hardware, tasks, transactions. Investors' purse changes by what
their class got for tokens, and by the capital that came or left; what contributors need they spend.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from experiments.inputs.scenario import load_scenario
from model.arrays import to_quiv
from model.economy import Economy
from model.metrics import METRICS, Reading
from model.parameters import Parameters
from model.parameters.channels import Channels
from model.parameters.maker import Maker
from model.parameters.market import Market
from model.parameters.providers import Providers
from model.parameters.validation import Validation
from tests.economics.limits import by_day, economy, flow, steady_demand

CASH = ("pool_usd", "lp_cash_usd", "treasury_usd", "maker_usd")
FREE = Parameters(
    providers=Providers(cost_usd_per_token=0.0),
    channels=Channels(transaction_cost_usd=0.0),
    validation=Validation(task_cost_usd=0.0),
    maker=Maker(budget_quiv=1e6, budget_usd=1e5),
)
WEALTH = (*(name for name in METRICS if name.startswith("wealth_usd_")), "speculator_wealth_usd")


def cash(reading: Reading) -> float:
    """USD of everybody but investors, whose purse is their class's cash seen from outside."""
    sides = reading.state["cash_usd"].sum() + reading.state["speculator_cash_usd"].sum()
    return float(sides) + sum(float(reading.state[name][0]) for name in CASH)


def traded(days: list[Reading]) -> np.ndarray:
    """The same of each day without the capital that has come for speculators so far."""
    came = np.cumsum([reading.state["speculator_inflow_usd"].sum() for reading in days])
    return np.asarray([cash(reading) for reading in days]) - came


def test_whatever_is_paid_somebody_gets() -> None:
    """A whole economy with nothing to pay outside, a maker and a fire sale."""
    case = replace(load_scenario("fire_sale"), days=60, parameters=FREE)
    days = list(by_day(case))
    assert abs(days[-1].state["cash_usd"]).sum() > 1e5
    np.testing.assert_allclose(traded(days), cash(days[0]), rtol=0.0, atol=1e-3)


def test_all_wealth_is_all_tokens_and_all_cash() -> None:
    days = list(by_day(Economy(days=40)))
    for reading in (days[0], days[-1]):
        wealth = sum(float(METRICS[name].read(reading)[0]) for name in WEALTH)
        tokens = float(METRICS["supply_quiv"].read(reading)[0]) * float(reading.state["price_usd"][0])
        assert wealth == pytest.approx(tokens + cash(reading), rel=1e-12)


def test_what_is_lost_is_what_hardware_costs() -> None:
    """Three providers with six million tokens of daily capacity at a known cost: a hundredth of a USD a thousand."""
    busy = Providers(
        capacity_tokens_per_day=2e6, capacity_growth=0.0, initial_online=1.0, cost_usd_per_token=1e-5, cost_decline=0.0
    )
    market = Market(price_process="pool")
    case = economy("demand", "market", "price", days=10, market=market, providers=busy, demand=steady_demand(500.0))
    days = list(by_day(case))
    assert traded(days)[-1] - cash(days[0]) == pytest.approx(-10 * 60.0, rel=1e-6)


def test_investors_have_what_came_and_what_they_got_for_tokens() -> None:
    days = list(by_day(Economy(days=90)))
    moved = 0.0
    for before, after in pairwise(days):
        came = after.state["investor_inflow_usd"].sum(axis=-1)
        got = after.state["cash_usd"][..., -1] - before.state["cash_usd"][..., -1]
        spent = to_quiv(before.state["contributors_nquiv"]) * before.params["pool.contributor_sell_share"]
        spent = spent * after.state["batch_price_usd"]
        purse = after.state["investor_cash_usd"].sum(axis=-1) - before.state["investor_cash_usd"].sum(axis=-1)
        np.testing.assert_allclose(purse, came + got - spent, rtol=0.0, atol=1e-2)
        moved += abs(float(got[0]))
    assert moved > 1e5
    assert flow(days[-1], "holder_sale") + flow(days[-1], "holder_purchase") > 0
