"""The stability maps: what the driven controllers do against what they do on paper."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from scipy.stats import norm

from experiments.validation.controller_maps import (
    DELAYS,
    ELASTICITIES,
    STARTS,
    MapPoint,
    always_settles_to,
    controller_map,
    drift,
    drive,
    most_elastic,
    never_settles_from,
    random_starts,
    zone_width,
)
from model.parameters.fees import Fees

FEES = Fees()
CONTROLLERS = ("spec", "points", "eip1559")


@cache
def found(controller: str) -> list[MapPoint]:
    return controller_map(controller)


@pytest.mark.parametrize("controller", CONTROLLERS)
def test_every_start_settles_sits_at_a_clamp_or_moves(controller: str) -> None:
    outcomes = found(controller)
    assert [(o.delay, o.elasticity) for o in outcomes] == [(d, e) for d in DELAYS for e in ELASTICITIES]
    for outcome in outcomes:
        assert outcome.settled + outcome.clamped + outcome.moving == pytest.approx(1.0)
        assert 1.0 <= outcome.swing <= 16.0 * (1.0 + 1e-9)
        assert (outcome.swing > 1.0) == (outcome.moving > 0.0)


def test_the_specs_controller_settles_without_delay_and_as_far_as_paper_says_with_one() -> None:
    for outcome in found("spec"):
        if outcome.delay == 0 or outcome.elasticity <= always_settles_to(FEES, outcome.delay):
            assert outcome.moving == 0.0, outcome
        if outcome.elasticity > never_settles_from(FEES, outcome.delay):
            assert outcome.settled == 0.0, outcome


def test_bounds_of_the_specs_controller() -> None:
    """ln(8/3) / -ln(0.95) = 19.12 steps down, over those that are taken blindly."""
    assert always_settles_to(FEES, 1) == pytest.approx(19.12 / 2, abs=5e-3)
    assert never_settles_from(FEES, 1) == pytest.approx(19.12, abs=5e-3)
    assert never_settles_from(FEES, 20) == pytest.approx(0.956, abs=5e-4)
    assert never_settles_from(FEES, 0) == np.inf
    assert zone_width(FEES, 2.0) == pytest.approx(0.4904, abs=5e-5)


def test_eip1559_converges_below_the_bound_of_its_linear_form_and_not_above() -> None:
    for outcome in found("eip1559"):
        bound = most_elastic(FEES, outcome.delay)
        if outcome.elasticity < 0.9 * bound:
            assert outcome.moving == 0.0, outcome
        if outcome.elasticity > 1.1 * bound:
            assert outcome.settled == 0.0, outcome
    assert most_elastic(FEES, 0) == pytest.approx(2.0 / 0.125)
    assert most_elastic(FEES, 1) == pytest.approx(1.0 / 0.125)


def test_points_are_coarser_than_factors() -> None:
    """A step up of 0.1 / 0.15 leaps over the zone without any delay."""
    points, factors = ({(o.elasticity, o.delay): o.moving for o in found(name)} for name in ("points", "spec"))
    assert all(points[key] >= factors[key] for key in points)
    assert points[20.0, 0] > 0.9 > factors[20.0, 0]


def test_random_starts_are_outside_the_zone_on_both_sides() -> None:
    start, level = random_starts(FEES, np.repeat([0.5, 5.0], STARTS))
    met = level * start ** -np.repeat([0.5, 5.0], STARTS)
    assert np.all((met > 0.8) | (met < 0.3))
    assert 0.3 < np.mean(met > 0.8) < 0.7
    np.testing.assert_array_equal(start[:STARTS], start[STARTS:])
    assert np.all((start >= 0.25) & (start <= 4.0))


def test_a_delay_shows_the_start_first_and_then_each_day_late() -> None:
    """Congestion falls with the day: at two days late the controller rises for two days more."""
    late = Fees(controller_delay_days=2)
    path = drive(lambda m: np.where(m > 1.05, 0.5, 0.9), 6, np.ones(1), late)
    np.testing.assert_allclose(path[:, 0], [1.0, 1.1, 1.21, 1.331, 1.331, 1.331, 1.331])
    path = drive(lambda m: np.where(m > 1.05, 0.5, 0.9), 6, np.ones(1), Fees())
    np.testing.assert_allclose(path[:, 0], [1.0, *[1.1] * 6])


@pytest.mark.parametrize("median", [0.2, 0.49, 0.8])
@pytest.mark.parametrize("sigma", [0.1, 0.5, 1.0])
def test_drift_is_the_chance_of_each_step_times_its_size(median: float, sigma: float) -> None:
    above = norm.sf(np.log(FEES.congestion_high / median) / sigma)
    below = norm.cdf(np.log(FEES.congestion_low / median) / sigma)
    expected = np.log1p(FEES.step_up) * above + np.log1p(-FEES.step_down) * below
    assert drift(median, sigma, FEES) == pytest.approx(expected, abs=5e-5)
