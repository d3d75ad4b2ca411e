"""The explorer without a browser: the address, what a store gives, what qualifies, paired bands, refusals, files."""

from __future__ import annotations

import json
import math
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from dashboards.explorer.answer import answer
from dashboards.explorer.bands import paired_bands
from dashboards.explorer.data import Library, StoreView
from dashboards.explorer.elements import Element, FigureElement, TableElement, TextElement
from dashboards.explorer.export import csv_of, filter_elements, html_of
from dashboards.explorer.filtering import filtered
from dashboards.explorer.guard import known
from dashboards.explorer.page import shown
from dashboards.explorer.parts import compare_part, fan_part, kpi_part
from dashboards.explorer.resolve import resolve
from dashboards.explorer.state import Selection, choice_of
from dashboards.explorer.theme import DARK
from dashboards.explorer.update import update
from dashboards.qualify import admissible, criteria, criteria_table, undominated
from dashboards.source import MissingMetricError
from experiments.errors import RequestError
from tests.dashboards.synthetic import seal, write_store

OPEN = (-math.inf, math.inf)


def limit(key: str, end: str) -> str:
    return json.dumps({"end": end, "key": key, "type": "limit"}, sort_keys=True, separators=(",", ":"))


CHOICE = Selection(
    view="filter",
    store="a b&c",
    metric="price_usd",
    design=3,
    against=0,
    kpi="apy",
    versus="tvl",
    run=7,
    limits={"fees.burn_share": (0.25, math.inf), "apy": (-math.inf, -1e-9), "tvl": (0.5, 1e12)},
)


def test_the_address_restores_the_choice() -> None:
    assert choice_of(CHOICE.query) == (CHOICE, [])
    assert choice_of("") == (Selection(), [])
    assert Selection().query == ""


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("?view=tiem", "found 'tiem'"),
        ("?design=-1", "a whole number from 0"),
        ("?run=²", "a whole number from 0"),
        ("?metrik=x", "nearest: metric"),
        ("?limits=a:x..2", "limits such as"),
        ("?limits=a:nan..2", "limits such as"),
        ("?limits=a", "limits such as"),
    ],
)
def test_an_address_that_says_nothing_gets_a_sentence(query: str, part: str) -> None:
    choice, problems = choice_of(query)
    assert choice == Selection()
    assert len(problems) == 1
    assert part in problems[0]


def test_a_part_depends_only_on_what_it_shows() -> None:
    other = replace(CHOICE, view="time", run=9)
    assert other.part("fan") == replace(other, run=1, kpi="x").part("fan")
    assert other.part("fan") != replace(other, metric="x").part("fan")
    assert other.part("filter") == ""


def test_what_is_left_open_is_filled_from_the_store(library: Library) -> None:
    choice, opened, problems = resolve(Selection(store="burn"), library)
    assert problems == []
    assert opened is not None
    assert (choice.metric, choice.against, choice.design) == ("price_usd", 4, 0)
    assert (choice.kpi, choice.versus) == ("net_issuance", "staking_end")


def test_what_the_store_has_not_is_named_and_replaced(library: Library) -> None:
    asked = Selection(store="burn", metric="pice_usd", design=99, run=12, limits={"treasury_ende": OPEN})
    choice, _, problems = resolve(asked, library)
    assert [problem.split(":")[0] for problem in problems] == ["metric", "setting", "run", "limits"]
    assert "nearest: price_usd" in problems[0]
    assert "nearest: treasury_end" in problems[3]
    assert (choice.metric, choice.design, choice.run, choice.limits) == ("price_usd", 0, 0, {})


@pytest.mark.parametrize("name", ["../outside", "/etc", "..", "burn/../../outside", "\\x"])
def test_a_path_outside_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    write_store(tmp_path / "inside" / "burn")
    write_store(tmp_path / "outside")
    library = Library(tmp_path / "inside")
    with pytest.raises(RequestError, match="is no store in"):
        library.open(name)


def test_a_link_that_leads_outside_is_no_store(tmp_path: Path) -> None:
    write_store(tmp_path / "inside" / "burn")
    write_store(tmp_path / "outside")
    (tmp_path / "inside" / "link").symlink_to(tmp_path / "outside")
    assert Library(tmp_path / "inside").names == ["burn"]


