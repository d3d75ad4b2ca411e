r"""Providers come and go: free entry, and what it does to a price that falls with their number.

Theory: identical providers enter while a place pays, so their number settles where revenue covers cost, $N^* = R / c$.
Where the price of inference falls as $1/N$ and demand is a fixed number $D$ of tokens at a base rate $p_0$ of which
providers get a share $s$, each earns $s D p_0 / N^2$ and $N^* = \sqrt{s D p_0 / c}$ (free entry with a shrinking price,
as in Mankiw and Whinston 1986): 89.4 for $D = 10^9$, $p_0 = 0.001$, $s = 0.8$ and $c = 100$ QUIV a day.
"""

from __future__ import annotations

import numpy as np
import pytest

from experiments.engines.genesis import State
from experiments.validation.theory_jobs import alike, open_network
from model.economy import Economy
from model.parameters.pricing import Pricing
from model.parameters.providers import Providers
from tests.economics.limits import block, by_day, economy, last, record, steady_demand

PRICE = 0.1


@pytest.mark.parametrize(("spending", "cost", "start"), [(1000.0, 10.0, 1.0), (1000.0, 10.0, 0.1), (500.0, 4.0, 0.5)])
def test_their_number_settles_where_revenue_covers_cost(spending: float, cost: float, start: float) -> None:
    """Providers get 80 % of spending; from above and from below the same number remains, within 2 %."""
    case = open_network(alike(cost, 1e8, initial_online=start), demand=steady_demand(spending))
    number = record(case, "active_providers")["active_providers"]
    assert number[0] == pytest.approx(200 * start)
    assert number[-1] == pytest.approx(0.8 * spending / cost, rel=0.02)
    assert np.ptp(number[-200:]) < 0.01 * number[-1]


def test_a_margin_is_a_cost_to_who_would_enter() -> None:
    """Providers who ask for a quarter over cost are fewer by a fifth: 80 / 1.25 = 64."""
    case = open_network(alike(10.0, 1e8, initial_online=1.0, margin=0.25), demand=steady_demand(1000.0))
    assert record(case, "active_providers")["active_providers"][-1] == pytest.approx(64.0, rel=0.02)


def test_a_price_that_falls_with_their_number_halves_the_elasticity() -> None:
    """89.4 providers at 100 QUIV a day each; at four times the cost half as many."""
    found = []
    for cost in (10.0, 40.0):
        case = open_network(
            alike(cost, 1e8),
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
        found.append(record(case, "active_providers")["active_providers"][-1])
    assert found[0] == pytest.approx(89.44, rel=0.02)
    assert found[1] == pytest.approx(found[0] / 2.0, rel=0.02)


def test_with_noise_their_number_stays_near_the_same() -> None:
    same = alike(10.0, 1e8, entry_speed=0.05, capacity_sigma=0.0, cost_sigma=0.0)
    case = open_network(same, demand=steady_demand(1000.0, noise_sigma=0.0, budget_sigma=0.0), days=1200)
    noisy = Economy(**{**vars(case), "noise": True})
    number = record(noisy, "active_providers")["active_providers"]
    assert set(np.unique(number % 1.0)) == {0.0}
    assert number[-800:].mean() == pytest.approx(80.0, rel=0.05)


def test_without_revenue_everybody_leaves_and_costs_that_fall_bring_them_back() -> None:
    idle = open_network(alike(10.0, 1e8, entry_speed=1.0), demand=steady_demand(0.0), days=30)
    assert record(idle, "active_providers")["active_providers"][-1] < 1e-6
    falling = Providers(capacity_tokens_per_day=1e8, cost_usd_per_token=1e-7, cost_decline=0.3, capacity_growth=0.0)
    number = record(open_network(falling, demand=steady_demand(500.0)), "active_providers")["active_providers"]
    assert number[-1] > 1.5 * number[365]


def test_a_provider_who_left_unstakes_and_gets_no_work() -> None:
    def offline(state: State, params: State) -> None:
        state["provider_online"][..., 0] = 0.0

    case = economy("demand", "market", "settlement", "staking", days=60, demand=steady_demand(10.0))
    end = last(by_day(case, offline))
    assert end.state["provider_income_nquiv"][0, 0] == 0
    assert (end.state["provider_income_nquiv"][0, 1:] > 0).all()
    assert end.state["provider_stake_nquiv"][0, 0] < end.state["provider_stake_nquiv"][0, 1]


def test_nobody_online_changes_nothing() -> None:
    """Without capacity there is no income to judge by: the last one known stands."""
    case = open_network(alike(10.0, 1e8, initial_online=0.0), demand=steady_demand(100.0), days=3)
    assert block(case, "providers").mechanism == "entry"
    end = last(by_day(case))
    assert end.state["capacity_income_usd"][0] == 0.0
    assert end.state["provider_online"].sum() == 0.0
