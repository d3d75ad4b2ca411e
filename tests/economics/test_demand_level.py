r"""The level of demand around the adoption curve: a walk that is a martingale.

Theory: steps of $s z - s^2 / 2$ in logs have $E[e^{\ell_t}] = 1$ for every $t$, and the spread of $\ell_t$ is $s
\sqrt{t}$, so $\sigma$ after a year and twice that after four.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from model.economy import Economy
from model.parameters.demand import Demand
from model.parameters.launch import Launch
from tests.economics.limits import YEAR, by_day, economy, steady_demand

RUNS, SIGMA = 2000, 2.0


def walking(days: int, noise: bool = True, **more: Any) -> Economy:
    """Consumers without a curve, a week or noise of their own, whose demand walks."""
    demand = steady_demand(100.0, **({"trend_sigma": SIGMA, "noise_sigma": 0.0} | more))
    return economy("demand", days=days, noise=noise, demand=demand)


@pytest.fixture(scope="module")
def path() -> np.ndarray:
    """The log level after each day in many runs, `(days + 1, runs)`."""
    return np.asarray([reading.state["demand_level"] for reading in by_day(walking(16), runs=RUNS)])


@pytest.mark.parametrize("days", [4, 16])
def test_the_level_is_a_martingale_whose_spread_grows_with_the_root_of_time(path: np.ndarray, days: int) -> None:
    found, sd = path[days], SIGMA * np.sqrt(days / YEAR)
    assert np.std(found) == pytest.approx(sd, abs=4.0 * sd / np.sqrt(2.0 * RUNS))
    assert np.mean(found) == pytest.approx(-0.5 * sd**2, abs=4.0 * sd / np.sqrt(RUNS))
    of_level = np.sqrt(np.expm1(sd**2))
    assert np.mean(np.exp(found)) == pytest.approx(1.0, abs=4.0 * of_level / np.sqrt(RUNS))


def test_steps_of_different_days_are_independent(path: np.ndarray) -> None:
    steps = np.diff(path, axis=0)
    assert abs(np.corrcoef(steps[1:].ravel(), steps[:-1].ravel())[0, 1]) < 4.0 / np.sqrt(steps[1:].size)


def test_every_budget_moves_with_the_level() -> None:
    readings = list(by_day(walking(10)))[1:]
    budgets = np.asarray([reading.state["budget_usd"][0] for reading in readings])
    level = np.exp([reading.state["demand_level"][0] for reading in readings])
    np.testing.assert_allclose(budgets / budgets[0], np.broadcast_to((level / level[0])[:, None], budgets.shape))
    assert np.ptp(level) > 0.05


@pytest.mark.parametrize("still", [walking(10, noise=False), walking(10, trend_sigma=0.0)])
def test_without_noise_or_spread_the_level_stays_at_the_curve(still: Economy) -> None:
    assert all(reading.state["demand_level"][0] == 0.0 for reading in by_day(still))


def test_demand_from_outside_has_no_level_of_its_own() -> None:
    given = economy("demand", days=5, noise=True, exogenous={"demand_tokens": np.asarray([1e6])})
    assert last_level(given) == 0.0


def test_the_level_walks_by_the_calendar_whenever_payments_begin() -> None:
    """What demand is on a day does not depend on when the network opens."""
    at_once, later = (
        last_level(economy("demand", days=6, noise=True, launch=Launch(payments_day=day))) for day in (0, 3)
    )
    assert at_once == later != 0.0


def last_level(case: Economy) -> float:
    """The log level at the end of the first run."""
    *_, end = by_day(case)
    return float(end.state["demand_level"][0])


def test_the_walk_is_the_same_whatever_demand_is() -> None:
    """Common random numbers: settings are compared at the same luck."""
    rich, poor = (
        last_level(economy("demand", days=6, noise=True, demand=Demand(budget_usd_per_day=usd))) for usd in (1.0, 1e3)
    )
    assert rich == poor != 0.0
