"""Settings judged by several KPIs at once, and how a KPI is spread: points, fronts and heights are the numbers."""

from __future__ import annotations

import numpy as np
import pytest

from dashboards.figures.distribution import distribution
from dashboards.figures.parallel import parallel_lines
from dashboards.figures.runway import METRIC, runway, runway_caption
from dashboards.figures.template import titled
from dashboards.figures.tradeoff import trade_off
from dashboards.labels import Labels
from dashboards.qualify import criteria, criteria_table, undominated
from dashboards.site.tradeoffs import Judged, trade_off_panels
from dashboards.source import Store
from experiments.words import scale_for

TODAY = 4


def test_a_line_stands_at_each_value_between_the_ends_of_its_axis(store: Store, labels: Labels) -> None:
    judged = Judged.of(store, labels)
    shown = criteria(judged)
    frame = criteria_table(judged, shown)
    figure = parallel_lines(frame, shown, labels, TODAY)
    assert len(figure.data) == 9
    today = figure.data[-1]
    assert today.name == labels.short[TODAY]
    for place, column in enumerate(shown):
        values = frame[column.key]
        due = (values[TODAY] - values.min()) / (values.max() - values.min())
        assert today.y[place] == pytest.approx(due)
    ends = [note.text for note in figure.layout.annotations if note.x == 0]
    assert ends == ["30", "70"]


def test_the_front_is_what_no_other_setting_beats_in_both(store: Store, labels: Labels) -> None:
    judged = Judged.of(store, labels)
    by_key = {column.key: column for column in criteria(judged)}
    across, up = by_key["staking_end"], by_key["treasury_end"]
    frame = criteria_table(judged, list(by_key.values()))
    everything = np.ones(len(frame), dtype=bool)
    best = undominated(frame, everything, across, up)
    points = frame[["staking_end", "treasury_end"]].to_numpy()
    beaten = [any((other >= mine).all() and (other > mine).any() for other in points) for mine in points]
    assert list(best) == [not lost for lost in beaten]
    figure = trade_off(frame, across, up, everything, best, labels, TODAY, "Today")
    marked = next(trace for trace in figure.data if trace.name == "None is better in both")
    assert list(marked.customdata) == list(frame["design"][best])
    ring = next(trace for trace in figure.data if trace.name == "Today")
    assert ring.x[0] == pytest.approx(100.0 * frame["staking_end"][TODAY])


def test_pairs_of_kpis_with_a_direction_are_drawn(store: Store, labels: Labels) -> None:
    names = [panel.id for panel in trade_off_panels(store, labels, TODAY)]
    assert names[0] == "parallel"
    assert len(names) == 1 + 3  # Three of the four KPIs have a direction.


def test_half_of_the_runs_lie_at_or_below_the_median() -> None:
    values = np.array([5.0, 1.0, 3.0, 2.0, 4.0])
    drawn = titled(distribution({"a": values}, "x", scale_for("USD", values)), "t", "s").data[0]
    assert list(drawn.x) == [1.0, 2.0, 3.0, 4.0, 5.0]
    assert drawn.y[2] == 60.0


def test_a_runway_is_drawn_on_a_log_axis_with_its_marks(store: Store, labels: Labels) -> None:
    rows = store.summary[store.summary["metric"] == "treasury_quiv"].assign(metric=METRIC)
    for name, days in (("p05", 0.0), ("p25", 30.0), ("p50", 400.0), ("p75", 900.0), ("p95", 36_500.0)):
        rows[name] = days
    figure = runway(rows, TODAY, labels, "Runway", "s")
    assert figure.layout.yaxis.type == "log"
    assert min(min(trace.y) for trace in figure.data) == 1.0
    assert {note.text for note in figure.layout.annotations} == {"a month", "a year", "ten years"}
    assert "400 days" in runway_caption(rows, TODAY)
