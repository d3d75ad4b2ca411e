"""The answer claims what paired runs support, and no more; numbers are printed as people read them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from dashboards.answer import finding, headline
from dashboards.figures.paired import paired_differences
from dashboards.labels import Labels, escaped, unescaped
from dashboards.source import Store
from dashboards.tables import kpi_means, kpi_table
from experiments.statistics import estimate, family_level
from experiments.words import counted, mean_interval, number, scale_for, value_text, with_unit

TODAY = 4


def test_a_real_difference_is_claimed(store: Store, labels: Labels) -> None:
    found = finding(store, labels, store.manifest["kpis"][2], TODAY)
    assert found.leaders == {0, 1, 2}
    text = found.text.replace("\N{NO-BREAK SPACE}", " ")
    assert "Best at burn share of the network fee 30 %, unbonding period 7 days: +" in text
    assert "not told apart from 2 other settings" in found.text
    assert {d for d, verdict in found.verdicts.items() if verdict == -1} == {6, 7, 8}


def test_noise_is_called_noise(store: Store, labels: Labels) -> None:
    values = np.random.default_rng(3).normal(size=len(store.kpis))
    noisy = replace(store, kpis=store.kpis.assign(treasury_end=values))
    found = finding(noisy, labels, store.manifest["kpis"][2], TODAY)
    assert "within Monte Carlo noise" in found.text
    assert not found.leaders
    assert "moves no KPI beyond Monte Carlo noise" in headline([found], labels, TODAY)


def test_one_run_claims_nothing(store: Store, labels: Labels) -> None:
    single = replace(store, kpis=store.kpis[store.kpis["run"] == 0])
    found = finding(single, labels, store.manifest["kpis"][0], TODAY)
    assert "One run a setting" in found.text
    assert "cannot be told" in headline([found], labels, TODAY)
    assert "noise" not in headline([found], labels, TODAY).replace("more than noise cannot", "")


def test_equal_settings_are_the_same_and_not_noise(store: Store, labels: Labels) -> None:
    equal = replace(store, kpis=store.kpis.assign(treasury_end=store.kpis["run"] * 1e6))
    found = finding(equal, labels, store.manifest["kpis"][2], TODAY)
    assert found.text.startswith("The same in every setting: ")
    assert "noise" not in found.text
    assert "changes no KPI" in headline([found], labels, TODAY)


def test_means_that_print_alike_are_told_apart_by_their_difference(store: Store, labels: Labels) -> None:
    values = store.kpis["run"] * 1e6 + store.kpis["design"] * 100.0
    close = replace(store, kpis=store.kpis.assign(treasury_end=values))
    found = finding(close, labels, store.manifest["kpis"][2], TODAY)
    assert "in each of 9 settings" in found.text
    assert "best minus worst is +0.0008" in found.text
    frame = kpi_means(close)
    _, rows = kpi_table(close, labels, frame, [finding(close, labels, k, TODAY) for k in store.manifest["kpis"]])
    assert len({row.cells[2].text for row in rows}) == 9


def test_the_answer_and_the_paired_figure_judge_alike(store: Store, labels: Labels) -> None:
    draws = np.random.default_rng(5).normal(size=(9, 12)) + 0.9
    draws[TODAY] = 0
    for scale in np.linspace(0.2, 2, 10):
        values = (draws * scale + np.random.default_rng(6).normal(size=(9, 12))).ravel()
        drawn = replace(store, kpis=store.kpis.assign(treasury_end=values))
        found = finding(drawn, labels, store.manifest["kpis"][2], TODAY)
        table = paired_differences(drawn.kpis, "treasury_end", TODAY)
        assert dict(zip(table["design"], table["sign"], strict=True)) == dict(sorted(found.verdicts.items()))


def test_a_kpi_without_values_says_so(store: Store, labels: Labels) -> None:
    empty = replace(store, kpis=store.kpis.assign(net_issuance=np.nan))
    assert "No run has a value" in finding(empty, labels, store.manifest["kpis"][0], TODAY).text


def test_a_trade_off_is_called_one(store: Store, labels: Labels) -> None:
    kpis = [store.manifest["kpis"][i] for i in (0, 2)]
    text = headline([finding(store, labels, kpi, TODAY) for kpi in kpis], labels, TODAY)
    assert "moves 2 of 2 KPIs" in text
    assert "worsens another: the choice is a trade-off" in text


def test_the_interval_is_students() -> None:
    found = estimate([1.0, 2.0, 3.0, 4.0, np.nan])
    assert (found.mean, found.n) == (2.5, 4)
    assert found.half == pytest.approx(3.182446 * np.std([1, 2, 3, 4], ddof=1) / 2, rel=1e-6)
    assert estimate([5.0]).sign == 0
    assert family_level(10) == pytest.approx(0.995)


@pytest.mark.parametrize(
    ("value", "text"), [(1234.5, "1,234"), (0.04567, "0.04567"), (-3.0, "\N{MINUS SIGN}3"), (0.0, "0"), (np.nan, "—")]
)
def test_numbers_read_well(value: float, text: str) -> None:
    assert number(value) == text


def test_units_read_well() -> None:
    assert scale_for("QUIV", [2.5e9]).unit == "million QUIV"
    assert scale_for("QUIV", [2.5e11]).unit == "billion QUIV"
    assert scale_for("share", [0.5]).change == "percentage points"
    assert with_unit("1.2", "million USD") == "$1.2 million"
    assert with_unit("\N{MINUS SIGN}3", "USD") == "\N{MINUS SIGN}\N{WORD JOINER}$3"
    assert with_unit("0.4", "1 / year") == "0.4 per year"
    assert with_unit("5", "") == "5"
    assert mean_interval(12.3456, 0.0789) == "12.346 ± 0.079"
    assert mean_interval(12.3456, 0.0789, 0.00012) == "12.34560 ± 0.07890"
    assert (counted(1, "run"), counted(1200, "trajectory", "trajectories")) == ("1 run", "1,200 trajectories")
    assert value_text(0.5, "share").replace("\N{NO-BREAK SPACE}", " ") == "50 %"
    assert value_text(1, "days").replace("\N{NO-BREAK SPACE}", " ") == "1 day"
    assert value_text("aggressive", "") == "aggressive"


@pytest.mark.parametrize("text", ["<b>x</b>", "&lt;", "%{y}", "a & b", "</script>"])
def test_escaping_for_plotly_can_be_undone(text: str) -> None:
    assert unescaped(escaped(text)) == text
    assert "<" not in escaped(text)
    assert "%{" not in escaped(text)


def test_a_setting_is_named_by_what_varies(store: Store) -> None:
    fixed = store.design[store.design["fees.burn_share"] == 0.5]
    labels = Labels.of(store.manifest, pd.DataFrame(fixed))
    assert labels.short[4].replace("\N{NO-BREAK SPACE}", " ") == "21 days (today)"
    assert labels.reading == "Unbonding period"


def test_a_single_setting_is_named_by_every_swept_parameter(store: Store) -> None:
    labels = Labels.of(store.manifest, pd.DataFrame(store.design[store.design["design"] == 0]))
    assert labels.short[0].replace("\N{NO-BREAK SPACE}", " ") == "30 % · 7 days"
