"""What each page says: every recorded metric somewhere, goals, settings beside today's, assumptions, provenance."""

from __future__ import annotations

import html
import json
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from dashboards import StoreError, publish
from dashboards.labels import Labels
from dashboards.site.chapters import CHAPTERS, HEADLINES
from dashboards.site.grids import Table
from dashboards.site.method import parameter_table
from dashboards.site.pages import site_pages
from dashboards.source import load_store
from experiments.analysis.goals import goal_table, goals_of
from experiments.inputs.experiment import load_experiment
from model.metrics import METRICS
from model.parameters import REGISTRY
from tests.dashboards.sites import manifest_of, page, pages, with_goals
from tests.dashboards.synthetic import seal, write_store


def test_every_metric_has_one_chapter() -> None:
    named = [metric for chapter in CHAPTERS for metric in chapter.metrics]
    assert sorted(named) == sorted(METRICS)
    assert set(HEADLINES) <= set(named)
    several = {metric for chapter in CHAPTERS for recipe in chapter.figures for metric in recipe.needs}
    assert several <= set(named)


def test_the_demo_records_every_chapter_but_attacks() -> None:
    recorded = set(load_experiment("demo").metrics or METRICS)
    assert [c.id for c in CHAPTERS if not recorded & set(c.metrics)] == ["attacks"]
    assert {metric for c in CHAPTERS for recipe in c.figures for metric in recipe.needs} <= recorded


def test_every_recorded_metric_is_on_some_page(folder: Path) -> None:
    """Every metric that there is, and one that this version does not know."""
    store = load_store(folder)
    summary = store.summary[store.summary["design"].isin([3, 4]) & (store.summary["day"] < 4)]
    like = summary[summary["metric"] == "staking_ratio"]
    rows = pd.concat([like.assign(metric=name) for name in [*METRICS, "from_elsewhere"]])
    two = {name: getattr(store, name)[getattr(store, name)["design"].isin([3, 4])] for name in ("design", "kpis")}
    recorded = replace(store, summary=rows, **two)
    found = site_pages(recorded, Labels.of(store.manifest, recorded.design), {})
    drawn = {metric for one in found for panel in one.panels if panel.views for metric in panel.shows}
    assert {*METRICS, "from_elsewhere"} - drawn == set()
    assert [one.name for one in found if one.name == "others"] == ["others"]


def test_figures_of_several_metrics_take_the_place_of_their_fans(rich: Path) -> None:
    text = page(rich, "governance")
    assert text.index('id="proposals"') < text.index('id="fee-phase"') < text.index('id="fan-turnout"')
    assert 'id="fan-proposals_open"' not in text
    assert 'id="fan-fee_multiplier"' in text
    table = pd.read_csv(rich / "data" / "fee-phase.csv")
    assert {"design", "day", "congestion", "fee_multiplier"} == set(table)
    assert {"design", "fees.burn_share", "today"} <= set(pd.read_csv(rich / "data" / "settings.csv"))


def test_a_chapter_without_metrics_is_left_out_and_says_what_to_record(site: Path, rich: Path) -> None:
    assert "crew_cash_usd" in page(site)
    assert 'href="attacks.html"' not in page(site)
    assert 'href="attacks.html"' in page(rich)
    assert "attacks" in pages(rich)
    assert "attackers (crew_wealth_usd)" in page(rich, "attacks")


def test_goals_have_their_probability_interval_and_verdict(rich: Path) -> None:
    text = page(rich)
    table = pd.read_csv(rich / "data" / "goals.csv")
    assert len(table) == 18
    today = table[(table["goal"] == "secure") & (table["design"] == 4)].iloc[0]
    shown = f"{100 * today['share']:.0f} % ({100 * today['low']:.0f} to {100 * today['high']:.0f}) of {today['n']}"
    assert shown in text
    assert "secure: Staking ratio at the end at least 18.5" in text
    assert re.search(r'<td(?: class="(?:good|bad)")?>(met|not met|undecided)</td>', text)


