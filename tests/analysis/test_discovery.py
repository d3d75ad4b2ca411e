"""Scenario discovery on cases whose failing box is known."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.discovery import Box, cases, path_table, peel, select_box
from experiments.analysis.rules import rules
from experiments.errors import RequestError


def drawn(n: int = 4000, seed: int = 1) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(seed).uniform(size=(n, 4)), columns=list("abcd"))


def in_box(frame: pd.DataFrame) -> np.ndarray:
    return np.asarray((frame["a"] > 0.6) & (frame["b"] < 0.5))


def test_prim_finds_the_box_and_leaves_other_columns_alone() -> None:
    frame = drawn()
    box = select_box(peel(frame, in_box(frame)), coverage=0.9)
    assert set(box.limits) == {"a", "b"}
    assert box.limits["a"] == (pytest.approx(0.6, abs=0.03), np.inf)
    assert box.limits["b"] == (-np.inf, pytest.approx(0.5, abs=0.03))
    assert box.coverage > 0.9
    assert box.density > 0.95


def test_coverage_density_and_mass_are_shares_of_what_they_say() -> None:
    frame = drawn()
    fails = in_box(frame)
    for box in peel(frame, fails):
        inside = box.holds(frame)
        assert box.cases == inside.sum()
        assert box.mass == pytest.approx(inside.mean())
        assert box.density == pytest.approx(fails[inside].mean())
        assert box.coverage == pytest.approx((fails & inside).sum() / fails.sum())


def test_each_step_peels_a_slice_and_the_path_ends_at_the_smallest_box() -> None:
    frame = drawn(1000)
    noisy = in_box(frame) ^ (np.random.default_rng(2).uniform(size=len(frame)) < 0.2)
    path = path_table(peel(frame, noisy))
    shrink = path["mass"].to_numpy()[1:] / path["mass"].to_numpy()[:-1]
    assert np.all((shrink > 0.93) & (shrink < 0.97))
    assert (np.diff(path["coverage"]) <= 0.0).all()
    assert 0.05 <= path["mass"].iloc[-1] < 0.06
    assert path.iloc[0][["coverage", "mass", "box"]].tolist() == [1.0, 1.0, "everywhere"]


def test_noise_does_not_hide_the_box() -> None:
    frame = drawn()
    noisy = in_box(frame) ^ (np.random.default_rng(2).uniform(size=len(frame)) < 0.1)
    box = select_box(peel(frame, noisy), coverage=0.6)
    assert {"a", "b"} <= set(box.limits)
    assert box.density > 0.85


def test_settings_of_a_grid_and_words_are_peeled_whole() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"share": rng.choice([0.25, 0.5, 0.75], 900), "price": rng.choice(["pool", "gbm"], 900)})
    fails = np.asarray((frame["share"] == 0.75) & (frame["price"] == "pool"))
    box = select_box(peel(frame, fails))
    assert (box.coverage, box.density) == (1.0, 1.0)
    assert str(box) in (
        "share at least 0.75 and price = pool",
        "price = pool and share at least 0.75",
        "share at least 0.75 and not price = gbm",
        "not price = gbm and share at least 0.75",
    )


def test_a_tree_says_the_same_in_rules() -> None:
    frame = drawn()
    found = rules(frame, in_box(frame))
    assert found.iloc[0]["share"] == 1.0
    assert "a above 0.6" in found.iloc[0]["rule"]
    assert "b at most 0.5" in found.iloc[0]["rule"]
    assert found["cases"].sum() == len(frame)
    assert found["fails"].sum() == in_box(frame).sum()


def test_cases_join_settings_and_environments() -> None:
    design = pd.DataFrame({"design": [0, 1], "x": [0.1, 0.2], "today": [True, False]})
    kpis = pd.DataFrame({"design": [0, 0, 1, 1], "run": [0, 1, 0, 1], "y": [1.0, 2.0, 3.0, 4.0]})
    found = cases(design, kpis, pd.DataFrame({"run": [0, 1], "growth": [0.3, 0.4]}))
    assert found.to_dict("list") == {"x": [0.1, 0.1, 0.2, 0.2], "growth": [0.3, 0.4, 0.3, 0.4]}
    assert list(cases(design, kpis)) == ["x"]


def test_there_must_be_something_to_tell_apart() -> None:
    frame = drawn(50)
    with pytest.raises(RequestError, match="none of 50 cases fail"):
        peel(frame, np.zeros(50, bool))
    with pytest.raises(RequestError, match="all of 50 cases fail"):
        peel(frame, np.ones(50, bool))
    with pytest.raises(RequestError, match="nothing to bound a box by"):
        peel(frame.assign(a=1.0)[["a"]], np.arange(50) < 10)


def test_a_box_in_words() -> None:
    assert str(Box({"x": (0.25, 0.5)}, 1.0, 1.0, 1.0, 1)) == "x from 0.25 to 0.5"
