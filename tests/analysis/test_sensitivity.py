"""Sensitivity on functions whose indices are known, by the path that a sweep's KPIs take."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.evaluate import MissingOutcomeError, differences_from_today, distinct, with_fixed
from experiments.analysis.factors import Factor
from experiments.analysis.indices import indices
from experiments.analysis.screening import most_important, screen
from experiments.errors import RequestError
from tests.analysis.functions import (
    G_FUNCTION,
    ISHIGAMI,
    evaluated,
    g_function,
    g_shares,
    ishigami,
    ishigami_shares,
)

KNOWN = {
    "ishigami": (ISHIGAMI, ishigami, ishigami_shares()),
    "g": (G_FUNCTION, g_function, g_shares()),
}


@pytest.mark.parametrize("name", KNOWN)
def test_sobol_finds_the_shares_that_theory_gives(name: str) -> None:
    factors, function, (first, total) = KNOWN[name]
    found = indices(factors, evaluated(function), ["y"], samples=1024).set_index("factor")
    order = [factor.name for factor in factors]
    np.testing.assert_allclose(found.loc[order, "first"], first, atol=0.04)
    np.testing.assert_allclose(found.loc[order, "total"], total, atol=0.04)


@pytest.mark.parametrize("name", KNOWN)
def test_intervals_hold_the_shares(name: str) -> None:
    """At 95 % each, and few samples: nearly all of them."""
    factors, function, (first, total) = KNOWN[name]
    inside = []
    for seed in range(8):
        found = indices(factors, evaluated(function), ["y"], samples=256, seed=seed).set_index("factor")
        for share, column in ((first, "first"), (total, "total")):
            ends = found.loc[[factor.name for factor in factors], [f"{column}_low", f"{column}_high"]].to_numpy()
            inside += [low <= value <= high for value, (low, high) in zip(share, ends, strict=True)]
    assert np.mean(inside) > 0.85


def test_morris_ranks_the_g_function_by_its_weights() -> None:
    found = screen(G_FUNCTION, evaluated(g_function), ["y"], trajectories=40)
    assert found["factor"].tolist() == ["x1", "x2", "x3", "x4", "x5"]
    assert most_important(found, 2) == ["x1", "x2"]


def test_morris_of_a_plane_is_its_slopes() -> None:
    """In KPI units over the whole range, without spread: 3 · 10 and -2 · 4; a log factor by its logarithm."""
    factors = [Factor("x1", 0.0, 10.0), Factor("x2", 1.0, 5.0), Factor("x3", 1.0, 100.0, scale="log")]
    plane = evaluated(lambda p: (3.0 * p["x1"] - 2.0 * p["x2"] + 5.0 * np.log10(p["x3"])).to_numpy())
    found = screen(factors, plane, ["y"]).set_index("factor")
    assert found.loc[["x1", "x2", "x3"], "mu"].tolist() == pytest.approx([30.0, -8.0, 10.0])
    assert found.loc[["x1", "x2", "x3"], "mu_star"].tolist() == pytest.approx([30.0, 8.0, 10.0])
    np.testing.assert_allclose(found["sigma"], 0.0, atol=1e-9)


def test_the_seed_decides_and_zero_is_one_too() -> None:
    tables = [indices(ISHIGAMI, evaluated(ishigami), ["y"], samples=16, seed=seed) for seed in (0, 0, 1)]
    pd.testing.assert_frame_equal(tables[0], tables[1])
    assert not tables[0].equals(tables[2])


def test_the_difference_that_a_decision_makes_is_another_question() -> None:
    """KPI 10·e + c·e: almost all is the environment's; of the difference from c = 0, e and c have equal shares."""
    factors = [Factor("c", 0.0, 1.0), Factor("e", 0.0, 1.0)]
    plain = evaluated(lambda p: (10.0 * p["e"] + p["c"] * p["e"]).to_numpy())
    whole = indices(factors, plain, ["y"], samples=512).set_index("factor")
    apart = indices(factors, differences_from_today(plain, {"c": 0.0}), ["y"], samples=512).set_index("factor")
    assert whole.loc["e", "first"] > 0.98
    assert apart.loc[["c", "e"], "first"].tolist() == pytest.approx([3 / 7, 3 / 7], abs=0.04)
    assert apart.loc[["c", "e"], "total"].tolist() == pytest.approx([4 / 7, 4 / 7], abs=0.04)


