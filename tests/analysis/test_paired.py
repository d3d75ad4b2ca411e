"""Paired differences and convergence: by hand, and how much common random numbers take away."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.analysis.convergence import convergence, needed_runs, sizes
from experiments.analysis.paired import paired_differences

SPECS = [{"name": "price", "direction": "up"}, {"name": "supply", "direction": "down"}]


def outcomes(**columns: list[list[float]]) -> pd.DataFrame:
    """KPIs from a list a design point, one value a run."""
    points = len(next(iter(columns.values())))
    parts = []
    for design in range(points):
        values = {name: found[design] for name, found in columns.items()}
        n = len(next(iter(values.values())))
        parts.append(pd.DataFrame({"design": design, "run": np.arange(n)} | values))
    return pd.concat(parts, ignore_index=True)


def test_differences_of_one_two_and_three_by_hand() -> None:
    """Mean 2, standard error 1 / √3, Student's t of two degrees 4.303; all three runs better where up is."""
    frame = outcomes(price=[[1.0, 2.0, 3.0], [2.0, 4.0, 6.0]], supply=[[5.0] * 3, [5.0, 4.0, 6.0]])
    price, supply = (row for _, row in paired_differences(frame, SPECS, 0).iterrows())
    assert (price["design"], price["n"], price["value"], price["reference"]) == (1, 3, 4.0, 2.0)
    assert price["difference"] == 2.0
    assert [price["low"], price["high"]] == pytest.approx(
        [2 - 4.30265 / np.sqrt(3), 2 + 4.30265 / np.sqrt(3)], rel=1e-5
    )
    assert price["better"] == 1.0
    assert price["paired_sd"] == pytest.approx(1.0)
    assert price["marginal_sd"] == pytest.approx(np.sqrt(1.0 + 4.0))
    assert supply["better"] == pytest.approx(1 / 3)


def test_what_both_share_cancels_in_pairs() -> None:
    drawn = np.random.default_rng(3).normal(100.0, 10.0, 60)
    frame = outcomes(price=[drawn.tolist(), (drawn + 1.0).tolist()], supply=[[0.0] * 60] * 2)
    row = paired_differences(frame, SPECS, 0).iloc[0]
    assert row["paired_sd"] < 1e-9 < 12.0 < row["marginal_sd"]
    assert row["low"] == pytest.approx(1.0)


def test_only_runs_that_both_completed_are_paired() -> None:
    frame = outcomes(price=[[1.0, 2.0, 3.0], [2.0, np.nan, 4.0]], supply=[[0.0] * 3] * 2)
    assert paired_differences(frame, SPECS, 0).iloc[0]["n"] == 2
    assert paired_differences(frame[~((frame["design"] == 0) & (frame["run"] == 0))], SPECS, 0).iloc[0]["n"] == 1


def test_half_widths_fall_with_the_root_of_the_number_of_runs() -> None:
    values = [1.0, 3.0] * 80
    table = convergence(outcomes(price=[values], supply=[values]), SPECS[:1])
    assert table["n"].tolist() == [10, 20, 40, 80, 160] == sizes(160)
    assert table["mean"].tolist() == [2.0] * 5
    assert table["half"].iloc[-1] / table["half"].iloc[-2] == pytest.approx(np.sqrt(0.5), rel=0.02)
    assert table["needed"].isna().all()


def test_a_difference_is_wide_until_its_interval_is_half_of_it() -> None:
    """Differences of 1 ± 4 in ten runs are wide, and narrow from (half / 0.5)² times as many runs."""
    noise = np.tile([-4.0, 4.0], 5)
    frame = outcomes(price=[[0.0] * 10, (1.0 + noise).tolist(), [1.0] * 10], supply=[[0.0] * 10] * 3)
    table = convergence(frame, SPECS[:1], reference=0).set_index("design")
    half = table.loc[1, "half"]
    assert half == pytest.approx(2.262157 * np.std(noise, ddof=1) / np.sqrt(10), rel=1e-5)
    assert table.loc[1, "wide"]
    assert not table.loc[2, "wide"]
    assert table.loc[1, "needed"] == np.ceil(10 * (half / 0.5) ** 2)
    assert needed_runs(0.0, 1.0, 10) == np.inf


def test_no_difference_at_all_is_not_wide() -> None:
    table = convergence(outcomes(price=[[1.0] * 10] * 2, supply=[[0.0] * 10] * 2), SPECS[:1], reference=0)
    assert not table["wide"].item()