def test_a_store_is_its_own_library(folder: Path) -> None:
    library = Library(folder)
    assert library.names == ["burn"]
    assert len(library.open("burn").designs) == 9


def test_an_unfinished_store_says_how_far_it_is(tmp_path: Path, shelf: Path, swept: str) -> None:
    shutil.copytree(shelf / swept, tmp_path / "half")
    (tmp_path / "half" / "manifest.json").unlink()
    _, opened, problems = resolve(Selection(store="half"), Library(tmp_path))
    assert opened is None
    assert "unfinished (0 of 8 trajectories, stopped); quiver-sim status" in problems[0]


def test_damage_is_a_sentence(tmp_path: Path) -> None:
    place = write_store(tmp_path / "burn")
    library = Library(tmp_path)
    opened = library.open("burn")
    opened.check_parts()
    assert library.damage("burn") == ([], False)
    (place / "summary.parquet").write_bytes(b"PAR1 nothing")
    opened.check_parts()
    assert library.damage("burn") == (["burn: summary.parquet does not match its checksum"], False)
    with pytest.raises(RequestError, match=r"burn: summary.parquet cannot be read"):
        opened.days("price_usd", 0)
    (place / "summary.parquet").unlink()
    with pytest.raises(RequestError, match=r"summary.parquet is missing"):
        opened.days("price_usd", 0)


def test_damage_of_what_is_read_first_is_a_sentence(tmp_path: Path) -> None:
    place = write_store(tmp_path / "burn")
    (place / "kpis.parquet").write_bytes(b"")
    _, opened, problems = resolve(Selection(), Library(tmp_path))
    assert opened is None
    assert "kpis.parquet does not match its checksum" in problems[0]


def test_a_store_that_is_written_anew_is_read_anew(tmp_path: Path) -> None:
    write_store(tmp_path / "burn", runs=3)
    library = Library(tmp_path)
    before = library.open("burn")
    assert library.open("burn") is before
    write_store(tmp_path / "burn", runs=5)
    stamp = (tmp_path / "burn" / "manifest.json").stat().st_mtime + 5
    os.utime(tmp_path / "burn" / "manifest.json", (stamp, stamp))
    assert library.open("burn").manifest["runs"] == 5


def test_only_what_is_shown_is_read(library: Library) -> None:
    opened = library.open("burn")
    days = opened.days("staking_ratio", 3, 7)
    assert (set(days["metric"]), set(days["design"])) == ({"staking_ratio"}, {3, 7})
    assert len(days) == 2 * 61
    assert opened.days("staking_ratio", 3, 7) is days


def test_settings_within_limits_are_those_of_the_means(library: Library) -> None:
    opened = library.open("burn")
    found = criteria(opened)
    frame = criteria_table(opened, found)
    means = opened.kpis.groupby("design")["treasury_end"].mean()
    bar = float(means.median())
    inside = admissible(frame, {"treasury_end": (bar, math.inf), "fees.burn_share": (0.0, 0.3)})
    expected = [d for d in range(9) if means[d] >= bar and opened.design["fees.burn_share"][d] <= 0.3]
    assert list(frame["design"][inside]) == expected
    assert 0 < len(expected) < 9


def test_limits_hold_at_their_ends_and_nothing_missing_meets_one() -> None:
    frame = pd.DataFrame({"design": [0, 1, 2], "x": [1.0, 2.0, math.nan]})
    assert list(admissible(frame, {"x": (1.0, 1.0)})) == [True, False, False]
    assert list(admissible(frame, {"x": OPEN})) == [True, True, False]
    assert list(admissible(frame, {})) == [True, True, True]


def test_the_undominated_are_looked_for_within_the_limits(library: Library) -> None:
    opened = library.open("burn")
    by_key = {column.key: column for column in criteria(opened)}
    across, up = by_key["net_issuance"], by_key["staking_end"]
    frame = pd.DataFrame({"design": range(4), "net_issuance": [1.0, 2, 3, 0], "staking_end": [1.0, 3, 2, 9]})
    inside = np.array([True, True, True, False])
    assert list(undominated(frame, inside, across, up)) == [True, True, False, False]
    assert not undominated(frame, inside, across, by_key["price_swing"]).any()


