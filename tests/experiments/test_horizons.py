"""Prices over months: estimators against what is known on paper of a random walk, an autoregression and a pendulum."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.statistics import resampled
from experiments.validation import stylised_facts
from experiments.validation.horizons import (
    fan,
    first_year_drift,
    spread,
    variance_ratio_of_runs,
    variance_ratio_over_runs,
    yearly_changes,
    yearly_spread,
    years_halved,
)
from experiments.validation.stylised_facts import Fact, JointFact

YEAR = 365
ESTIMATORS = (lambda p, q: float(variance_ratio_of_runs(p, q).mean()), variance_ratio_over_runs)


def walks(days: int, runs: int, phi: float = 0.0, drift: float = 0.0) -> NDArray[np.float64]:
    """Log prices whose daily changes are a stationary first-order autoregression of standard deviation 0.05."""
    noise = np.random.default_rng(3).normal(size=(days, runs))
    changes = np.empty((days, runs))
    changes[0] = noise[0]
    for day in range(1, days):
        changes[day] = phi * changes[day - 1] + np.sqrt(1.0 - phi**2) * noise[day]
    return np.concatenate([np.zeros((1, runs)), np.cumsum(0.05 * changes + drift, axis=0)])


@pytest.mark.parametrize("days", [20, 60, 180, 365])
def test_a_random_walk_has_a_variance_ratio_of_one(days: int) -> None:
    """Without the factor 1 - q / T the estimate within runs would be 0.67 at 365 of 1,095 days."""
    logs = walks(1095, 2000, drift=-0.002)
    ratios = variance_ratio_of_runs(logs, days)
    assert ratios.mean() == pytest.approx(1.0, abs=4.0 * ratios.std() / np.sqrt(2000) + 0.005)
    assert variance_ratio_over_runs(logs, days) == pytest.approx(1.0, abs=0.08)


@pytest.mark.parametrize("phi", [-0.3, 0.4])
@pytest.mark.parametrize("estimate", ESTIMATORS)
def test_an_autoregression_has_the_ratio_of_the_formula(phi: float, estimate: object) -> None:
    days = 10
    known = 1.0 + 2.0 * sum((1.0 - k / days) * phi**k for k in range(1, days))
    assert estimate(walks(2000, 400, phi), days) == pytest.approx(known, rel=0.02)  # type: ignore[operator]


@pytest.mark.parametrize("estimate", ESTIMATORS)
def test_a_price_that_comes_back_every_second_day_has_none(estimate: object) -> None:
    logs = np.zeros((101, 50))
    logs[1::2] = np.linspace(0.1, 1.0, 50)
    assert estimate(logs, 2) == pytest.approx(0.0, abs=1e-12)  # type: ignore[operator]


def test_what_all_runs_share_is_no_variance_over_runs() -> None:
    shared = np.sin(np.arange(501) / 20.0)[:, None]
    logs = walks(500, 30)
    assert variance_ratio_over_runs(logs + shared, 60) == pytest.approx(variance_ratio_over_runs(logs, 60), rel=1e-9)
    assert variance_ratio_of_runs(logs + shared, 60).mean() > 1.1 * variance_ratio_of_runs(logs, 60).mean()


@pytest.mark.parametrize("days", [0, 100, 365])
def test_a_horizon_beyond_the_series_is_answered(days: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 99"):
        variance_ratio_of_runs(walks(100, 2), days)
    with pytest.raises(ValueError, match="between 1 and 99"):
        variance_ratio_over_runs(walks(100, 2), days)


def test_changes_of_years() -> None:
    """Two runs: one falls by 1 a year, the other rises by 1, then by 3; the third year is not whole."""
    steps = np.repeat(np.asarray([[-1.0, 1.0], [-1.0, 3.0]]) / YEAR, YEAR, axis=0)
    logs = np.concatenate([np.zeros((1, 2)), np.cumsum(np.concatenate([steps, steps[:100]]), axis=0)])
    assert yearly_changes(logs) == pytest.approx(np.asarray([[-1.0, 1.0], [-1.0, 3.0]]))
    assert first_year_drift(logs) == pytest.approx(0.0, abs=1e-12)
    assert yearly_spread(logs) == pytest.approx(np.sqrt((2.0 + 8.0) / 2.0))
    assert years_halved(logs) == 0.5


def test_a_fan_of_normal_logs() -> None:
    """A log-normal price: the ratio of the quantiles is exp(2 * 1.645 sd)."""
    logs = np.random.default_rng(4).normal(0.3, 0.7, (1, 40_000))
    assert spread(logs) == pytest.approx(0.7, rel=0.02)
    assert fan(logs) == pytest.approx(np.exp(2.0 * 1.6449 * 0.7), rel=0.04)


def test_the_interval_of_a_mean_of_runs() -> None:
    values = np.random.default_rng(5).normal(size=(3, 100))
    low, high = resampled(lambda drawn: float(drawn[-1].mean()), values)
    error = values[-1].std() / 10.0
    assert (high - low) / 2.0 == pytest.approx(1.96 * error, rel=0.15)
    assert low < values[-1].mean() < high


def test_a_fact_counts_runs_and_a_joint_one_has_an_interval() -> None:
    paths = {"price_usd": np.exp(walks(400, 40))}
    each = Fact("last", 0.0, 1.0, lambda p: p["price_usd"][-1], "nobody").reading(paths)
    assert each.value == np.median(paths["price_usd"][-1])
    assert each.inside == np.count_nonzero(paths["price_usd"][-1] <= 1.0)
    joint = JointFact("spread", 0.0, 0.01, spread, "nobody").reading(paths)
    assert joint.value == pytest.approx(np.log(paths["price_usd"])[-1].std(ddof=1))
    assert joint.low < joint.value < joint.high
    assert joint.inside is None
    assert not joint.met


def test_a_fact_has_a_name_of_its_own_and_a_band() -> None:
    names = [fact.name for fact in stylised_facts.FACTS]
    assert len(names) == len(set(names))
    assert all(fact.low < fact.high and fact.source for fact in stylised_facts.FACTS)
