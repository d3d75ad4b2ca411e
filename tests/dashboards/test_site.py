"""The published page: complete, safe, self-contained, the same every time."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

import dashboards
from dashboards import StoreError, load_store, publish
from dashboards.panels import MARKETPLACE, TOKEN
from tests.dashboards.synthetic import describe, seal, write_store

HOSTILE = "</script><script>alert(1)</script><b>bold</b> %{x} & <img src=https://evil.example/x>"


def figures(site: Path) -> dict:
    """The page's block of figures."""
    page = (site / "index.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'id="figures">(.*?)</script>', page, re.DOTALL)[1])


@pytest.fixture(scope="module")
def site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic store, published."""
    return publish(folder, tmp_path_factory.mktemp("site"))


def test_publishing_twice_gives_the_same_bytes(folder: Path, site: Path, tmp_path: Path) -> None:
    again = publish(folder, tmp_path / "again")
    files = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert all((site / f).read_bytes() == (again / f).read_bytes() for f in files)


def test_the_default_place_is_inside_the_store(folder: Path, tmp_path: Path) -> None:
    shutil.copytree(folder, tmp_path / "store")
    assert publish(str(tmp_path / "store")) == tmp_path / "store" / "site"


def test_the_page_asks_nobody_for_anything(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?\s*(?:https?:)?//""", page, re.IGNORECASE)
    assert "default-src 'none'" in page
    assert (site / "plotly.min.js").stat().st_size > 1_000_000


def test_every_figure_has_its_csv_and_its_provenance(site: Path) -> None:
    drawn = figures(site)["panels"]
    assert set(drawn) == {path.stem for path in (site / "data").glob("*.csv")} - {"kpis"}
    for views in drawn.values():
        for view in views.values():
            assert "seed 7" in view["subtitle"]
            assert "60 days" in view["subtitle"]
            assert re.search(r"\b12 (trajectories|runs|pairs)", view["subtitle"])


def test_a_view_per_setting_with_todays_first(site: Path) -> None:
    assert set(figures(site)["panels"]["fan-supply_quiv"]) == {str(d) for d in range(9)}
    page = (site / "index.html").read_text(encoding="utf-8")
    assert re.search(r'<option value="4" selected>.*\(today\)', page)


