"""What the explorer simulates: the same run as the store's, a what-if paired with it, one at a time, cancelled."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboards.explorer import work
from dashboards.explorer.data import Library, StoreView
from dashboards.explorer.drill import trajectory_part
from dashboards.explorer.elements import FigureElement, TableElement, TextElement
from dashboards.explorer.jobs import Desk, Job
from dashboards.explorer.resolve import resolve
from dashboards.explorer.simulations import start
from dashboards.explorer.state import Selection
from dashboards.explorer.whatif import parameter_rows, read_changes, whatif_part, whatif_request
from dashboards.figures.sankey import links
from experiments.errors import RequestError

PATIENCE_S = 120


@pytest.fixture
def opened(library: Library, swept: str) -> StoreView:
    return library.open(swept)


def silent(_done: int, _total: int) -> None:
    """Nobody is told."""


def done(kind: str, given: dict[str, object], folder: Path) -> Job:
    """A task that is over, its results in a folder."""
    return Job(kind, given, folder, type("Ended", (), {"is_alive": lambda self: False})())


def test_a_trajectory_is_that_of_the_store(opened: StoreView, tmp_path: Path) -> None:
    work.trajectory(opened.plan, {"design": 1, "run": 2}, tmp_path, silent)
    found = pd.read_parquet(tmp_path / work.DAYS)
    stored = opened.trajectories("price_usd", 1)
    assert stored is not None
    np.testing.assert_array_equal(found["price_usd"].to_numpy(np.float32), stored[2].to_numpy(np.float32))
    said = json.loads((tmp_path / work.SAID).read_text())
    assert said["moved"]["receipt_burn"] > 0
    assert {event["kind"] for event in said["events"]} >= {"slash", "case"}


def test_the_drill_shows_the_path_the_flows_and_the_events(opened: StoreView, library: Library, tmp_path: Path) -> None:
    choice, _, _ = resolve(Selection(view="trajectory", store=opened.name, design=1, run=2), library)
    work.trajectory(opened.plan, {"design": 1, "run": 2}, tmp_path, silent)
    job = done("trajectory", {"store": opened.name, "design": 1, "run": 2}, tmp_path)
    path, flows, log = trajectory_part(opened, choice, job)
    assert isinstance(path, FigureElement)
    assert path.figure.data[-1].name == "Run 2"
    assert isinstance(flows, FigureElement)
    moved = json.loads((tmp_path / work.SAID).read_text())["moved"]
    assert sum(flows.figure.data[0].link.value) == pytest.approx(links(moved)["quiv"].sum(), rel=1e-4)
    assert isinstance(log, TextElement)
    other = trajectory_part(opened, replace(choice, run=1), job)
    assert [element.sentence for element in other if isinstance(element, TextElement)] == [
        "Run 1 of this setting is not simulated yet."
    ]


def test_a_what_if_that_changes_nothing_is_the_store_digit_for_digit(opened: StoreView, tmp_path: Path) -> None:
    plan = opened.plan
    work.whatif(plan, whatif_request(plan, 0, {"fees.burn_share": 0.3}, 4), tmp_path, silent)
    found = pd.read_parquet(tmp_path / work.RUNS)
    stored = opened.kpis[opened.kpis["design"] == 0]
    for name in opened.specs:
        np.testing.assert_array_equal(found[name], stored[name])
    days = pd.read_parquet(tmp_path / work.DAYS, filters=[("metric", "==", "price_usd")])
    kept = opened.days("price_usd", 0)
    np.testing.assert_array_equal(days["p50"], kept[kept["design"] == 0]["p50"])


def test_a_what_if_is_shown_beside_the_store_as_pairs(opened: StoreView, library: Library, tmp_path: Path) -> None:
    plan = opened.plan
    given = whatif_request(plan, 0, {"fees.burn_share": 0.5}, 3)
    work.whatif(plan, given, tmp_path, silent)
    choice, _, _ = resolve(Selection(view="whatif", store=opened.name, design=0), library)
    drawn, table = whatif_part(opened, choice, done("whatif", {"store": opened.name, **given}, tmp_path))
    assert isinstance(drawn, FigureElement)
    assert "fees.burn_share = 0.5; 3 runs" in drawn.note
    assert isinstance(table, TableElement)
    stored = opened.kpis.set_index(["design", "run"])["price_end"]
    expected = (stored[1] - stored[0]).loc[:2].mean()
    assert table.rows[0][-1] == "3"
    assert float(table.rows[0][1].split(" ")[0].replace("−", "-")) == pytest.approx(expected, abs=abs(expected) / 10)
    assert len(opened.kpis) == 8


@pytest.mark.parametrize(
    ("changes", "runs", "sentence"),
    [
        ({}, 2, "no new value is written"),
        ({"fees.burn_share": 1.2}, 2, "what if: fees.burn_share: found 1.2; allowed: a number from 0 to 1"),
        ({"fees.burn_share": 0.5}, 5, "runs: found 5; allowed: a whole number from 1 to 4"),
        ({"fees.burn_share": 0.5}, None, "runs: found nothing"),
        ({"demand.elasticity": 1.0}, 2, "draws it anew for each run"),
    ],
)
def test_a_wrong_what_if_is_refused(opened: StoreView, changes: dict[str, object], runs: object, sentence: str) -> None:
    with pytest.raises(RequestError, match=sentence):
        whatif_request(opened.plan, 0, changes, runs)


def test_the_table_has_what_governance_may_change(opened: StoreView) -> None:
    found = {row["name"]: row for row in parameter_rows(opened.plan, 1)}
    assert found["fees.burn_share"]["now"] == "0.5"
    assert found["fees.burn_share"]["allowed"] == "0 to 1"
    assert "population.holders" not in found
    table = [{"name": "fees.burn_share", "new": " 0.7 "}, {"name": "fees.network_share", "new": ""}]
    assert read_changes(table) == {"fees.burn_share": 0.7}


def test_a_store_whose_plan_is_none_cannot_be_simulated(library: Library) -> None:
    with pytest.raises(RequestError, match=r"plan\.json does not fit this code"):
        start(Desk(), library, "trajectory", Selection(store="burn"), [], 1)


def test_one_process_at_a_time_which_can_be_cancelled(library: Library, swept: str) -> None:
    desk = Desk()
    place = library.place(swept)
    first = desk.start("trajectory", place, {"design": 0, "run": 0})
    with pytest.raises(RequestError, match="One simulation at a time: a run is simulated"):
        desk.start("whatif", place, {"design": 0, "changes": {"fees.burn_share": 0.5}, "runs": 1})
    desk.cancel("trajectory")
    assert (first.running, first.finished, first.state) == (False, False, "Cancelled.")
    wrong = desk.start("trajectory", place, {"design": 7, "run": 0})
    wait(wrong)
    assert wrong.state.startswith("It failed:")
    second = desk.start("trajectory", place, {"design": 0, "run": 1})
    wait(second)
    assert (second.state, second.finished, second.far) == ("Done.", True, (24, 24))
    folder = second.folder
    desk.close()
    assert not folder.exists()


def wait(job: Job) -> None:
    """Until a task is over."""
    end = time.monotonic() + PATIENCE_S
    while job.running and time.monotonic() < end:
        time.sleep(0.05)
    assert not job.running