def test_paired_bands_are_quantiles_of_differences_of_the_same_run() -> None:
    theirs = pd.DataFrame({0: [5.0, 9.0], 1: [1.0, 2.0], 2: [7.0, 7.0]}, index=[0, 7])
    ours = theirs[[2, 1, 0]] + pd.Series({0: 1.0, 1: 2.0, 2: 3.0})
    found = paired_bands(ours.assign(**{"9": 1.0}), theirs[[1, 0, 2]], "m", 4)
    assert list(found["day"]) == [0, 7]
    assert list(found["n"]) == [3, 3]
    assert list(found["p50"]) == [2.0, 2.0]
    assert list(found["p25"]) == [1.5, 1.5]
    assert list(found["mean"]) == [2.0, 2.0]


def test_compared_settings_show_bands_only_where_runs_are_kept(library: Library, swept: str) -> None:
    choice, opened, _ = resolve(Selection(view="compare", store=swept), library)
    assert opened is not None
    elements = compare_part(opened, choice)
    assert [type(element) for element in elements] == [FigureElement, TableElement]
    ours, theirs = (opened.trajectories("price_usd", d) for d in (choice.design, choice.against))
    assert ours is not None
    assert theirs is not None
    median = float((ours - theirs).iloc[-1].median())
    drawn = elements[0].figure  # type: ignore[union-attr]
    assert float(drawn.data[4].y[-1]) == pytest.approx(median, rel=1e-5, abs=1e-9)
    choice, opened, _ = resolve(Selection(view="compare", store="burn"), library)
    assert opened is not None
    kept = compare_part(opened, choice)
    assert [type(element) for element in kept] == [TextElement, TableElement]
    assert "keeps no trajectories" in kept[0].sentence  # type: ignore[union-attr]


def test_a_fan_shows_the_setting_and_what_it_is_compared_with(library: Library) -> None:
    choice, opened, _ = resolve(Selection(store="burn", metric="tvl_usd", design=8), library)
    assert opened is not None
    drawn = fan_part(opened, choice)[0]
    assert isinstance(drawn, FigureElement)
    days = opened.days("tvl_usd", 8)
    mine = days[days["design"] == 8]["p50"].to_numpy()
    factor = float(drawn.figure.data[4].y[-1]) / mine[-1]
    np.testing.assert_allclose(drawn.figure.data[4].y, mine * factor, rtol=1e-5)
    assert [trace.name for trace in drawn.figure.data if trace.name == "Median, today"] == ["Median, today"]


def test_the_distribution_of_a_kpi_is_its_runs(library: Library) -> None:
    choice, opened, _ = resolve(Selection(store="burn", kpi="price_swing"), library)
    assert opened is not None
    runs = kpi_part(opened, choice)[-1]
    assert isinstance(runs, FigureElement)
    mine = opened.kpis.loc[opened.kpis["design"] == choice.design, "price_swing"]
    np.testing.assert_allclose(runs.figure.data[0].x, np.sort(mine) * 100)
    assert runs.figure.data[0].y[-1] == 100


def test_a_limit_is_typed_in_shown_units(library: Library) -> None:
    found = update("?view=filter&store=burn", [(limit("staking_end", "low"), 21.2)], library)
    assert found.choice.limits == {"staking_end": (pytest.approx(0.212), math.inf)}
    shown_again = update(found.choice.query, [(limit("staking_end", "low"), 21.2)], library)
    assert shown_again.choice == found.choice
    opened = update(found.choice.query, [(limit("staking_end", "low"), None)], library)
    assert opened.choice.limits == {}


def test_a_brush_replaces_the_limits_in_raw_units(library: Library) -> None:
    ranges = {"fees.burn_share": [25, 35], "staking_end": None, "net_issuance": [[1, 2], [3, 4]]}
    found = update("?store=burn&limits=treasury_end:1..", [("brushed", ranges)], library)
    assert found.choice.limits == {"fees.burn_share": (0.25, 0.35), "net_issuance": (0.01, 0.04)}


def test_another_store_keeps_the_view_and_drops_what_belongs_to_the_old(library: Library, swept: str) -> None:
    found = update("?store=burn&view=compare&design=8&limits=treasury_end:1..", [("store", swept)], library)
    assert (found.choice.store, found.choice.view, found.choice.limits) == (swept, "compare", {})
    assert found.problems == []


