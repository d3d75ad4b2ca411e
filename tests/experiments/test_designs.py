"""Designs, environments, thresholds and windows of experiment files: what they mean, and what may not change them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments import load, simulate
from experiments.inputs.design import Design, lay_out
from experiments.inputs.environment import Environment, Rows
from experiments.inputs.experiment import Experiment, load_experiment
from experiments.inputs.plan import Kpi, Plan, aggregate_days, environment_frame
from experiments.inputs.ranges import Domain
from experiments.inputs.scenario import override
from experiments.sweeps.planning import plan_of
from experiments.sweeps.run import run_sweep
from model.economy import Economy
from model.parameters import STRUCTURAL

SHARE, DAYS = Domain("fees.burn_share", (), 0.2, 0.6), Domain("staking.unbonding_days", (), 7, 14, whole=True)
RATE = Domain("demand.adoption_rate", (), 0.1, 10.0, "log")
WORDS = Domain("market.volatility", (0.5, 1.0, 2.0))
PAIRS = Rows(("demand.elasticity", "pool.fee"), ((0.5, 0.001), (1.0, 0.002), (1.5, 0.003)))
UNCERTAIN = Environment((RATE, WORDS), (PAIRS,))

FILE = """
scenario: whitepaper
days: 30
runs: 4
seed: 7
controls: {fees.burn_share: [0.25, 0.5]}
environment: {demand.adoption_rate: {low: 0.5, high: 2.0}}
kpis: [{name: supply, metric: supply_quiv, aggregation: last}]
"""


def read(folder: Path, text: str = FILE) -> Experiment:
    path = folder / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return load_experiment(path)


@pytest.mark.parametrize("count", [8, 21])
def test_a_latin_hypercube_uses_each_part_of_each_range_once(count: int) -> None:
    domains = {domain.key: domain for domain in (SHARE, RATE)}
    points = Design("latin_hypercube", count).points(domains, 3)
    linear = [(point["fees.burn_share"] - 0.2) / 0.4 for point in points]
    log = [np.log(point["demand.adoption_rate"] / 0.1) / np.log(100.0) for point in points]
    for places in (linear, log):
        assert sorted(int(place * count) for place in places) == list(range(count))


def test_a_sobol_design_puts_one_point_in_each_elementary_box() -> None:
    """A scrambled (0, m, 2)-net in base 2: of 16 points each of 2^a x 2^b boxes, a + b = 4, has one."""
    domains = {domain.key: domain for domain in (SHARE, RATE)}
    points = Design("sobol", 16).points(domains, 3)
    first = [(point["fees.burn_share"] - 0.2) / 0.4 for point in points]
    other = [np.log(point["demand.adoption_rate"] / 0.1) / np.log(100.0) for point in points]
    for power in range(5):
        boxes = {(int(x * 2**power), int(y * 2 ** (4 - power))) for x, y in zip(first, other, strict=True)}
        assert len(boxes) == 16


def test_designs_are_drawn_by_the_seed() -> None:
    domains = {SHARE.key: SHARE}
    for kind in ("sobol", "latin_hypercube"):
        assert Design(kind, 8).points(domains, 3) == Design(kind, 8).points(domains, 3)
        assert Design(kind, 8).points(domains, 3) != Design(kind, 8).points(domains, 4)


def test_whole_numbers_are_equally_likely_and_never_twice() -> None:
    drawn = [point[DAYS.key] for point in Design("sobol", 64).points({DAYS.key: DAYS}, 1)]
    assert sorted(drawn) == list(range(7, 15))
    assert all(isinstance(value, int) for value in drawn)
    cells = [DAYS.at((place + 0.5) / 80) for place in range(80)]
    assert [cells.count(value) for value in range(7, 15)] == [10] * 8


@given(st.floats(0.0, 1.0, exclude_max=True), st.sampled_from([SHARE, DAYS, RATE]))
@settings(max_examples=200)
def test_a_range_is_never_left(place: float, domain: Domain) -> None:
    assert domain.low is not None
    assert domain.high is not None
    assert domain.low <= domain.at(place) <= domain.high


def test_the_middle_of_a_logarithmic_range_is_the_geometric_mean() -> None:
    assert RATE.at(0.0) == 0.1
    assert RATE.at(0.5) == pytest.approx(1.0)


def test_levels_cut_a_range_evenly_on_its_scale(tmp_path: Path) -> None:
    levels = "{fees.burn_share: {low: 0.2, high: 0.6, levels: 3}, "
    levels += "demand.adoption_rate: {low: 0.1, high: 10, scale: log, levels: 3}, "
    levels += "oracle.staleness_days: {low: 1, high: 3, levels: 9}}"
    controls = read(tmp_path, FILE.replace("{fees.burn_share: [0.25, 0.5]}", levels).partition("environment")[0] + KPI)
    found = [controls.controls[key].values for key in controls.controls]
    assert found[0] == pytest.approx((0.2, 0.4, 0.6))
    assert found[1] == pytest.approx((0.1, 1.0, 10.0))
    assert found[2] == (1, 2, 3)


KPI = "kpis: [{name: supply, metric: supply_quiv, aggregation: last}]"


def test_todays_point_is_added_once() -> None:
    base, listed = Economy(), Domain("fees.burn_share", (0.25, 0.5))
    assert lay_out(Design(), {listed.key: listed}, base, 1) == ({listed.key: 0.25}, {listed.key: 0.5})
    points = lay_out(Design("sobol", 4), {SHARE.key: SHARE}, base, 1)
    assert len(points) == 5
    assert points[-1] == {SHARE.key: 0.5}


def test_a_list_of_points_leaves_out_what_stays_as_it_is(tmp_path: Path) -> None:
    text = FILE.replace("controls: {fees.burn_share: [0.25, 0.5]}\n", "design: {kind: list, points: [DOTS]}\n")
    dots = "{fees.burn_share: 0.25}, {mechanisms.staking: false}, {fees.burn_share: 0.25}"
    experiment = read(tmp_path, text.replace("DOTS", dots))
    rows = [(0.25, True), (0.5, False), (0.5, True)]
    assert [tuple(point.values()) for point in experiment.points()] == rows
    assert experiment.today_index() == 2
    assert [economy.on("staking") for economy in experiment.economies()] == [True, False, True]
    (tmp_path / "points.csv").write_text("fees.burn_share,mechanisms.staking\n2.5e-1,true\n0.5,False\n")
    same = read(tmp_path, text.replace("points: [DOTS]", "file: points.csv"))
    assert same.points() == experiment.points()
    assert [axis["label"] for axis in same.axes()] == ["Burn share", "Staking"]
    assert same.axes()[1] | {"values": 0} == {**same.axes()[1], "values": 0, "today": True, "unit": ""}


@given(st.integers(1, 70), st.integers(0, 70), st.integers(0, 2**63 - 1))
@settings(max_examples=30, deadline=None)
def test_more_runs_leave_the_first_draws_as_they_are(runs: int, more: int, seed: int) -> None:
    assert UNCERTAIN.draws(runs + more, seed)[:runs] == UNCERTAIN.draws(runs, seed)


def test_draws_differ_by_seed_and_fill_the_space() -> None:
    draws = UNCERTAIN.draws(96, 1)
    assert draws != UNCERTAIN.draws(96, 2)
    places = [np.log(draw["demand.adoption_rate"] / 0.1) / np.log(100.0) for draw in draws]
    assert sorted(int(place * 32) for place in places[:32]) == list(range(32))
    counts = [sum(draw["market.volatility"] == value for draw in draws) for value in WORDS.values]
    assert max(counts) - min(counts) <= 4


def test_the_columns_of_a_file_keep_company() -> None:
    draws = UNCERTAIN.draws(64, 1)
    assert {(draw["demand.elasticity"], draw["pool.fee"]) for draw in draws} == set(PAIRS.rows)


def test_the_environment_is_independent_of_the_design() -> None:
    """Two uniform samples of one seed under different names: no correlation beyond chance."""
    design = np.array([p[SHARE.key] for p in Design("sobol", 256).points({SHARE.key: SHARE}, 1)])
    other = Environment((replace(SHARE, key="pool.fee"),)).draws(256, 1)
    drawn = np.array([draw["pool.fee"] for draw in other])
    assert not np.array_equal(design, drawn)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return plan_of(read(tmp_path_factory.mktemp("plan")))


def test_an_economy_is_its_point_in_the_environment_of_its_run(plan: Plan) -> None:
    for index, run in itertools.product(range(2), range(4)):
        by_hand = override(override(Economy(days=30), plan.points[index]), plan.environment[run])
        found = plan.economy(index, run)
        assert found.parameters == by_hand.parameters
        assert found.structure() == plan.economies[index].structure()
        assert found.parameters.fees.burn_share == plan.points[index]["fees.burn_share"]
        assert found.parameters.demand.adoption_rate == plan.environment[run]["demand.adoption_rate"]


def test_without_an_environment_every_run_is_the_point_itself(plan: Plan) -> None:
    alone = replace(plan, environment=({},) * 4)
    assert alone.economy(1, 3) is plan.economies[1]
    assert replace(plan, environment=()).economy(1, 3) is plan.economies[1]
    assert list(environment_frame(alone).columns) == ["run"]
    assert len(environment_frame(replace(plan, environment=()))) == 4


def test_the_environment_is_a_table(plan: Plan) -> None:
    frame = environment_frame(plan)
    assert list(frame.columns) == ["run", "demand.adoption_rate"]
    assert list(frame["run"]) == [0, 1, 2, 3]
    assert list(frame["demand.adoption_rate"]) == [draw["demand.adoption_rate"] for draw in plan.environment]


def test_only_what_is_asked_changes_the_digest(tmp_path: Path) -> None:
    digest = read(tmp_path).digest()
    same = FILE.replace("{low: 0.5, high: 2.0}", "{high: 2.0, low: 0.50}").replace("seed: 7", "seed: 7  # a good one")
    assert read(tmp_path, "# a comment\n" + same).digest() == digest
    edits = [
        ("high: 2.0", "high: 2.1"),
        ("high: 2.0", "high: 2.0, scale: log"),
        ("{low: 0.5, high: 2.0}", "{values: [0.5, 2.0]}"),
        ("environment", "# environment"),
        ("runs: 4", "stopping: {kpi: supply, half_width: 5.0, max_runs: 4}"),
        ("[0.25, 0.5]}", "[0.5, 0.25]}"),
        ("aggregation: last", "aggregation: last, window: {to: 20}"),
        ("aggregation: last", "aggregation: last, direction: up, threshold: 1.0, unit: QUIV"),
    ]
    digests = {read(tmp_path, FILE.replace(old, new)).digest() for old, new in edits}
    assert len(digests | {digest}) == len(edits) + 1


def test_structural_parameters_are_no_environment() -> None:
    """What may be uncertain is just what trajectories of a batch may differ in."""
    from experiments.inputs.environment import FREE

    base = Economy()
    assert not set(FREE) & STRUCTURAL
    assert override(base, {"demand.adoption_rate": 0.7}).structure() == base.structure()
    assert override(base, {"staking.unbonding_days": 30}).structure() != base.structure()


SERIES = np.array([[2.0], [4.0], [1.0], [8.0], [5.0]])


@pytest.mark.parametrize(
    ("aggregation", "window", "answer"),
    [
        ("last", None, 5.0),
        ("mean", None, 4.5),
        ("sum", None, 18.0),
        ("min", None, 1.0),
        ("max", None, 8.0),
        ("p05", None, 1.45),
        ("p95", None, 7.55),
        ("change", None, 1.5),
        ("last", (1, 3), 8.0),
        ("sum", (1, 3), 9.0),
        ("mean", (3, 4), 5.0),
        ("max", (0, 2), 4.0),
        ("change", (1, 3), 1.0),
    ],
)
def test_a_window_is_the_days_after_its_start_up_to_its_end(
    aggregation: str, window: tuple[int, int] | None, answer: float
) -> None:
    kpi = Kpi("a", "A", "price_usd", aggregation, "USD", "up", "", window=window)
    assert aggregate_days(kpi, SERIES) == pytest.approx([answer])


def test_windows_side_by_side_share_no_day() -> None:
    whole, first, second = (Kpi("a", "", "", "sum", "", "up", "", window=w) for w in (None, (0, 2), (2, 4)))
    assert aggregate_days(whole, SERIES) == aggregate_days(first, SERIES) + aggregate_days(second, SERIES)


def test_a_change_from_nothing_has_no_value() -> None:
    kpi = Kpi("a", "", "", "change", "", "up", "", window=(1, 3))
    assert np.isnan(aggregate_days(kpi, np.array([[2.0], [0.0], [1.0], [8.0]]))).all()
    assert aggregate_days(kpi, np.array([[0.0], [4.0], [1.0], [8.0]])) == pytest.approx([1.0])


def test_a_sweep_runs_each_trajectory_in_its_environment(tmp_path: Path) -> None:
    """Every KPI is that of the same run simulated alone with the point and the draw as overrides."""
    text = FILE.replace("whitepaper", "quiet").replace("days: 30", "days: 3").replace("runs: 4", "runs: 2\nkeep: kpis")
    text = text.replace(
        "demand.adoption_rate: {low: 0.5, high: 2.0}", "market.initial_price_usd: {low: 0.05, high: 0.2}"
    )
    experiment = read(tmp_path, text.replace("metric: supply_quiv", "metric: price_usd"))
    plan = plan_of(experiment)
    kpis = load(run_sweep(plan, tmp_path, 0)).kpis.set_index(["design", "run"])["supply"]
    for index, run in itertools.product(range(2), range(2)):
        set_by_hand = {**plan.points[index], **plan.environment[run]}
        alone = simulate("quiet", days=3, seed=7, runs=2, overrides=set_by_hand, metrics=["price_usd"])
        assert kpis[index, run] == alone["price_usd"][run, 3]


def test_kpis_have_goals(tmp_path: Path) -> None:
    kpi = "aggregation: last, direction: up, threshold: 5, unit: QUIV, goal: enough, chance: 0.9, window: {from: 10}"
    text = FILE.replace("aggregation: last", kpi) + "goals: {enough: Enough for all}"
    experiment = read(tmp_path, text)
    (found,) = experiment.kpis
    assert (found.threshold, found.unit, found.goal, found.chance, found.window) == (
        5.0,
        "QUIV",
        "enough",
        0.9,
        (10, 30),
    )
    assert plan_of(experiment).goals == {"enough": "Enough for all"}
