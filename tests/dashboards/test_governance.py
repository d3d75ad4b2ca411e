"""The governance chapter: proposals by outcome, and the fee controller's phase plot."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboards.figures.phase import medians, phase, phase_caption, rules_of
from dashboards.figures.proposals import FATES, proposals, proposals_caption
from dashboards.figures.template import subtitle_of
from dashboards.source import MissingMetricError

ENDS = {"executed": 6.0, "defeated": 3.0, "rejected": 1.0, "cancelled": 0.0, "open": 2.0}
"""What there is of each outcome on the last of thirty days; before, it grows in proportion."""


def long(values: dict[str, np.ndarray], n: int = 4) -> pd.DataFrame:
    """The long summary of metrics by day, from day 0; the mean is ten times the median."""
    return pd.concat(
        [
            pd.DataFrame({"design": 0, "day": range(len(y)), "metric": name, "n": n, "mean": 10.0 * y}).assign(
                **dict.fromkeys(("p05", "p25", "p50", "p75", "p95"), y)
            )
            for name, y in values.items()
        ],
        ignore_index=True,
    )


def counts(**last: float) -> pd.DataFrame:
    return long({f"proposals_{end}": np.linspace(0.0, 0.1 * last[end], 31) for end in last})


def trace(figure: go.Figure, start: str) -> go.Scatter:
    """The trace whose name starts so."""
    return next(t for t in figure.data if t.name.startswith(start))


def test_outcomes_stack_up_to_all_proposals() -> None:
    figure = proposals(counts(**ENDS), 0, "What became of proposals", "four trajectories")
    layers = [t for t in figure.data if t.stackgroup]
    assert [t.name for t in layers] == [name for name, _ in FATES.values()]
    np.testing.assert_allclose(np.sum([t.y for t in layers], axis=0), np.linspace(0.0, 12.0, 31), rtol=1e-6)
    np.testing.assert_allclose(trace(figure, "Open").y[-1], 2.0)
    assert "means across runs" in subtitle_of(figure)


def test_the_caption_says_what_became_of_proposals() -> None:
    text = proposals_caption(counts(**ENDS), 0)
    assert text == (
        "By day 30 a run has 12.0 proposals on average, 2.0 of them open. "
        "Of those that ended, 60 % executed, 30 % defeated, 10.0 % rejected, none cancelled by veto."
    )
    assert "nobody" in proposals_caption(counts(**dict.fromkeys(ENDS, 0.0)), 0)
    assert "none of which has ended" in proposals_caption(counts(**{**dict.fromkeys(ENDS, 0.0), "open": 1.0}), 0)


def test_an_outcome_that_is_missing_is_said() -> None:
    rows = counts(**ENDS)
    with pytest.raises(MissingMetricError, match="proposals_rejected"):
        proposals(rows[rows["metric"] != "proposals_rejected"], 0, "", "")


def path(days: int) -> pd.DataFrame:
    """Congestion of 1 on weekdays and 0.2 on weekends; the multiplier is the day number's hundredth, from one on."""
    day = np.arange(days + 1)
    return long({"congestion": np.where(day % 7 < 2, 0.2, 1.0), "fee_multiplier": 1.0 + day / 100.0})


def test_the_phase_plot_shows_the_medians_by_day_with_zone_and_clamps() -> None:
    figure = phase(path(70), 0, rules_of(None, {}), "Fee multiplier against congestion", "four trajectories")
    points = trace(figure, "Median of a day")
    assert list(points.marker.color) == list(range(1, 71))
    np.testing.assert_allclose(points.y, 1.0 + np.arange(1, 71) / 100.0, rtol=1e-3)
    assert set(points.x) == {0.2, 1.0}
    zone = trace(figure, "Dead zone, 0.3 to 0.8")
    assert (min(zone.x), max(zone.x)) == (0.3, 0.8)
    clamps = [t for t in figure.data if t.name.startswith("Clamps")]
    assert [t.y[0] for t in clamps] == [0.25, 4.0]
    assert [t.showlegend for t in clamps] == [True, False]
    assert figure.layout.yaxis.type == "log"
    assert 10 ** figure.layout.yaxis.range[0] < 0.25 < 4.0 < 10 ** figure.layout.yaxis.range[1]
    assert trace(figure, "Mean over a week").x[-1] == pytest.approx((5 * 1.0 + 2 * 0.2) / 7, abs=1e-4)
    assert "a point a day" in subtitle_of(figure)


def test_a_long_path_keeps_every_weekday_and_the_last_day() -> None:
    rows = path(1095)
    drawn = medians(rows, 0)
    assert drawn["day"].max() == 1095
    assert set(drawn["day"] % 7) == set(range(7))
    assert len(drawn) == 365
    assert "every third day" in subtitle_of(phase(rows, 0, rules_of(None, {}), "", ""))


def test_the_caption_counts_days_outside_the_zone() -> None:
    text = phase_caption(path(70), 0, rules_of(None, {}))
    assert "goes from 1.01 to 1.70 on day 70" in text
    assert "on 71 % of days, and below it on 29 %" in text


def test_a_controller_with_a_target_has_a_line() -> None:
    rules = rules_of({"fees.controller": "eip1559", "fees.controller_target": 0.6}, {})
    figure = phase(path(70), 0, rules, "", "")
    assert set(trace(figure, "Target").x) == {0.6}
    assert not any(t.name.startswith("Dead zone") for t in figure.data)
    assert "above its target on 71 % of days" in phase_caption(path(70), 0, rules)


def test_rules_are_those_of_the_setting_then_of_the_store() -> None:
    known = rules_of({"fees.congestion_high": 0.9, "fees.congestion_low": 0.4}, {"fees.congestion_low": 0.2})
    assert (known["fees.congestion_low"], known["fees.congestion_high"], known["fees.multiplier_high"]) == (0.2, 0.9, 4)


def test_a_phase_plot_needs_a_day_after_genesis() -> None:
    with pytest.raises(MissingMetricError, match="after genesis"):
        medians(path(0), 0)
