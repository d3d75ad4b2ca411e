"""Experiment files: the grid, today's point, the digest, and the answer to each mistake in one."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import pytest

from experiments.errors import RequestError
from experiments.inputs.experiment import load_experiment

GOOD = """
title: Mine
question: What if?
scenario: whitepaper
days: 60
runs: 3
seed: 7
controls:
  fees.burn_share: [0.25, 0.5]
  fees.network_share: [0.10, 0.15, 0.20]
kpis:
  - {name: income, metric: provider_income_quiv, aggregation: sum, direction: up}
  - {name: supply, metric: supply_quiv, aggregation: last}
  - {name: growth, metric: price_usd, aggregation: change}
"""


def write(folder: Path, text: str = GOOD, name: str = "mine.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_grid_is_the_product_with_the_last_key_fastest(tmp_path: Path) -> None:
    experiment = load_experiment(write(tmp_path))
    points = [(p["fees.burn_share"], p["fees.network_share"]) for p in experiment.points()]
    assert points == [(b, n) for b in (0.25, 0.5) for n in (0.10, 0.15, 0.20)]
    assert experiment.today_index() == 4
    fees = [economy.parameters.fees for economy in experiment.economies()]
    assert [(f.burn_share, f.network_share) for f in fees] == points
    assert all(economy.days == experiment.days == 60 for economy in experiment.economies())


def test_what_a_file_leaves_out(tmp_path: Path) -> None:
    text = "preset: root\ncontrols: {fees.burn_share: [0.1]}\nkpis: [{name: a, metric: price_usd, aggregation: last}]"
    experiment = load_experiment(write(tmp_path, text))
    assert (experiment.name, experiment.title, experiment.scenario) == ("mine", "mine", "root")
    assert (experiment.runs, experiment.seed, experiment.keep, experiment.days) == (100, 1, "thin", 1095)
    assert experiment.points() == [{"fees.burn_share": 0.1}, {"fees.burn_share": 0.5}]
    assert experiment.today_index() == 1
    assert "price_usd" in experiment.metrics
    assert len(experiment.metrics) > 30


def test_kpis_take_label_and_unit_from_their_metric(tmp_path: Path) -> None:
    income, supply, growth = load_experiment(write(tmp_path)).kpis
    assert (income.unit, income.direction, income.label) == ("QUIV", "up", "Provider income")
    assert (supply.unit, supply.direction) == ("QUIV", "none")
    assert growth.unit == "ratio"


def test_metrics_of_kpis_are_recorded_too(tmp_path: Path) -> None:
    metrics = load_experiment(write(tmp_path, GOOD + "metrics: [gini, supply_quiv]")).metrics
    assert set(metrics) == {"gini", "supply_quiv", "provider_income_quiv", "price_usd"}


def test_the_digest_is_of_what_is_asked(tmp_path: Path) -> None:
    digest = load_experiment(write(tmp_path)).digest()
    assert int(digest, 16) >= 0
    assert len(digest) >= 6
    assert (
        load_experiment(write(tmp_path, "# why\n" + GOOD.replace("[0.25, 0.5]", "[0.25,   0.50]"))).digest() == digest
    )
    assert (
        load_experiment(write(tmp_path, GOOD.replace("scenario: whitepaper", "preset: whitepaper"))).digest() == digest
    )
    for old, new in (("seed: 7", "seed: 8"), ("runs: 3", "runs: 4"), ("0.25", "0.26"), ("whitepaper", "quiet")):
        assert load_experiment(write(tmp_path, GOOD.replace(old, new))).digest() != digest


def test_an_experiment_uses_a_scenario_file_beside_it(tmp_path: Path) -> None:
    write(tmp_path, "noise: false", "calm.yaml")
    experiment = load_experiment(write(tmp_path, GOOD.replace("scenario: whitepaper", "scenario: calm.yaml")))
    assert not experiment.economies()[0].noise


def test_an_experiment_travels_to_a_worker(tmp_path: Path) -> None:
    experiment = load_experiment(write(tmp_path))
    assert pickle.loads(pickle.dumps(experiment)).digest() == experiment.digest()


def test_the_demo_asks_nine_settings_for_three_years() -> None:
    demo = load_experiment("demo")
    assert (len(demo.points()), demo.days, demo.runs, demo.today_index()) == (9, 1095, 40, 4)
    assert "?" in demo.question
    assert len(demo.kpis) >= 5


WRONG: dict[str, tuple[Any, ...]] = {
    "unknown key": (("seed: 7", "seeds: 7"), "seeds: no such key of an experiment", "nearest: seed"),
    "a scenario": (
        ("seed: 7", "extends: root"),
        "extends: no such key of an experiment",
        "(a scenario? quiver-sim run ",
    ),
    "no scenario": (("scenario: whitepaper", ""), "scenario: found neither", "one of scenario and preset"),
    "both": (("scenario: whitepaper", "scenario: root\npreset: root"), "found scenario and preset"),
    "wrong scenario": (("scenario: whitepaper", "scenario: whitepapr"), "no such scenario", "nearest: whitepaper"),
    "runs": (("runs: 3", "runs: 0"), "runs: found 0", "from 1 to 1000000"),
    "runs exponent": (("runs: 3", "runs: 1e3"), "runs: found '1e3'", "write 1000 or 1.0e+3"),
    "seed": (("seed: 7", "seed: -1"), "seed: found -1", "a whole number from 0 to 2**63 - 1"),
    "days": (("days: 60", "days: 60.0"), "days: found 60.0", "write 60"),
    "keep": (("seed: 7", "keep: everything"), "keep: found 'everything'", "kpis or summary or thin or full"),
    "name": (("seed: 7", "name: a/b"), "name: found 'a/b'", "letters, digits"),
    "unknown control": (("fees.burn_share", "fees.burn_shar"), "controls.fees.burn_shar", "nearest: fees.burn_share"),
    "list control": (("fees.burn_share: [0.25, 0.5]", "supply.cliff_days: [[0]]"), "it holds a list", "of one value"),
    "one value": (("[0.25, 0.5]", "0.25"), "controls.fees.burn_share: found 0.25", "a list of values"),
    "no values": (("[0.25, 0.5]", "[]"), "controls.fees.burn_share: found []", "a list of values"),
    "bad value": (("[0.25, 0.5]", "[0.25, 5]"), "controls.fees.burn_share[1]: found 5", "from 0 to 1"),
    "same value": (("[0.25, 0.5]", "[0.5, 0.50]"), "controls.fees.burn_share[1]: found 0.5 again"),
    "no such metric": (
        ("metric: supply_quiv", "metric: suply_quiv"),
        "kpis[1].metric: found 'suply_quiv'",
        "supply_quiv",
    ),
    "aggregation": (("aggregation: last", "aggregation: end"), "kpis[1].aggregation: found 'end'", "last or mean"),
    "direction": (("direction: up", "direction: higher"), "kpis[0].direction: found 'higher'", "up or down or none"),
    "kpi key": (("direction: up", "directions: up"), "kpis[0].directions: no such key", "nearest: direction"),
    "kpi name": (("name: income", "name: Income!"), "kpis[0].name: found 'Income!'", "small letters"),
    "kpi column": (("name: income", "name: run"), "kpis[0].name: found 'run'", "not design, run"),
    "kpi twice": (("name: supply", "name: income"), "kpis[1].name: found income again"),
    "kpi without metric": (("metric: supply_quiv, ", ""), "kpis[1].metric: missing"),
    "metrics": (("seed: 7", "metrics: [gni]"), "metrics: 'gni'", "nearest: gini"),
    "title": (("title: Mine", "title: [a]"), "title: found ['a']", "text"),
    "impossible point": (("scenario: whitepaper", "scenario: root"), "may sum to at most 1"),
}


@pytest.mark.parametrize("case", WRONG)
def test_a_wrong_file_is_answered_with_file_key_found_and_allowed(case: str, tmp_path: Path) -> None:
    (old, new), *expected = WRONG[case]
    assert old in GOOD
    text = GOOD.replace("0.25, 0.5]", "0.25, 0.9]") if case == "impossible point" else GOOD
    path = write(tmp_path, text.replace(old, new, 1))
    with pytest.raises(RequestError) as caught:
        load_experiment(path)
    for part in (str(path), *expected):
        assert part in str(caught.value)


@pytest.mark.parametrize(("cut", "expected"), [("controls", "controls: found none"), ("kpis", "kpis: found nothing")])
def test_controls_and_kpis_are_needed(cut: str, expected: str, tmp_path: Path) -> None:
    blocks = GOOD.split("\ncontrols:")
    head, (controls, kpis) = blocks[0], blocks[1].split("\nkpis:")
    kept = "\nkpis:" + kpis if cut == "controls" else "\ncontrols:" + controls
    with pytest.raises(RequestError) as caught:
        load_experiment(write(tmp_path, head + kept))
    assert expected in str(caught.value)


def test_a_grid_beyond_reason_is_refused_before_it_is_built(tmp_path: Path) -> None:
    many = ", ".join(str(i / 1000) for i in range(400))
    with pytest.raises(RequestError) as caught:
        load_experiment(write(tmp_path, GOOD.replace("0.25, 0.5", many).replace("0.10, 0.15, 0.20", many)))
    assert "found 160,000 settings; allowed: at most 100,000" in str(caught.value)


def test_names_that_do_not_exist_are_answered() -> None:
    with pytest.raises(RequestError, match="nearest: demo"):
        load_experiment("demoo")
    with pytest.raises(RequestError, match="quiver-sim run whitepaper"):
        load_experiment("whitepaper")