def test_the_best_setting_of_a_goal_is_the_one_that_meets_it_most_often(rich: Path) -> None:
    table = pd.read_csv(rich / "data" / "goals.csv").set_index(["goal", "design"])["share"]
    best = int(table["funded"].idxmax())
    assert best != 4
    assert table["secure"].max() == table["secure"][4], "today meets it as often as any"
    text = page(rich).split('id="goals"')[1].split("</table>")[0]
    assert re.findall(r'<a href="setting-(\d)\.html">', text) == ["4", str(best)]


def test_a_settings_page_has_before_and_after_and_paired_differences(rich: Path) -> None:
    text = page(rich, "setting-0")
    assert re.search(r'50\N{NO-BREAK SPACE}%</td>\s*<td class="changed">30\N{NO-BREAK SPACE}%', text)
    assert len(re.findall(r'<td class="changed">', text)) == 2
    assert re.search(r'<td class="(good|bad)">(Better|Worse)</td>', text)
    table = pd.read_csv(rich / "data" / "kpis-0.csv").set_index("kpi")
    kpis = load_store_kpis(rich)
    pairs = kpis[kpis["design"] == 0].set_index("run") - kpis[kpis["design"] == 4].set_index("run")
    assert table.loc["treasury_end", "mean"] == pytest.approx(pairs["treasury_end"].mean(), rel=1e-6)
    assert 'href="supply.html"' in text
    assert 'href="quality.html"' in text


def load_store_kpis(site: Path) -> pd.DataFrame:
    """The KPIs of the store that the rich site was made from, remade."""
    folder = with_goals(site.parent / "again")
    return load_store(folder).kpis


def test_todays_page_compares_with_nothing(rich: Path) -> None:
    text = page(rich, "setting-4")
    assert "which other settings are compared with" in text
    assert "Difference" not in text
    assert 'class="changed"' not in text


def test_parameters_are_listed_with_unit_source_and_what_differs(site: Path) -> None:
    text = page(site, "method")
    assert "No parameter differs from its default" in text
    assert html.escape(REGISTRY["fees.burn_share"].source, quote=False) in text or "fees.burn_share" in text
    table = parameter_table("x", {"fees.burn_share": 0.9, "staking.unbonding_days": 21, "unknown.key": "a"})
    marks = {row.cells[0].text: row.cells[1].mark for row in table.rows}
    assert marks == {"fees.burn_share": "changed", "staking.unbonding_days": "", "unknown.key": ""}
    assert cells(table)[0][3].endswith("proposals")
    assert cells(table)[0][4] == REGISTRY["fees.burn_share"].source


def cells(table: Table) -> list[list[str]]:
    """A table's text."""
    return [[cell.text for cell in row.cells] for row in table.rows]


def test_changes_mechanisms_and_what_is_scripted_are_said(tmp_path: Path) -> None:
    economy = {"shocks": [{"day": 400, "kind": "provider_exit", "share": 0.3}], "noise": False, "attacks": []}
    economy |= {"start": {"day": 400, "minted": 10**18, "burned": 10**17}}
    values = {"fees.burn_share": 0.9, "launch.payments_day": 28}
    folder = write_store(
        tmp_path / "store", 5, 2, designs=(3, 4), parameters=values, economy=economy, mechanisms_off=["vesting"]
    )
    text = page(publish(folder), "method")
    assert "day 400, kind provider_exit, share 0.3" in text
    assert "payments from day 28" in text
    assert "a snapshot of a live network on its day 400, with 900\xa0million QUIV in being" in text
    assert "<dt>Attacks</dt><dd>none</dd>" in text
    assert "off: every draw at its mean" in text
    assert re.search(r'<code>vesting</code></th>\s*<td class="text changed">off', text)
    assert text.count('class="text changed"') == 1 + 2 * 2, "a mechanism, and two values in two tables"


