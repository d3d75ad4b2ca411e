"""Random numbers: their distribution, their independence, and that nothing but five names decides them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from model import draws

SEED = 11
MANY = 100_000
LEAST_P = 1e-4
MOST_CORRELATION = 0.015
"""Nearly five standard errors of a correlation of independent draws."""


def params(runs: Any = 0, seed: int = SEED, noise: float = 1.0) -> dict[str, Any]:
    return {"draws.key": draws.trajectory_key(seed, np.asarray(runs)), "draws.noise": np.asarray(noise)}


DAY = np.int64(5)


@pytest.mark.parametrize("seed", [0, 1, 2**63])
def test_uniform_over_agents_runs_and_days(seed: int) -> None:
    over_agents = draws.uniform(params(3, seed), "a", DAY, MANY)
    over_runs = draws.uniform(params(np.arange(MANY), seed), "a", DAY)
    over_days = np.array([draws.uniform(params(3, seed), "a", np.int64(day)) for day in range(5000)])
    for drawn in (over_agents, over_runs, over_days):
        assert drawn.min() > 0.0
        assert drawn.max() < 1.0
        assert stats.kstest(drawn, "uniform").pvalue > LEAST_P


def test_normal() -> None:
    drawn = draws.normal(params(np.arange(300)), "n", DAY, 300)
    assert stats.kstest(drawn.ravel(), "norm").pvalue > LEAST_P


@pytest.mark.parametrize("sigma", [0.0, 0.35, 1.2])
def test_lognormal_has_mean_one(sigma: float) -> None:
    drawn = draws.lognormal(params(np.arange(1000)), "l", DAY, np.asarray(sigma), 1000)
    error = np.sqrt(np.expm1(sigma**2) / drawn.size)
    assert drawn.mean() == pytest.approx(1.0, abs=5.0 * error + 1e-12)
    assert np.log(drawn).std() == pytest.approx(sigma, rel=0.01, abs=1e-12)


@pytest.mark.parametrize("probability", [0.0, 0.1, 0.5, 1.0])
def test_chance(probability: float) -> None:
    drawn = draws.chance(params(np.arange(1000)), "c", DAY, np.asarray(probability), 100)
    assert set(np.unique(drawn)) <= {0.0, 1.0}
    assert drawn.mean() == pytest.approx(probability, abs=5.0 * np.sqrt(0.25 / drawn.size) * (0.0 < probability < 1.0))


def _correlation(one: np.ndarray, other: np.ndarray) -> float:
    return float(abs(np.corrcoef(one.ravel(), other.ravel())[0, 1]))


def test_streams_days_agents_and_runs_are_independent() -> None:
    here = draws.uniform(params(3), "a", DAY, MANY)
    others = {
        "stream": draws.uniform(params(3), "b", DAY, MANY),
        "day": draws.uniform(params(3), "a", DAY + 1, MANY),
        "run": draws.uniform(params(4), "a", DAY, MANY),
        "seed": draws.uniform(params(3, SEED + 1), "a", DAY, MANY),
        "agent": np.roll(here, 1),
        "far agent": np.roll(here, 4096),
    }
    for what, other in others.items():
        assert _correlation(here, other) < MOST_CORRELATION, what
        assert len(np.intersect1d(here, other)) == (MANY if "agent" in what else 0), what


def test_runs_and_days_are_independent_in_pairs() -> None:
    table = np.stack([draws.uniform(params(np.arange(200)), "a", np.int64(day)) for day in range(200)])
    assert _correlation(table[1:], table[:-1]) < 5.0 / 200
    assert _correlation(table[:, 1:], table[:, :-1]) < 5.0 / 200
    assert _correlation(table, table.T) < 5.0 / 200


@pytest.mark.parametrize("agents", [0, 6])
def test_a_draw_does_not_depend_on_its_batch(agents: int) -> None:
    runs = np.array([5, 0, 77])
    sigma = np.asarray(0.4)
    kinds = {
        "uniform": lambda p: draws.uniform(p, "a", DAY, agents),
        "normal": lambda p: draws.normal(p, "a", DAY, agents),
        "lognormal": lambda p: draws.lognormal(p, "a", DAY, sigma, agents),
        "chance": lambda p: draws.chance(p, "a", DAY, np.asarray(0.3), agents),
    }
    for kind, drawn in kinds.items():
        together = drawn(params(runs))
        assert together.shape == (3, agents) if agents else (3,)
        for row, run in enumerate(runs):
            np.testing.assert_array_equal(drawn(params(run)), together[row], err_msg=kind)
    np.testing.assert_array_equal(
        draws.uniform(params(runs), "a", DAY, 9)[:, :6], draws.uniform(params(runs), "a", DAY, 6)
    )


def test_a_draw_is_a_pure_function() -> None:
    given = params(np.arange(4))
    given["draws.key"].setflags(write=False)
    first = draws.lognormal(given, "a", DAY, np.asarray(0.4), 5)
    np.random.seed(1)
    np.testing.assert_array_equal(draws.lognormal(given, "a", DAY, np.asarray(0.4), 5), first)
    np.testing.assert_array_equal(given["draws.key"], params(np.arange(4))["draws.key"])


@pytest.mark.parametrize("agents", [0, 3])
def test_without_noise_every_draw_is_its_mean(agents: int) -> None:
    still = params(np.arange(4), noise=0.0)
    shape = (4, agents) if agents else (4,)
    np.testing.assert_array_equal(draws.normal(still, "a", DAY, agents), np.zeros(shape))
    np.testing.assert_array_equal(draws.lognormal(still, "a", DAY, np.asarray(0.7), agents), np.ones(shape))
    np.testing.assert_array_equal(draws.chance(still, "a", DAY, np.asarray(0.3), agents), np.full(shape, 0.3))


def test_keys_do_not_collide() -> None:
    keys = np.concatenate([draws.trajectory_key(seed, np.arange(MANY)) for seed in (0, 1, 2)])
    assert len(np.unique(keys)) == 3 * MANY


def test_known_values() -> None:
    """Pinned: a change would silently give every published figure other shocks."""
    assert draws.stream("market.price/radius") == 0xBD72E16D13EF4F07
    assert int(draws.trajectory_key(1, np.int64(17))) == 0x1527C1FDC7B0C417
    assert float(draws.uniform(params(17, 1), "market.price", np.int64(3))) == 0.7627909518615317
