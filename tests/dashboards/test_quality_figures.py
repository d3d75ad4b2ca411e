"""The composed figures on staking and quality draw the numbers of the store, and their captions say the same."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboards.figures.lines import CONDUCT, FLOWS, LOG_FLOOR, RUIN, YIELDS, lines, lines_caption, smoothed
from dashboards.figures.stacks import OUTCOMES, SLASHES, STAKE_BY_TIER, stacked, stacked_caption
from dashboards.figures.template import subtitle_of
from dashboards.source import MissingMetricError
from tests.dashboards.test_figures import trace

DAYS = np.arange(11)


def summary(values: dict[str, np.ndarray], design: int = 0, runs: int = 4) -> pd.DataFrame:
    """A summary in which the median is four fifths of the mean, and p05 and p95 half and twice it."""
    tables = []
    for metric, mean in values.items():
        head = {"design": design, "day": DAYS, "metric": metric, "n": runs, "mean": mean}
        spread = {"p05": mean / 2, "p25": mean, "p50": 0.8 * mean, "p75": mean, "p95": 2 * mean}
        tables.append(pd.DataFrame(head | spread))
    return pd.concat(tables)


SLASHED = {
    "slashed_quiv_downtime": 3e5 * DAYS,
    "slashed_quiv_degraded": 1e5 * DAYS,
    "slashed_quiv_garbage": 0.0 * DAYS,
    "slashed_quiv_validators": 100.0 * DAYS,
    "slashed_quiv": 4.001e5 * DAYS,
}
CASES = {"cases_upheld": 2.0 * DAYS, "cases_rejected": 6.0 * DAYS, "cases_overturned": 0.5 * DAYS}
CASES |= {"cases_lapsed": 0.0 * DAYS, "challenges_open": 0.0 * DAYS + 20.0}


def test_slashes_are_stacked_in_the_unit_of_the_axis() -> None:
    figure = stacked(summary(SLASHED), SLASHES, 0, "today")
    np.testing.assert_allclose(trace(figure, "Downtime").y, 0.3 * DAYS, rtol=1e-6)
    np.testing.assert_allclose(trace(figure, "Smaller models").y, 0.1 * DAYS, rtol=1e-6)
    np.testing.assert_allclose(trace(figure, "All slashes").y, 0.4001 * DAYS, rtol=1e-6)
    parts = [t for t in figure.data if t.stackgroup]
    np.testing.assert_allclose(sum(t.y for t in parts), trace(figure, "All slashes").y, rtol=1e-5)
    assert trace(figure, "All slashes").stackgroup is None
    assert figure.layout.yaxis.title.text == "Slashed so far, mean (million QUIV)"


def test_the_caption_of_slashes_says_the_last_day() -> None:
    said = stacked_caption(summary(SLASHED), SLASHES, 0).replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "On day 10, on average 4.001 million QUIV had been slashed: downtime 75.0 %; smaller models 25.0 %; "
        "validators under 0.1 %."
    )


def test_where_nothing_is_slashed_the_caption_says_so() -> None:
    nothing = summary(dict.fromkeys(SLASHED, 0.0 * DAYS))
    assert stacked_caption(nothing, SLASHES, 0) == "On day 10 nothing had been slashed in any run."
    assert stacked(nothing, SLASHES, 0, "today").layout.yaxis.range == (0.0, 1.0)


def test_overturned_rulings_are_beside_the_outcomes() -> None:
    rows = summary(CASES)
    figure = stacked(rows, OUTCOMES, 0, "today")
    assert [t.name for t in figure.data if t.stackgroup] == ["Upheld", "Rejected", "Lapsed, no quorum", "Still open"]
    assert trace(figure, "Rulings overturned on appeal").stackgroup is None
    said = stacked_caption(rows, OUTCOMES, 0).replace("\N{NO-BREAK SPACE}", " ")
    assert said == (
        "On day 10, on average 100 cases had been opened: rejected 60.0 %; upheld 20.0 %; still open 20.0 %. "
        "Rulings overturned on appeal: 5 cases."
    )


def test_settings_share_an_axis() -> None:
    both = pd.concat([summary(SLASHED), summary({m: 10 * v for m, v in SLASHED.items()}, design=1)])
    first, second = (stacked(both, SLASHES, design, "") for design in (0, 1))
    assert first.layout.yaxis.range == second.layout.yaxis.range
    assert first.layout.yaxis.range[1] == pytest.approx(1.05 * 40.01, rel=1e-6)


def test_a_part_that_the_store_lacks_is_named_and_none_at_all_is_refused() -> None:
    figure = stacked(summary({"stake_quiv_bronze": 1.0 * DAYS}), STAKE_BY_TIER, 0, "today")
    assert "not in this store: Silver, Gold, Platinum" in subtitle_of(figure)
    for draw, chosen in ((stacked, SLASHES), (stacked_caption, SLASHES), (lines, YIELDS), (lines_caption, YIELDS)):
        arguments = (summary(CASES), chosen, 0, "today") if draw in (stacked, lines) else (summary(CASES), chosen, 0)
        with pytest.raises(MissingMetricError, match="none of the metrics"):
            draw(*arguments)


def test_yields_are_medians_on_a_logarithmic_axis() -> None:
    """What is below the floor is a gap, not a line to nowhere."""
    rows = summary({"direct_apr": 0.625 + 0.0 * DAYS, "validator_apr": np.where(DAYS < 5, 0.0, 0.25)})
    figure = lines(rows, YIELDS, 0, "today")
    np.testing.assert_allclose(trace(figure, "Own stake of providers").y, 50.0)
    drawn = trace(figure, "Validators").y
    assert np.isnan(drawn[:5]).all()
    np.testing.assert_allclose(drawn[5:], 20.0, rtol=1e-6)
    assert figure.layout.yaxis.type == "log"
    low, high = figure.layout.yaxis.range
    assert low <= np.log10(100 * max(0.125, LOG_FLOOR))
    assert high >= np.log10(100.0)
    assert lines_caption(rows, YIELDS, 0).replace("\N{NO-BREAK SPACE}", " ") == (
        "On day 10: own stake of providers 50 %; validators 20 %."
    )


def test_who_cheats_and_who_is_ruined_are_means() -> None:
    """A share of the runs is a mean of noughts and ones; its median would hide it."""
    rows = summary({"cheating_providers": 0.3 * DAYS, "banned_providers": 0.1 * DAYS})
    rows["p50"] = 0.0
    np.testing.assert_allclose(trace(lines(rows, CONDUCT, 0, ""), "Cheat").y, 0.3 * DAYS, rtol=1e-6)
    assert lines_caption(rows, CONDUCT, 0) == "On day 10: cheat 3; banned 1."
    ruin = summary({"insurance_ruined": DAYS / 40})
    assert lines_caption(ruin, RUIN, 0).replace("\N{NO-BREAK SPACE}", " ") == (
        "On day 10: runs with an unpaid claim 25 %."
    )


def test_what_comes_on_single_days_is_a_mean_of_the_last_ones() -> None:
    once = summary({"claims_paid_quiv": np.where(DAYS == 4, 110.0, 0.0)})
    both = pd.concat([once, summary({"claims_paid_quiv": 1.0 + 0.0 * DAYS}, design=1)])
    found = smoothed(both, FLOWS)
    assert found[found["design"] == 0]["mean"].tolist() == pytest.approx([0.0] * 4 + [110 / n for n in range(5, 12)])
    assert (found[found["design"] == 1]["mean"] == 1.0).all()
    assert smoothed(both, CONDUCT) is both
    short = smoothed(once, replace(FLOWS, window=2))["mean"]
    assert short.tolist() == [0.0] * 4 + [55.0] * 2 + [0.0] * 5
