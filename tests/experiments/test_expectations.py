"""Every shipped scenario does what it is expected to do, against its comparison on the same draws."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from dashboards.site.chapters import CHAPTERS
from docs.generate import FOLDER
from experiments.inputs.shipped import about, preset_names, scenario_names
from experiments.validation.attack_value import FRONTIERS
from experiments.validation.expectations import (
    DOWN,
    EXPECTATIONS,
    ITSELF,
    NOTHING,
    SAME,
    SIMULATIONS,
    STRESS,
    UP,
    Expectation,
)
from experiments.validation.scenario_effects import ScenarioEffect, compared_with, extended, scenario_effects
from model.metrics import METRICS
from tests.economics.test_shock_kinds import SIGNS

SCENARIOS = [name for name in scenario_names() if name not in preset_names()]
HORIZONS = sorted({row.days for row in EXPECTATIONS})


def said(outcome: ScenarioEffect) -> str:
    """A row and what came of it."""
    row = outcome.expectation
    found = f"{outcome.mean:.6g} ({outcome.low:.6g} to {outcome.high:.6g})"
    return f"{row.scenario}: {row.metric}, {row.aggregation}: {found}, expected {row.expected}"


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_every_scenario_has_an_expectation(scenario: str) -> None:
    """A row here, an attack's frontier, or the sign of a shock that it or what it extends is a test of."""
    missing = f"{scenario} has no row in experiments/validation/expectations.py: say what it does, one line"
    expected = {row.scenario for row in EXPECTATIONS} | set(FRONTIERS) | set(SIGNS)
    assert expected & {scenario, extended(scenario)} - set(preset_names()), missing


@pytest.mark.parametrize("days", HORIZONS)
def test_every_expectation_is_met(days: int) -> None:
    found = scenario_effects([row for row in EXPECTATIONS if row.days == days])
    assert [said(outcome) for outcome in found if not outcome.met] == []


def test_every_row_is_about_what_exists() -> None:
    for row in EXPECTATIONS:
        assert row.scenario in SCENARIOS, row
        assert compared_with(row) in scenario_names(), row
        assert row.metric in METRICS, row
        assert row.expected[0] <= row.expected[1], row
        assert row.reason.endswith("."), row
        assert (row.against == ITSELF) == (compared_with(row) == row.scenario and bool(row.changes)), row
        assert row.spec in ("", *STRESS, *SIMULATIONS), row


def test_every_item_of_the_specs_strategy_has_a_scenario_a_figure_and_a_result() -> None:
    """Eight items; each is on the page with its scenarios, and what is to be drawn is drawn by publish."""
    drawn = {metric for chapter in CHAPTERS for metric in chapter.metrics}
    page = (FOLDER / "stress.md").read_text(encoding="utf-8")
    assert len(STRESS) == len(SIMULATIONS) == 4
    for item in (*STRESS, *SIMULATIONS):
        rows = [row for row in EXPECTATIONS if row.spec == item]
        assert rows, item
        assert {row.figure or row.metric for row in rows} <= drawn, item
        assert item in page
        assert all(f"`{row.scenario}`" in page for row in rows), item


def made(expected: tuple[float, float], *differences: float) -> ScenarioEffect:
    """An outcome whose runs differ by so much."""
    mean = float(np.mean(differences))
    row = Expectation("quiet", "price_usd", expected, "By hand.", runs=len(differences))
    spread = float(np.ptp(differences))
    return ScenarioEffect(row, mean, 0.0, mean, mean - spread, mean + spread, np.zeros(2), np.zeros(2))


def test_what_is_met() -> None:
    """The whole interval has to be on the side; nothing at all is on neither."""
    assert made(UP, 1.0, 1.5).met
    assert not made(UP, 0.1, 1.0).met
    assert not made(UP, 0.0, 0.0).met
    assert not made(DOWN, 0.0, 0.0).met
    assert made(DOWN, -2.0, -2.0).met
    assert made(SAME, 0.0, 0.0).met
    assert not made(SAME, 0.0, 1e-12).met
    assert made((1.0, 2.0), 1.0, 1.0).met
    assert not made((1.0, 2.0), 1.0, 1.1).met


PRICE = Expectation("frozen_price", "price_usd", SAME, "By hand.", days=2, runs=2)


def test_a_figure_is_reduced_and_compared_as_a_row_says() -> None:
    """A price of 0.10 against 0.20: half, a tenth less, and by itself; two days of 70 M a year."""
    dear = {"exogenous.price_usd": 0.2}
    rows = [
        replace(PRICE, against=ITSELF, changes=dear),
        replace(PRICE, against=ITSELF, changes=dear, relative=True),
        replace(PRICE, against=NOTHING),
        replace(PRICE, against=NOTHING, under=dear, aggregation="sum"),
        replace(PRICE, against=NOTHING, aggregation="volatility"),
        replace(PRICE, metric="emitted_quiv", against="no_emission"),
    ]
    found = scenario_effects(rows)
    assert [outcome.mean for outcome in found[:5]] == pytest.approx([-0.1, -0.5, 0.1, 0.4, 0.0])
    assert found[1].found == pytest.approx(0.1)
    assert found[1].compared == pytest.approx(0.2)
    assert found[5].mean == pytest.approx(2 * 70e6 / 365, rel=1e-6)
    np.testing.assert_allclose(found[0].drawn, [0.1] * 3)
    np.testing.assert_allclose(found[0].drawn_against, [0.2] * 3)


def test_sides_are_run_on_the_same_draws_and_do_not_depend_on_their_batch() -> None:
    rows = [row for row in EXPECTATIONS if row.scenario in ("slow_adoption", "lazy_validators")]
    short = [replace(row, days=20, runs=2) for row in rows]
    together, alone = scenario_effects(short), [scenario_effects([row])[0] for row in short]
    for one, other in zip(together, alone, strict=True):
        assert (one.mean, one.low, one.high) == (other.mean, other.low, other.high)


def test_what_a_scenario_extends() -> None:
    assert extended("quorum_closes_the_hole") == "treasury_drain"
    assert extended("quiet") == "whitepaper"


def test_shipped_scenarios_are_described_in_two_sentences_at_the_least() -> None:
    """Those of the spec's strategy: a title and what happens, in words."""
    for name in dict.fromkeys(row.scenario for row in EXPECTATIONS if row.spec):
        found = about(name)
        assert found.title, name
        assert len(re.findall(r"[.:](?= |$)", found.description)) >= 2, name
