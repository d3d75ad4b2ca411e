"""The published site as files: complete, safe, self-contained, the same every time."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

import dashboards
from dashboards import StoreError, load_store, publish
from experiments.errors import StoppedError
from tests.dashboards.sites import all_drawn, drawn, manifest_of, page, pages, views
from tests.dashboards.synthetic import describe, seal, write_store

HOSTILE = "</script><script>alert(1)</script><b>bold</b> %{x} & <img src=https://evil.example/x>"


def test_publishing_twice_gives_the_same_bytes(folder: Path, site: Path, tmp_path: Path) -> None:
    again = publish(folder, tmp_path / "again")
    files = sorted(p.relative_to(site) for p in site.rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    assert all((site / f).read_bytes() == (again / f).read_bytes() for f in files)


def test_the_default_place_is_inside_the_store(pair: Path) -> None:
    assert publish(str(pair)) == pair / "site"
    assert not list(pair.glob(".*"))


def test_a_page_for_each_subject_and_setting(site: Path) -> None:
    chapters = {"supply", "token", "staking", "treasury"}
    others = {"index", "settings", "sensitivity", "runs", "method", "provenance"}
    assert set(pages(site)) == chapters | others | {f"setting-{design}" for design in range(9)}


def test_every_link_leads_to_a_file_of_the_site(site: Path) -> None:
    for name, text in pages(site).items():
        for link in re.findall(r'(?:href|src)="([^"]+)"', text):
            if not link.startswith(("data:", "#")):
                assert (site / link.split("#")[0]).is_file(), (name, link)


def test_the_site_asks_nobody_for_anything(site: Path) -> None:
    for text in pages(site).values():
        assert not re.findall(r"""(?:src|href|action|url)\s*[=(]\s*["']?\s*(?:https?:)?//""", text, re.IGNORECASE)
        assert "default-src 'none'" in text
        assert "script-src 'self' file:;" in text
        assert not re.findall(r"<script(?![^>]* src=)", text)
    for path in (site / "assets").iterdir():
        assert "//" not in re.sub(r"^\s*//.*$|\s// .*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert (site / "plotly.min.js").stat().st_size > 1_000_000


def test_every_figure_and_table_has_its_csv(site: Path) -> None:
    written = {path.stem for path in (site / "data").glob("*.csv")}
    assert set(all_drawn(site)) < written
    tables = sum(text.count("<table") for text in pages(site).values())
    links = {name for text in pages(site).values() for name in re.findall(r'href="data/([^"]+)\.csv"', text)}
    assert links == written
    assert len(written - set(all_drawn(site)) - {"settings"}) == tables - 1, "the KPIs are a table on two pages"


def test_every_view_has_its_provenance(site: Path) -> None:
    for name in pages(site):
        panels = drawn(site, name)
        for panel in panels:
            for view in views(panels, panel).values():
                assert "seed 7" in view["subtitle"]
                assert "60 days" in view["subtitle"]
                assert re.search(r"\b(12|108) (trajectories|runs|pairs)", view["subtitle"])


def test_a_view_per_setting_with_todays_first(site: Path) -> None:
    assert set(drawn(site, "supply")["fan-supply_quiv"]["views"]) == {str(d) for d in range(9)}
    assert drawn(site, "supply")["fan-supply_quiv"]["first"] == "4"
    for text in pages(site).values():
        assert re.search(r'<option value="4" selected>.*\(today\)', text)


def test_the_table_marks_today_and_the_csv_holds_raw_units(site: Path) -> None:
    assert page(site).count('class="today"') == 1
    table = pd.read_csv(site / "data" / "kpis.csv")
    assert len(table) == 36
    assert table.loc[table["kpi"] == "treasury_end", "mean"].min() > 1e7


def test_landmarks_and_headings_are_in_order(site: Path) -> None:
    for name, text in pages(site).items():
        assert all(f"<{tag}" in text for tag in ("header", "nav", "main", "footer"))
        assert text.index('class="skip"') < text.index("<header")
        levels = [int(level) for level in re.findall(r"<h([1-6])", text)]
        assert levels[0] == 1
        assert levels.count(1) == 1
        assert all(after - before <= 1 for before, after in pairwise(levels))
        ids = re.findall(r'\bid="([^"]+)"', text)
        assert len(ids) == len(set(ids)), name
        assert text.count("aria-current") == (0 if name.startswith("setting-") else 1)
        assert "<noscript>" in text


def test_markup_in_a_store_is_shown_as_text(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "hostile", runs=4, days=10, designs=(3, 4, 6, 7))
    manifest = manifest_of(folder)
    manifest |= {"title": HOSTILE, "question": HOSTILE, "experiment": HOSTILE, "parameters": {HOSTILE: HOSTILE}}
    manifest |= {"name": HOSTILE, "mechanisms_off": [HOSTILE], "economy": {"shocks": [{"kind": HOSTILE}]}}
    manifest |= {"packages": {HOSTILE: HOSTILE}, "overrides": {HOSTILE: HOSTILE}, "hash": HOSTILE}
    manifest["axes"][0] |= {"label": HOSTILE, "unit": HOSTILE}
    manifest["kpis"][0] |= {
        "label": HOSTILE,
        "unit": HOSTILE,
        "goal": HOSTILE,
        "threshold": 0.1,
        "description": HOSTILE,
    }
    manifest["metrics"]["supply_quiv"] = {"label": HOSTILE, "unit": HOSTILE, "description": HOSTILE}
    failed = {"design": [3], "run": [3], "error": [HOSTILE]}
    pd.DataFrame(failed).to_parquet(folder / "failures.parquet")
    seal(folder, manifest)
    site = publish(folder)
    found = pages(site)
    assert len(found) == 14
    for name, text in found.items():
        scripts = re.findall(r"<script[^>]*>", text)
        assert all(re.fullmatch(r'<script src="(assets|data|plotly)[\w./-]*"( defer)?>', tag) for tag in scripts)
        assert "<img" not in text, name
        assert "<b>" not in text, name
        assert html.unescape(text).count(HOSTILE) >= 4, name
    assert html.unescape(found["provenance"]).count(HOSTILE) >= 10
    panels = drawn(site, "supply")
    texts = _texts(
        [[view["data"], view["layout"], view["title"]] for view in views(panels, "fan-supply_quiv").values()]
    )
    assert any("&lt;b&gt;bold" in text for text in texts)
    assert not any("<b>" in text or "<script" in text for text in texts)


def _texts(value: object) -> list[str]:
    """Every string inside a JSON value."""
    if isinstance(value, str):
        return [value]
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [text for item in items for text in _texts(item)]


def test_a_name_cannot_leave_the_folder(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=4, days=10, designs=(3, 4, 6, 7))
    manifest = manifest_of(folder)
    manifest["kpis"][0]["name"] = "../../escape"
    kpis = pd.read_parquet(folder / "kpis.parquet").rename(columns={"net_issuance": "../../escape"})
    kpis.to_parquet(folder / "kpis.parquet")
    seal(folder, manifest)
    site = publish(folder)
    assert (site / "data" / "heat-escape.csv").is_file() or list((site / "data").glob("heat-*escape.csv"))
    assert not list(tmp_path.glob("*.csv"))


def test_a_missing_metric_is_a_sentence(pair: Path) -> None:
    folder = pair
    summary = pd.read_parquet(folder / "summary.parquet")
    absent = summary["metric"].str.startswith("stack_") | (summary["metric"] == "tvl_usd")
    summary[~absent].to_parquet(folder / "summary.parquet")
    seal(folder, manifest_of(folder))
    site = publish(folder)
    assert "Not drawn: this store has no metric tvl_usd." in page(site)
    assert "Not drawn: this store has none of the supply-stack metrics." in page(site)
    assert "total value locked (tvl_usd)" in page(site, "staking")


@pytest.mark.parametrize(
    "change",
    [
        {"kpis": []},
        {"metrics": {}},
        {"question": None},
        {"packages": None, "parameters": None, "experiment": None},
    ],
)
def test_a_sparse_manifest_still_makes_a_site(tmp_path: Path, change: dict) -> None:
    site = publish(write_store(tmp_path / "store", runs=4, days=5, designs=(3, 4), **change))
    assert {"index", "settings", "method", "provenance", "setting-4"} <= set(pages(site))


def test_without_today_changes_count_from_the_first_setting(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=4, days=5, designs=(0, 3))
    pd.read_parquet(folder / "design.parquet").assign(today=False).to_parquet(folder / "design.parquet")
    seal(folder, manifest_of(folder))
    site = publish(folder)
    assert "Change from the first setting" in page(site, "settings")
    assert "Beside the first setting" in page(site, "setting-3")
    assert "Today" not in page(site, "setting-3")


def test_one_setting_and_one_run_make_a_site(tmp_path: Path) -> None:
    site = publish(write_store(tmp_path / "store", runs=1, days=5, designs=(4,)))
    assert set(pages(site)) == {"index", "supply", "token", "staking", "treasury", "method", "provenance"}
    assert "nothing to compare" in page(site)
    assert 'id="chooser"' not in page(site)
    assert "One run a setting, so there is no interval." in page(site)
    assert "burn share of the network fee 50" in page(site).lower()
    assert "1 trajectory; seed 7; 5 days" in page(site)
    for text in pages(site).values():
        for absent in (
            "Not drawn",
            "Trade-offs",
            'id="paired"',
            "1 trajectories",
            "1 runs",
            "only setting",
            "written as",
        ):
            assert absent not in text


def test_two_settings_make_a_site_without_heat_maps(pair: Path) -> None:
    site = publish(pair)
    text = page(site, "settings")
    assert "Trade-offs" not in text
    assert "written as" not in page(site)
    assert 'id="paired"' in text
    assert "95 % interval; 4 pairs a setting" in text
    assert "1 settings" not in text


def test_the_site_says_what_its_intervals_are(site: Path) -> None:
    assert "on its own" in page(site, "method")
    assert "at 95 % on its own" not in page(site, "method")
    assert "intervals that hold together at 95 % for all settings" in page(site, "settings")


def test_what_was_changed_by_hand_is_shown(site: Path, tmp_path: Path) -> None:
    assert "Changed by hand" not in page(site, "provenance")
    folder = write_store(tmp_path / "store", 5, 2, designs=(3, 4), overrides={"fees.burn_share": 0.4}, preset="older")
    text = page(publish(folder), "provenance")
    assert "<dt>Changed by hand</dt><dd>fees.burn_share = 0.4</dd>" in text
    assert "<dt>Scenario</dt><dd>whitepaper</dd>" in text
    assert "Preset" not in text


def test_a_foreign_folder_is_not_overwritten(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("mine")
    with pytest.raises(StoreError, match=r"index\.html: this was not made here"):
        publish(folder, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]
    with pytest.raises(StoreError, match="not a folder"):
        publish(folder, tmp_path / "index.html")
    (tmp_path / "index.html").rename(tmp_path / "thesis.pdf")
    with pytest.raises(StoreError, match=r"thesis\.pdf: this was not made here"):
        publish(folder, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.pdf"]


def test_a_site_of_ours_is_replaced_whole(pair: Path, tmp_path: Path) -> None:
    site = publish(pair, tmp_path / "published" / "site")
    (site / "data" / "stale.csv").write_text("old")
    assert publish(pair, site) == site
    assert not (site / "data" / "stale.csv").exists()
    assert [path.name for path in site.parent.iterdir()] == ["site"]


def test_another_format_is_refused(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=2, days=5, format=2)
    with pytest.raises(StoreError, match="the store has format 2, and this version reads 1 only"):
        load_store(folder)
    manifest = manifest_of(folder)
    del manifest["format"]
    seal(folder, manifest)
    assert len(load_store(folder).design) == 9


@pytest.mark.parametrize(
    "name", ["manifest.json", "design.parquet", "kpis.parquet", "summary.parquet", "failures.parquet"]
)
def test_an_incomplete_store_is_named(tmp_path: Path, name: str) -> None:
    folder = write_store(tmp_path / "store", runs=2, days=5)
    (folder / name).unlink()
    with pytest.raises(StoreError, match=rf"store: (no {name}|{name} is missing)"):
        publish(folder)
    assert not (folder / "site").exists()
    assert not list(folder.glob(".*"))


def test_a_site_that_cannot_be_finished_leaves_nothing(pair: Path, tmp_path: Path, monkeypatch) -> None:
    before = publish(pair, tmp_path / "published" / "site")
    text = page(before)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("dashboards.site.publish._csv", full)
    with pytest.raises(StoppedError, match="the disk is full"):
        publish(pair, before)
    assert page(before) == text
    assert [path.name for path in before.parent.iterdir()] == ["site"]


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