def test_failures_and_digests_are_listed(pair: Path) -> None:
    folder = pair
    failed = pd.DataFrame({"design": [3], "run": [1], "seed": [7], "error": ["money was not conserved"]})
    failed.to_parquet(folder / "failures.parquet")
    seal(folder, manifest_of(folder))
    text = page(publish(folder), "provenance")
    assert "money was not conserved" in text
    assert "left out of every mean and band" in text
    assert "quiver-sim sweep burn-and-unbonding.yaml" in text
    assert all(digest in text for digest in manifest_of(folder)["parts"].values())


def morris(folder: Path, kpi: str = "treasury_end") -> Path:
    """The folder of a sensitivity analysis."""
    row = {
        "kpi": kpi,
        "factor": "fees.burn_share",
        "mu": -1.5e6,
        "mu_star": 1.5e6,
        "low": 1e6,
        "high": 2e6,
        "sigma": 3e5,
    }
    sobol = {"kpi": kpi, "factor": "fees.burn_share", "first": 0.61, "first_low": 0.5, "first_high": 0.7}
    sobol |= {"total": 0.83, "total_low": 0.7, "total_high": 0.9}
    folder.mkdir()
    (folder / "sensitivity.json").write_text(json.dumps({"screening": [row], "indices": [sobol]}))
    return folder


def test_a_sensitivity_analysis_is_shown(pair: Path, tmp_path: Path) -> None:
    site = publish(pair, tmp_path / "site", morris(tmp_path / "analysis"))
    text = page(site, "sensitivity")
    assert "<code>fees.burn_share</code>" in text
    assert re.search(r"<td[^>]*>1.5</td>\s*<td[^>]*>1 to 2</td>\s*<td[^>]*>−1.5</td>", text)
    assert "million QUIV" in text
    assert "0.83" in text
    assert 'href="sensitivity.html"' in page(site)
    assert len(pd.read_csv(site / "data" / "screening.csv")) == 1


def test_a_sensitivity_analysis_of_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"has no sensitivity\.json"):
        publish(folder, tmp_path / "site", tmp_path)
    with pytest.raises(StoreError, match="is about the KPI other"):
        publish(folder, tmp_path / "site", morris(tmp_path / "other", "other"))
    broken = morris(tmp_path / "broken") / "sensitivity.json"
    for text, sentence in (("{", "not valid JSON"), ("{}", "nothing to show"), ('{"indices": [1]}', "lacks one")):
        broken.write_text(text)
        with pytest.raises(StoreError, match=sentence):
            publish(folder, tmp_path / "site", broken.parent)
    assert not (tmp_path / "site").exists()


def test_where_a_goal_fails_is_said(tmp_path: Path) -> None:
    folder = with_goals(tmp_path / "store")
    text = page(publish(folder), "sensitivity")
    store = load_store(folder)
    found = goal_table(store.kpis, goals_of(store.manifest["kpis"])).set_index(["goal", "design"])
    fails = int((found.loc["secure", "n"] - found.loc["secure", "met"]).sum())
    assert "Where secure fails" in text
    assert f"The goal fails in {fails} of 108 cases" in text


def test_without_a_grid_there_is_one_sentence_and_no_map(tmp_path: Path) -> None:
    folder = write_store(tmp_path / "store", runs=4, days=5, designs=(0, 4, 8))
    design = pd.read_parquet(folder / "design.parquet")
    spread = design.assign(**{key: design[key] + 0.01 * design["design"] for key in ("fees.burn_share",)})
    spread["staking.unbonding_days"] = 7 + spread["design"]
    spread.to_parquet(folder / "design.parquet")
    seal(folder, manifest_of(folder))
    text = page(publish(folder), "settings")
    assert text.count("No two parameters of this sweep form a grid") == 1
    assert "Not drawn" not in text