def test_the_difference_is_run_by_run() -> None:
    points = pd.DataFrame({"c": [0.5, 2.0], "e": [1.0, 3.0]})
    found = differences_from_today(evaluated(lambda p: (p["c"] * p["e"]).to_numpy()), {"c": 1.0, "other": 9.0})(points)
    assert found["design"].tolist() == [0, 0, 1, 1]
    assert found["y"].tolist() == [-0.5, -0.5, 3.0, 3.0]


def test_points_that_are_alike_are_evaluated_once() -> None:
    asked: list[int] = []

    def counting(points: pd.DataFrame) -> pd.DataFrame:
        asked.append(len(points))
        return evaluated(lambda p: p["x"].to_numpy())(points)

    points = pd.DataFrame({"x": [1.0, 2.0, 1.0, 1.0], "word": ["a", "a", "a", "b"]})
    found = distinct(counting)(points)
    assert asked == [3]
    pd.testing.assert_frame_equal(found, evaluated(lambda p: p["x"].to_numpy())(points), check_dtype=False)


def test_held_columns_are_the_same_at_every_point() -> None:
    found = with_fixed(evaluated(lambda p: (p["x"] * p["b"]).to_numpy(), runs=1), {"b": 3.0})(
        pd.DataFrame({"x": [1.0, 2.0]})
    )
    assert found["y"].tolist() == [3.0, 6.0]


Spoil = Callable[[pd.DataFrame], pd.DataFrame]
SPOILED: dict[str, tuple[Spoil, str]] = {
    "no value": (
        lambda f: f.assign(y=f["y"].where(f.index != 7)),
        r"design point 3 \(x1 .*\), run 1: KPI y has no value",
    ),
    "infinite": (
        lambda f: f.assign(y=f["y"].where(f.index != 7, np.inf)),
        "design point 3 .* run 1: KPI y has no value",
    ),
    "no values": (
        lambda f: f.assign(y=f["y"].where(f.index != 7), other=f["other"].where(f.index != 7)),
        "design point 3 .*: run 1 did not finish",
    ),
    "no row": (lambda f: f.drop(index=4), "design point 2 .*: run 0 did not finish"),
    "no point": (lambda f: f[f["design"] != 5], "design point 5 .*: run 0 did not finish"),
    "nothing": (lambda f: f[f["design"] < 0], "design point 0 .*: no run finished"),
}


@pytest.mark.parametrize("how", SPOILED)
@pytest.mark.parametrize("method", [screen, indices])
def test_what_is_missing_is_refused_by_name(how: str, method: Callable[..., pd.DataFrame]) -> None:
    spoil, words = SPOILED[how]
    plain = evaluated(ishigami)
    with pytest.raises(MissingOutcomeError, match=words):
        method(ISHIGAMI, lambda points: spoil(plain(points)), ["y"])


def test_a_kpi_that_nothing_moves_has_no_indices() -> None:
    with pytest.raises(RequestError, match=r"KPI y: the same at every point \(2\)"):
        indices(ISHIGAMI, evaluated(lambda p: np.full(len(p), 2.0)), ["y"])
    found = screen(ISHIGAMI, evaluated(lambda p: np.full(len(p), 2.0)), ["y"])
    assert found["mu_star"].tolist() == [0.0] * 3
    assert len(most_important(found, 2)) == 2


def test_wrong_requests() -> None:
    with pytest.raises(RequestError, match="samples: found 100; allowed: a power of two"):
        indices(ISHIGAMI, evaluated(ishigami), ["y"], samples=100)
    with pytest.raises(RequestError, match="found x1 with more than one value; allowed: at least two"):
        screen(ISHIGAMI[:1], evaluated(ishigami), ["y"])


def test_values_and_places_of_a_factor() -> None:
    whole, words = Factor("w", 7.0, 28.0, whole=True), Factor("p", levels=("pool", "gbm", "jumps"))
    assert [whole.value(place) for place in (0.0, 0.5, 1.0)] == [7, 18, 28]
    assert isinstance(whole.value(0.5), int)
    assert [words.value(place) for place in (0.0, 0.34, 0.99, 1.0)] == ["pool", "gbm", "jumps", "jumps"]
    log = Factor("l", 1.0, 100.0, scale="log")
    assert log.value(0.5) == pytest.approx(10.0)
    assert log.place(10.0) == pytest.approx(0.5)
    assert (log.distance(1.0, 100.0), words.distance("pool", "jumps"), words.distance("gbm", "gbm")) == (1.0, 1.0, 0.0)