def test_rows_and_points_choose_a_setting(library: Library) -> None:
    assert update("?store=burn", [("settings", [{"design": 7}])], library).choice.design == 7
    assert update("?store=burn", [("tradeoff", {"points": [{"customdata": 5}]})], library).choice.design == 5
    assert update("?store=burn&design=5", [("settings", [])], library).choice.design == 5


def test_the_filter_marks_and_lists_what_qualifies(library: Library) -> None:
    choice, opened, _ = resolve(Selection(view="filter", store="burn", limits={"fees.burn_share": (0.0, 0.5)}), library)
    assert opened is not None
    found = filtered(opened, choice)
    assert found.count == "6 of 9 settings qualify under 1 limit."
    assert [row["design"] for row in found.rows] == [0, 1, 2, 3, 4, 5]
    assert list(found.parallel.data[0].dimensions[0].constraintrange) == [0, 50]
    outside = next(trace for trace in found.tradeoff.data if trace.name == "Outside the limits")
    assert list(outside.customdata) == [6, 7, 8]


def test_text_of_a_store_is_escaped_in_a_saved_page(tmp_path: Path) -> None:
    place = write_store(tmp_path / "burn", title="<script>alert(1)</script>")
    manifest = json.loads((place / "manifest.json").read_text())
    manifest["kpis"][0]["label"] = "<img src=x>"
    seal(place, manifest)
    choice, opened, _ = resolve(Selection(view="filter"), Library(tmp_path))
    assert opened is not None
    page = html_of(opened, choice, filter_elements(opened, choice))
    assert "<script>alert" not in page
    assert "<img src=x>" not in page.replace("\\u003c", "<")
    assert "&lt;script&gt;alert(1)" in page


def test_a_saved_page_needs_nothing_else(library: Library) -> None:
    choice, opened, _ = resolve(Selection(store="burn"), library)
    assert opened is not None
    elements: list[Element] = [*fan_part(opened, choice), *kpi_part(opened, choice)]
    page = html_of(opened, choice, elements)
    assert page.count("plotly.js v") == 1
    assert page.count("Plotly.newPlot(") == len(elements)
    assert '<script src="http' not in page
    assert '"showSendToCloud": false' in page


@pytest.mark.parametrize(("view", "rows"), [("time", 2 * 61), ("filter", 9), ("compare", 24)])
def test_the_csv_has_the_numbers_of_the_view(library: Library, tmp_path: Path, view: str, rows: int) -> None:
    choice, opened, _ = resolve(Selection(view=view, store="burn"), library)
    assert opened is not None
    (tmp_path / "view.csv").write_text(csv_of(opened, choice), encoding="utf-8")
    assert len(pd.read_csv(tmp_path / "view.csv")) == rows


def test_dark_figures_have_no_ink_of_light_ones(library: Library) -> None:
    choice, opened, _ = resolve(Selection(store="burn"), library)
    assert opened is not None
    drawn = fan_part(opened, choice)[0]
    assert isinstance(drawn, FigureElement)
    light, dark = (json.dumps(shown(drawn.figure, wanted)) for wanted in (False, True))
    assert all(colour in light for colour in ("#1b1f24", "#ffffff"))
    assert not any(colour in dark for colour in DARK)


@pytest.mark.parametrize(
    ("asked", "host", "good"),
    [
        ("127.0.0.1:8050", "127.0.0.1", True),
        ("localhost:8050", "127.0.0.1", True),
        ("LOCALHOST", "127.0.0.1", True),
        ("[::1]:8050", "127.0.0.1", True),
        ("192.168.1.4:80", "0.0.0.0", True),
        ("desk.lan:80", "desk.lan", True),
        ("evil.example", "127.0.0.1", False),
        ("evil.example:8050", "0.0.0.0", False),
        ("127.0.0.1.evil.example:80", "127.0.0.1", False),
        ("", "127.0.0.1", False),
    ],
)
def test_other_names_for_the_server_are_refused(asked: str, host: str, good: bool) -> None:
    assert known(asked, host) is good


def test_a_part_that_cannot_be_drawn_is_a_sentence(library: Library) -> None:
    def nothing(opened: StoreView, choice: Selection) -> list[Element]:
        raise MissingMetricError("nothing moved between groups of accounts")

    for query, sentence in (("?", "Not drawn: nothing moved"), ("?store=elsewhere", "no such store")):
        (said,) = answer(query, False, library, nothing)
        assert sentence in said.children