def test_the_table_marks_today_and_the_csv_holds_raw_units(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert page.count('<tr class="today">') == 1
    table = pd.read_csv(site / "data" / "kpis.csv")
    assert len(table) == 36
    assert table.loc[table["kpi"] == "treasury_end", "mean"].min() > 1e7


def test_landmarks_and_headings_are_in_order(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert all(f"<{tag}" in page for tag in ("header", "nav", "main", "footer"))
    assert page.index('class="skip"') < page.index("<header")
    levels = [int(level) for level in re.findall(r"<h([1-6])", page)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_markup_in_a_store_is_shown_as_text(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "hostile", runs=4)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest |= {"title": HOSTILE, "question": HOSTILE, "experiment": HOSTILE, "parameters": {HOSTILE: HOSTILE}}
    manifest["axes"][0]["label"] = manifest["kpis"][0]["label"] = manifest["metrics"]["supply_quiv"]["label"] = HOSTILE
    manifest["metrics"]["supply_quiv"]["unit"] = HOSTILE
    seal(folder, manifest)
    site = publish(folder)
    page = (site / "index.html").read_text(encoding="utf-8")
    assert page.count("<script") == 3
    assert "<img" not in page
    assert "<b>" not in page
    assert html.unescape(page).count(HOSTILE) >= 6
    views = figures(site)["panels"]["fan-supply_quiv"].values()
    drawn = _texts([[view["data"], view["layout"], view["title"]] for view in views])
    assert any("&lt;b&gt;bold" in text for text in drawn)
    assert not any("<b>" in text or "<script" in text for text in drawn)


def _texts(value: object) -> list[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in _texts(item)]


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=4)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["kpis"][0]["name"] = "../../escape"
    kpis = pd.read_parquet(folder / "kpis.parquet").rename(columns={"net_issuance": "../../escape"})
    kpis.to_parquet(folder / "kpis.parquet")
    seal(folder, manifest)
    site = publish(folder)
    assert (site / "data" / "heat-escape.csv").is_file() or list((site / "data").glob("heat-*escape.csv"))
    assert not list(tmp_path.glob("*.csv"))


def test_a_missing_metric_is_a_sentence(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=4)
    summary = pd.read_parquet(folder / "summary.parquet")
    absent = summary["metric"].str.startswith("stack_") | (summary["metric"] == "tvl_usd")
    summary[~absent].to_parquet(folder / "summary.parquet")
    seal(folder, json.loads((folder / "manifest.json").read_text()))
    page = (publish(folder) / "index.html").read_text(encoding="utf-8")
    assert "Not drawn: this store has no metric tvl_usd." in page
    assert "Not drawn: this store has none of the supply-stack metrics." in page


@pytest.mark.parametrize(
    "change",
    [
        {"kpis": []},
        {"metrics": {}},
        {"question": None},
        {"packages": None, "parameters": None, "experiment": None, "counts": None},
    ],
)
def test_a_sparse_manifest_still_makes_a_page(tmp_path: Path, change: dict) -> None:
    assert (publish(write_store(tmp_path / "store", runs=4, **change)) / "index.html").is_file()


def test_without_today_changes_count_from_the_first_setting(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=4)
    pd.read_parquet(folder / "design.parquet").assign(today=False).to_parquet(folder / "design.parquet")
    seal(folder, json.loads((folder / "manifest.json").read_text()))
    page = (publish(folder) / "index.html").read_text(encoding="utf-8")
    assert "Change from the first setting" in page


def test_one_setting_and_one_run_make_a_page(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=1)
    for name in ("design", "kpis", "summary"):
        table = pd.read_parquet(folder / f"{name}.parquet")
        table[table["design"] == 4].to_parquet(folder / f"{name}.parquet")
    seal(folder, json.loads((folder / "manifest.json").read_text()))
    page = (publish(folder) / "index.html").read_text(encoding="utf-8")
    assert "There is one setting" in page
    assert "<h2" in page
    for absent in ("Not drawn", "Trade-offs", 'id="paired"', "1 trajectories", "1 runs", "only setting", "written as"):
        assert absent not in page
    assert "1 trajectory; seed 7; 60 days" in page
    assert "burn share of the network fee 50" in page.lower()


def test_one_axis_has_no_trade_offs(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=4)
    for name in ("design", "kpis", "summary"):
        table = pd.read_parquet(folder / f"{name}.parquet")
        table[table["design"].isin([3, 4])].to_parquet(folder / f"{name}.parquet")
    seal(folder, json.loads((folder / "manifest.json").read_text()))
    page = (publish(folder) / "index.html").read_text(encoding="utf-8")
    assert "Trade-offs" not in page
    assert 'id="paired"' in page
    assert "written as" not in page
    assert "95 % interval; 4 pairs a setting" in page
    assert "1 settings" not in page


def test_the_page_says_what_its_intervals_are(site: Path) -> None:
    page = (site / "index.html").read_text(encoding="utf-8")
    assert "on its own" in page
    assert "at 95 % on its own" not in page
    assert "intervals that hold together at 95 % for all settings" in page


def test_what_was_changed_by_hand_is_shown(tmp_path: Path) -> None:
    plain = (publish(write_store(tmp_path / "plain", runs=2)) / "index.html").read_text(encoding="utf-8")
    assert "Changed by hand" not in plain
    folder = write_store(tmp_path / "store", runs=2, overrides={"fees.burn_share": 0.4}, preset="older")
    page = (publish(folder) / "index.html").read_text(encoding="utf-8")
    assert "<dt>Changed by hand</dt><dd>fees.burn_share = 0.4</dd>" in page
    assert "<dt>Scenario</dt><dd>whitepaper</dd>" in page
    assert "Preset" not in page


def test_a_foreign_page_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(StoreError, match=r"index\.html: this page was not made here"):
        publish(folder, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    with pytest.raises(StoreError, match="not a folder"):
        publish(folder, tmp_path / "index.html")


def test_a_page_of_ours_is_overwritten(folder: Path, tmp_path: Path) -> None:
    assert publish(folder, tmp_path) == publish(folder, tmp_path)


def test_another_format_is_refused(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=2, days=5, format=2)
    with pytest.raises(StoreError, match="the store has format 2, and this version reads 1 only"):
        load_store(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["format"]
    seal(folder, manifest)
    assert len(load_store(folder).design) == 9


@pytest.mark.parametrize(
    "name", ["manifest.json", "design.parquet", "kpis.parquet", "summary.parquet", "failures.parquet"]
)
def test_an_incomplete_store_is_named(tmp_path: Path, name: str) -> None:
    folder = write_store(tmp_path / "store", runs=2, days=5)
    (folder / name).unlink()
    with pytest.raises(StoreError, match=rf"store: {name} is missing"):
        publish(folder)
    assert not (folder / "site").exists()


def test_a_damaged_store_is_refused(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=2, days=5)
    kpis = pd.read_parquet(folder / "kpis.parquet")
    (folder / "kpis.parquet").write_bytes(b"not parquet")
    with pytest.raises(StoreError, match=r"kpis\.parquet does not match its checksum"):
        load_store(folder)
    seal(folder, describe(5, 2, 7))
    with pytest.raises(StoreError, match=r"kpis\.parquet cannot be read as Parquet"):
        load_store(folder)
    kpis.drop(columns="net_issuance").to_parquet(folder / "kpis.parquet")
    seal(folder, describe(5, 2, 7))
    with pytest.raises(StoreError, match=r"kpis\.parquet lacks the KPI net_issuance"):
        load_store(folder)
    pd.concat([kpis, kpis]).to_parquet(folder / "kpis.parquet")
    seal(folder, describe(5, 2, 7))
    with pytest.raises(StoreError, match="two rows for one design point and run"):
        load_store(folder)


@pytest.mark.parametrize("text", ["{", "[]", "{}"])
def test_a_damaged_manifest_is_refused(tmp_path: Path, text: str) -> None:
    folder = write_store(tmp_path / "store", runs=2, days=5)
    (folder / "manifest.json").write_text(text)
    with pytest.raises(StoreError, match=r"manifest\.json"):
        load_store(folder)


def test_no_folder_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no such folder"):
        publish(tmp_path / "nowhere")


def test_importing_the_package_imports_nothing_heavy() -> None:
    code = "import sys, dashboards; print(sorted({'pandas', 'plotly', 'numpy', 'jinja2', 'scipy'} & set(sys.modules)))"
    root = Path(dashboards.__file__).parents[1]
    found = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_marketplace_has_a_section_of_what_was_recorded(tmp_path: Path) -> None:
    """Only what the store recorded is drawn and spoken of; a store without any of it has no such section."""
    store = write_store(tmp_path / "store", days=30, runs=4)
    manifest = json.loads((store / "manifest.json").read_text(encoding="utf-8"))
    summary = pd.read_parquet(store / "summary.parquet")
    bare = summary[~summary["metric"].isin([*MARKETPLACE, *TOKEN])]
    busy = bare[bare["metric"] == "staking_ratio"].assign(metric="congestion")
    pages = []
    for rows in (bare, pd.concat([bare, busy], ignore_index=True)):
        rows.to_parquet(store / "summary.parquet")
        seal(store, manifest)
        pages.append((publish(store) / "index.html").read_text(encoding="utf-8"))
    without, having = pages
    assert "marketplace" not in without
    assert 'id="token"' not in having
    assert 'href="#marketplace"' in having
    assert {metric for metric in MARKETPLACE if f"fan-{metric}" in having} == {"congestion"}
