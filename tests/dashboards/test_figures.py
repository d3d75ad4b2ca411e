"""The figures show the numbers they claim to show."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest

from dashboards.contrasts import Verdict
from dashboards.figures.fan import HALF, NINE_IN_TEN, fan, fan_caption, time_title
from dashboards.figures.heatmap import GridError, heat_caption, heat_cells, heat_verdicts, heatmap
from dashboards.figures.lorenz import NAMES, lorenz, lorenz_caption
from dashboards.figures.paired import (
    NOISE,
    SAME,
    SINGLE,
    paired_caption,
    paired_differences,
    paired_figure,
    verdict_groups,
)
from dashboards.figures.supply_stack import supply_stack
from dashboards.figures.template import CONFIG, subtitle_of
from dashboards.labels import Labels
from dashboards.source import MissingMetricError, Store, every, series

TODAY = 4


def trace(figure: go.Figure, name: str) -> go.Scatter:
    """The trace of that name."""
    return next(t for t in figure.data if t.name == name)


def test_a_band_is_the_quantile_in_the_unit_of_the_axis(store: Store, labels: Labels) -> None:
    figure = fan(store.summary, "supply_quiv", TODAY, labels, "Supply", "today")
    rows = series(store.summary, "supply_quiv", TODAY)
    for name, column in (
        (NINE_IN_TEN, "p95"),
        (f"{NINE_IN_TEN}, lower edge", "p05"),
        (HALF, "p75"),
        (f"{HALF}, lower edge", "p25"),
        ("Median across runs", "p50"),
    ):
        np.testing.assert_allclose(trace(figure, name).y, rows[column] / 1e6, rtol=1e-6)
    assert figure.layout.yaxis.title.text == "Supply (million QUIV)"
    assert trace(figure, NINE_IN_TEN).y.dtype == np.float32


def test_days_are_placed_without_writing_them_out(store: Store, labels: Labels) -> None:
    figure = fan(store.summary, "price_usd", TODAY, labels, "Price", "today")
    assert {(t.x0, t.dx) for t in figure.data} == {(0.0, 1.0)}
    assert all(t.x is None for t in figure.data)


def test_a_fan_compares_with_todays_median(store: Store, labels: Labels) -> None:
    figure = fan(store.summary, "treasury_quiv", 0, labels, "Treasury", "first", compare=TODAY)
    other = trace(figure, "Median, today")
    np.testing.assert_allclose(other.y, series(store.summary, "treasury_quiv", TODAY)["p50"] / 1e6, rtol=1e-6)
    assert other.line.dash == "dash"
    itself = fan(store.summary, "treasury_quiv", TODAY, labels, "Treasury", "today", compare=TODAY)
    assert "Median, today" not in {t.name for t in itself.data}


def test_a_share_is_shown_in_percent_and_money_in_dollars(store: Store, labels: Labels) -> None:
    figure = fan(store.summary, "staking_ratio", TODAY, labels, "Staking", "today")
    assert figure.layout.yaxis.title.text == "Staking ratio (%)"
    assert "median $" in fan_caption(store.summary, "price_usd", TODAY, labels)


def test_thinning_keeps_the_last_day(store: Store) -> None:
    days = every(store.summary, 7)["day"].unique()
    assert days.max() == 60
    assert set(np.diff(np.sort(days))) == {7}


def test_a_fan_refuses_a_missing_metric(store: Store, labels: Labels) -> None:
    with pytest.raises(MissingMetricError, match="no metric velocity"):
        fan(store.summary, "velocity", TODAY, labels, "Velocity", "today")


def test_the_stack_adds_up_to_the_supply(store: Store, labels: Labels) -> None:
    figure = supply_stack(store.summary, TODAY, labels, "Supply", "today")
    layers = [t.y for t in figure.data if t.stackgroup]
    assert len(layers) == 7
    np.testing.assert_allclose(np.sum(layers, axis=0), trace(figure, "Total supply").y, rtol=1e-5)
    assert "means" in subtitle_of(figure)
    assert "miss" not in subtitle_of(figure)


def test_the_stack_says_when_it_does_not_add_up(store: Store, labels: Labels) -> None:
    partial = store.summary[store.summary["metric"] != "stack_vesting_quiv"]
    text = subtitle_of(supply_stack(partial, TODAY, labels, "Supply", "today"))
    assert "not in this store: Vesting, locked" in text
    assert "the parts miss the supply" in text


def test_a_cell_is_the_mean_of_its_setting(store: Store) -> None:
    kpi = store.manifest["kpis"][2]
    figure = heatmap(store.kpis, store.design, store.manifest["axes"], kpi, TODAY)
    means = store.kpis.groupby("design")["treasury_end"].mean()
    np.testing.assert_allclose(np.array(figure.data[0].z)[2, 0], means[2] / 1e6)
    np.testing.assert_allclose(np.array(figure.data[0].z)[0, 2], means[6] / 1e6)
    assert "<br>± " in figure.data[0].text[2][0]
    ticks = [[t.replace("\N{NO-BREAK SPACE}", " ") for t in axis.ticktext] for axis in figure.select_xaxes()]
    assert ticks == [["30 %", "50 %", "70 %"]]


def test_todays_cell_is_outlined(store: Store) -> None:
    arguments = (store.kpis, store.design, store.manifest["axes"], store.manifest["kpis"][0])
    figure = heatmap(*arguments, TODAY)
    (outline,) = figure.layout.shapes
    assert (outline.x0 + outline.x1, outline.y0 + outline.y1) == (2, 2)
    assert "today" in {note.text for note in figure.layout.annotations}
    assert not heatmap(*arguments, None).layout.shapes


def test_cells_that_cannot_be_told_apart_have_no_colours(store: Store) -> None:
    kpi, values = store.manifest["kpis"][2], np.random.default_rng(3).normal(size=len(store.kpis))
    for kpis, verdict in (
        (store.kpis.assign(treasury_end=values), Verdict.NOISE),
        (store.kpis.assign(treasury_end=5.0), Verdict.SAME),
    ):
        figure = heatmap(kpis, store.design, store.manifest["axes"], kpi, TODAY)
        assert {colour for _, colour in figure.data[0].colorscale} == {"#eef1f4"}
        assert figure.data[0].showscale is False
        assert heat_verdicts(kpis, store.design, store.manifest["axes"], kpi, TODAY).verdict is verdict
        assert heat_caption(verdict).startswith("Not coloured")


def test_cells_of_different_colour_print_differently(store: Store) -> None:
    close = store.kpis.assign(treasury_end=store.kpis["run"] * 1e6 + store.kpis["design"] * 100.0)
    figure = heatmap(close, store.design, store.manifest["axes"], store.manifest["kpis"][2], TODAY)
    assert len({text for line in figure.data[0].text for text in line}) == 9
    assert figure.data[0].showscale is not False


def test_settings_off_a_grid_are_refused(store: Store) -> None:
    scattered = store.design.assign(**{"fees.burn_share": np.linspace(0.1, 0.9, 9), "staking.unbonding_days": range(9)})
    with pytest.raises(GridError):
        heat_cells(store.kpis, scattered, *store.manifest["axes"], "treasury_end")


def test_paired_differences_have_the_sign_and_the_interval_of_the_pairs() -> None:
    noise = np.random.default_rng(1).normal(scale=100, size=50)
    twin = np.random.default_rng(2).normal(scale=0.1, size=50)
    kpis = pd.concat(
        [
            pd.DataFrame({"design": 0, "run": range(50), "value": noise}),
            pd.DataFrame({"design": 1, "run": range(50), "value": noise + 1 + twin}).sample(frac=1, random_state=0),
        ]
    )
    row = paired_differences(kpis, "value", 0).iloc[0]
    assert row["mean"] == pytest.approx(1 + twin.mean())
    assert (row["high"] - row["low"]) / 2 == pytest.approx(2.009575 * twin.std(ddof=1) / np.sqrt(50), rel=1e-5)
    assert row["sign"] == 1
    assert row["n"] == 50


def test_rounding_is_not_a_difference(store: Store) -> None:
    shifted = store.kpis.assign(treasury_end=lambda k: np.where(k["design"] == 3, 0.1 + 0.2, 0.3))
    assert set(paired_differences(shifted, "treasury_end", TODAY)["sign"]) == {0}


def test_a_verdict_is_no_stronger_than_its_runs(store: Store) -> None:
    single = paired_differences(store.kpis[store.kpis["run"] == 0], "treasury_end", TODAY)
    assert set(verdict_groups(single, "up")) == {SINGLE}
    assert paired_caption(single) == "One run: no interval: 8 of 8 settings."
    noise = store.kpis.assign(treasury_end=np.random.default_rng(3).normal(size=len(store.kpis)))
    noise.loc[noise["design"] == 0, "treasury_end"] = np.nan
    table = paired_differences(noise, "treasury_end", TODAY)
    assert verdict_groups(table, "up") == ["", *[NOISE] * 7]
    assert paired_caption(table[1:2]) == "Within Monte Carlo noise: 1 of 1 setting."


def test_intervals_of_a_figure_hold_together(store: Store) -> None:
    alone = paired_differences(store.kpis[store.kpis["design"].isin([0, TODAY])], "treasury_end", TODAY).iloc[0]
    among = paired_differences(store.kpis, "treasury_end", TODAY).iloc[0]
    assert among["high"] - among["low"] > 1.3 * (alone["high"] - alone["low"])


def test_one_run_has_no_bands(store: Store, labels: Labels) -> None:
    figure = fan(store.summary.assign(n=1), "price_usd", TODAY, labels, "Price", "today")
    assert [t.name for t in figure.data] == ["The only run"]


def test_cells_of_one_run_print_their_differences(store: Store) -> None:
    close = store.kpis.assign(treasury_end=1e6 + store.kpis["design"] * 10.0)
    single = close[close["run"] == 0]
    figure = heatmap(single, store.design, store.manifest["axes"], store.manifest["kpis"][2], TODAY)
    assert len({text for line in figure.data[0].text for text in line}) == 9


def test_short_horizons_are_ticked_at_whole_days() -> None:
    assert time_title(pd.Series([0, 1, 2, 3]))["dtick"] == 1
    assert "dtick" not in time_title(pd.Series(range(41)))


def test_better_and_worse_follow_the_kpis_direction(store: Store, labels: Labels) -> None:
    down = paired_figure(store.kpis, store.manifest["kpis"][0], TODAY, labels, "t", "s")
    assert list(trace(down, "Better").y) == [labels.short[d] for d in (6, 7, 8)]
    assert list(trace(down, "Worse").y) == [labels.short[d] for d in (0, 1, 2)]
    assert list(trace(down, SAME).y) == [labels.short[d] for d in (3, 5)]
    assert max(trace(down, "Better").x) < 0
    assert down.layout.shapes[0].x0 == 0
    assert "percentage points" in down.layout.xaxis.title.text


def test_no_figure_offers_to_upload_itself() -> None:
    assert CONFIG["showSendToCloud"] is False
    assert CONFIG["plotlyServerURL"] == ""
    assert CONFIG["displaylogo"] is False


def test_a_lorenz_curve_goes_from_nothing_to_everything_through_its_points() -> None:
    rows = pd.DataFrame(
        [
            {"design": 0, "day": day, "metric": name, "n": 4, "mean": x, "p05": x - 0.01, "p50": x, "p95": x + 0.01}
            for name, percent in NAMES.items()
            for day, x in ((0, 0.0), (30, (percent / 100.0) ** 2))
        ]
    )
    figure = lorenz(rows, 0, "Who holds how much", "four trajectories")
    median = next(trace for trace in figure.data if trace.name == "Median across runs")
    assert list(median.x) == [0.0, *NAMES.values(), 100.0]
    np.testing.assert_allclose(median.y, [0.0, *((p / 100.0) ** 2 * 100.0 for p in NAMES.values()), 100.0])
    assert "richest tenth hold 19 %" in lorenz_caption(rows, 0)
    with pytest.raises(MissingMetricError, match="bottom_10_share"):
        lorenz(rows[rows["metric"] != "bottom_10_share"], 0, "", "")
