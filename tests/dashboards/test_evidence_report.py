"""A proposal's report: its parts, the numbers in them, what it says where something is absent, and its figures."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from typing import Any

import numpy as np
import pandas as pd
import plotly.io as pio
import pytest

from dashboards.evidence import pages
from dashboards.evidence.closing import pieces
from dashboards.evidence.parts import Part, span
from dashboards.evidence.report import parts
from experiments.proposals.case import Case
from experiments.proposals.groups import PREFIX
from experiments.words import figure
from tests.dashboards.cases import ALONE, HOSTILE, KPIS, case_of, full, hostile

TITLES = [
    "Summary",
    "Objective",
    "Specification",
    "Rationale and alternatives",
    "Who gains and who loses",
    "What attacks cost",
    "Where the effect turns",
    "Risks, and what the model cannot say",
    "Review",
    "References",
    "Provenance",
]


@pytest.fixture(scope="module")
def case() -> Case:
    return full()


@pytest.fixture(scope="module")
def made(case: Case) -> dict[str, bytes]:
    return pages(case)


@pytest.fixture(scope="module")
def found(case: Case) -> list[Part]:
    return parts(case)


def html(made: dict[str, bytes]) -> str:
    return made["report.html"].decode("utf-8")


def body(made: dict[str, bytes]) -> str:
    """What lies between a page's header and its footer."""
    page = html(made)
    return page[page.index("<main") : page.index("</main>")]


def text(made: dict[str, bytes]) -> str:
    """What a page says, without its scripts and tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body(made))).split())


def charts(made: dict[str, bytes]) -> dict[str, dict[str, object]]:
    return dict(json.loads(made["figures.json"]))


def cells(part: Part, table: str) -> list[list[str]]:
    """The texts of a table whose title begins so."""
    sheets = [block.sheet for block in part.blocks if block.sheet and block.sheet.title.startswith(table)]
    return [[cell.text for cell in row.cells] for found in sheets for row in found.rows]


def difference(row: Any) -> list[str]:
    """A difference, its interval and its unit, as they are printed."""
    return [figure(row.difference), span(row.low, row.high), row.unit]


def dots(chart: dict[str, object]) -> dict[str, list[tuple[float, float, float]]]:
    """Means with the ends of their intervals by what the dot is called."""
    drawn: dict[str, list[tuple[float, float, float]]] = {}
    for trace in pio.from_json(json.dumps(chart)).data:
        for x, (low, high, said) in zip(trace.x, trace.customdata, strict=True):
            drawn.setdefault(unescape(said), []).append((x, low, high))
    return drawn


def test_the_same_case_gives_the_same_bytes(made: dict[str, bytes]) -> None:
    assert pages(full()) == made
    assert set(made) == {"report.html", "figures.json"}


def test_the_report_has_its_parts_in_order(made: dict[str, bytes], found: list[Part]) -> None:
    assert [part.title for part in found] == TITLES
    assert [unescape(head) for head in re.findall(r"<h2[^>]*>(.*?)</h2>", html(made))] == TITLES
    assert re.findall(r'<li><a href="#([^"]*)">', html(made)) == [part.id for part in found]
    assert len({part.id for part in found}) == len(found)


def test_the_summary_has_the_answer(found: list[Part]) -> None:
    answer = found[0].blocks[0].answer
    assert answer.startswith("Asked: fees.burn_share from 0.5 to 0.6 (share of the network fee). Of 1 goal in the base")
    assert "today 0 met, 0 not met, 1 undecided" in answer
    assert re.search(r"Gains, by at least one figure: providers; .*validators; treasury\. Loses.*: consumers, ", answer)


def test_the_change_is_a_diff(found: list[Part], made: dict[str, bytes]) -> None:
    signs = [sign for block in found[2].blocks for sign in block.diff]
    assert signs == [("", "fees.burn_share (share of the network fee)"), ("-", "0.5"), ("+", "0.6")]
    assert "<del>- 0.5</del>\n<ins>+ 0.6</ins>" in html(made)
    row = ["fees.burn_share", "0.5", "0.6", "+20\N{NO-BREAK SPACE}%", "share of the network fee"]
    assert cells(found[2], "Values") == [row]
    assert {row[-1] for row in cells(found[2], "Rails")} == {"yes"}


def test_tables_have_the_numbers_of_the_case(case: Case, found: list[Part]) -> None:
    """Every row of the case's tables is there, and each number is printed as the page for a forum prints it."""
    for kpi, label in (("growth", "Growth"), ("price_end", "Token price")):
        rows = case.effects[case.effects["kpi"] == kpi]
        shown = cells(found[3], label)
        assert [row[:2] for row in shown] == [[r.scenario, r.setting.capitalize()] for r in rows.itertuples()]
        assert [row[3:5] for row in shown] == [[figure(r.mean), span(r.low, r.high)] for r in rows.itertuples()]
        expected = [[figure(r.difference), span(r.difference_low, r.difference_high)] for r in rows.itertuples()]
        assert [row[5:7] for row in shown] == expected
        flips = case.flips[case.flips["kpi"] == kpi]
        turned = [[*difference(r), "yes" if r.flips else "no"] for r in flips.itertuples()]
        assert [row[4:] for row in cells(found[6], label)] == turned
        assert {row[-1] for row in turned} == {"yes", "no"}
    chances = [[f"{r.breached} of {r.n} runs", f"{100 * r.breach_share:.1f}"] for r in case.chances.itertuples()]
    assert [row[3:5] for row in cells(found[1], "Growth")] == chances
    groups = case.groups[(case.groups["setting"] == "proposed") & (case.groups["scenario"] == "crash")]
    shown = cells(found[4], "Groups in the scenario crash")
    assert [row[3:6] for row in shown] == [difference(r) for r in groups.itertuples()]
    assert [row[8] for row in shown] == list(groups["outcome"])
    attacks = [[figure(r.profit_usd), span(r.profit_usd_low, r.profit_usd_high)] for r in case.attacks.itertuples()]
    assert [row[4:6] for row in cells(found[5], "Attacks")] == attacks


def test_spreads_are_those_of_the_outcomes(case: Case, found: list[Part], made: dict[str, bytes]) -> None:
    base = case.outcomes[case.outcomes["scenario"] == "baseline"].pivot(index="run", columns="setting", values="growth")
    apart = base["proposed"] - base["today"]
    rows = {row[1]: row for row in cells(found[3], "Spreads") if row[0] == "Growth"}
    assert rows["Today"][3] == figure(base["today"].median())
    assert rows["Difference"][3:5] == [figure(apart.median()), span(*apart.quantile([0.05, 0.95]))]
    unpaired = np.sqrt(base["proposed"].var() + base["today"].var())
    assert rows["Difference"][5] == f"{figure(apart.std())} (unpaired {figure(unpaired)})"
    marginal = {str(trace["name"]): trace["x"] for trace in charts(made)["spread-1-growth"]["data"]}  # type: ignore[attr-defined]
    assert marginal == {"Proposed": sorted(base["proposed"]), "Today": sorted(base["today"])}
    paired = charts(made)["spread-1-growth-paired"]["data"][0]  # type: ignore[index]
    assert paired["x"] == pytest.approx(sorted(apart))


def test_figures_have_the_numbers_of_the_case(case: Case, made: dict[str, bytes]) -> None:
    """Read back by plotly; a table has a figure each, and dots are its rows at full precision."""
    drawn = charts(made)
    kinds = ("chance", "effects", "effect", "spread", "groups", "attacks", "turns")
    assert {name.split("-")[0] for name in drawn} == set(kinds)
    row = case.effects.query("scenario == 'crash' and kpi == 'price_end' and setting == 'proposed'").iloc[0]
    ends = row[["difference", "difference_low", "difference_high"]]
    assert dots(drawn["effect-2-price_end"])["crash: Proposed"] == [tuple(ends)]
    base = case.effects.query("scenario == 'baseline' and kpi == 'growth'").set_index("setting")
    share = 100.0 * base.loc["proposed", "difference"] / base.loc["today", "mean"]
    assert dots(drawn["effects-all"])["Growth: Proposed"][0][0] == pytest.approx(share)
    chance = case.chances.query("scenario == 'baseline' and setting == 'today'").iloc[0]
    expected = [pytest.approx(100.0 * chance[name]) for name in ("breach_share", "low", "high")]
    assert dots(drawn["chance-1-growth"])["baseline: Today"] == [tuple(expected)]
    assert dots(drawn["attacks"])["Wash trading: Proposed"] == [(-154.5, -164.5, -144.5)]
    group = case.groups.query("scenario == 'baseline' and setting == 'proposed' and metric == 'treasury_quiv'").iloc[0]
    today = case.effects.query(f"scenario == 'baseline' and setting == 'today' and kpi == '{PREFIX}treasury_quiv'")
    share = 100.0 * group["difference"] / today["mean"].iloc[0]
    assert dots(drawn["groups-1-baseline"])["Treasury: Treasury: Gains"][0][0] == pytest.approx(share)
    turned = case.flips.query("kpi == 'growth' and part == 'crash'").iloc[0]
    assert turned["flips"]
    assert dots(drawn["turns-1-growth"])["Scenario: crash: Turns"] == [tuple(turned[["difference", "low", "high"]])]


def test_a_figure_shows_what_its_dots_are_judged_by(case: Case, made: dict[str, bytes]) -> None:
    chance = pio.from_json(json.dumps(charts(made)["chance-1-growth"]))
    assert [shape.x0 for shape in chance.layout.shapes] == [50.0]
    assert [note.text for note in chance.layout.annotations] == ["asked: at most 50 %"]
    turns = pio.from_json(json.dumps(charts(made)["turns-1-growth"]))
    whole = case.flips.query("kpi == 'growth' and part == 'baseline'").iloc[0]
    assert [(shape.x0, shape.x1) for shape in turns.layout.shapes] == [(whole["low"], whole["high"]), (0.0, 0.0)]


def test_settings_keep_their_colours(made: dict[str, bytes]) -> None:
    """A setting looks the same in every figure, and no two look alike."""
    looks: dict[str, set[tuple[str, str]]] = {}
    for name in ("chance-1-growth", "effects-all", "effect-1-growth", "attacks"):
        for trace in charts(made)[name]["data"]:  # type: ignore[attr-defined]
            looks.setdefault(trace["name"], set()).add((trace["marker"]["color"], trace["marker"]["symbol"]))
    assert set(looks) == {"Today", "Proposed", "Alternative 1: burn share 0.55", "Alternative 2: burn share 0.4"}
    assert all(len(found) == 1 for found in looks.values())
    assert len({look for found in looks.values() for look in found}) == 4


def test_what_is_absent_is_said() -> None:
    said = text(pages(case_of(ALONE, created=None)))
    for words in (
        "No alternative was given to compare.",
        "The proposal's file has nothing that no one decides, so there are no thirds.",
        "No attack was measured, so there is no figure.",
        "Attacks that the change can touch and that were not measured:",
        "No map of contracts was given, so there are no calls for the chain.",
        "The evidence, of no stated date, counts for 90 days.",
        "Date of the evidence not stated",
    ):
        assert words in said, words


def test_an_attack_without_figures_is_named(made: dict[str, bytes]) -> None:
    said = text(made)
    assert "as its scenario cannot have the setting: Wash rebates (today); Wash rebates (proposed)." in said
    assert "Of 2 attacks, it is seen to pay: 1 today and 0 as proposed." in said


def test_gaps_are_shown_as_gaps(case: Case) -> None:
    """A mean of zero has no percent, and runs without a value no dot; with no value at all nothing is drawn."""
    outcomes = case.outcomes.copy()
    outcomes.loc[outcomes["setting"] == "today", "growth"] = 0.0
    outcomes["price_end"] = np.nan
    made = pages(replace(case, outcomes=outcomes))
    assert "Not in it, as today's mean is zero or unknown: Growth; Token price." in text(made)
    assert "effects-all" not in charts(made)
    assert {"effect-1-growth", "spread-1-growth"} <= set(charts(made))
    assert not {"effect-2-price_end", "spread-2-price_end", "turns-2-price_end"} & set(charts(made))
    outcomes.iloc[:, 3:] = np.nan
    assert set(charts(pages(replace(case, outcomes=outcomes)))) == {"attacks"}


def test_kpis_of_one_label_are_told_apart() -> None:
    twice = [ALONE["kpis"][0], KPIS[1] | {"label": "Growth"}]  # type: ignore[index]
    drawn = charts(pages(case_of(ALONE | {"kpis": twice})))
    assert list(dots(drawn["effects-all"])) == ["Growth (growth): Proposed", "Growth (price_end): Proposed"]


def test_hostile_text_stays_text() -> None:
    made = pages(hostile())
    page = html(made)
    assert "\u202e" not in page
    assert "49" not in re.findall(r"<h1>(.*?)</h1>", page)[0]
    assert page.count("<script>") == page.count("</script>") == html(pages(full())).count("<script>") == 6
    assert re.findall(r"<img|onerror=(?!alert\(2\)&gt;)", body(made)) == []
    assert HOSTILE.replace("\u202e", "\N{REPLACEMENT CHARACTER}") in text(made)
    for chart in charts(made).values():
        for trace in chart["data"]:  # type: ignore[attr-defined]
            words = [trace["name"], *(row[2] for row in trace.get("customdata", []))]
            assert [word for word in words if "<" in word or "%{" in word] == []
        labels = chart["layout"]["yaxis"].get("ticktext", [])  # type: ignore[index]
        assert [label for label in labels if "<" in label.replace("<br>", "")] == []


def test_only_addresses_of_the_web_become_links(made: dict[str, bytes]) -> None:
    assert pieces("See https://example.org/a?b=1, and (http://example.org/c).") == [
        ("See ", ""),
        ("https://example.org/a?b=1", "https://example.org/a?b=1"),
        (", and (", ""),
        ("http://example.org/c", "http://example.org/c"),
        (").", ""),
    ]
    for other in ("javascript:alert(3)", "data:text/html,x", "file:///etc/passwd", "//example.org", "xhttp//a"):
        assert pieces(other) == [(other, "")]
    links = re.findall(r'<a href="([^#"][^"]*)"([^>]*)>', body(made))
    wanted = ("https://example.org/a?b=1", "http://example.org/c")
    assert links == [(address, ' rel="noopener noreferrer"') for address in wanted]


def test_an_interval_that_is_none_is_a_dash() -> None:
    assert span(float("nan"), 1.0) == "-"
    assert span(-2.0, 1e7) == "-2 to 10 M"


def test_more_alternatives_than_colours() -> None:
    others = [{"fees.burn_share": 0.45 + place / 100} for place in range(4)] + [
        {"fees.network_share": 0.151 + place / 1000} for place in range(5)
    ]
    drawn = charts(pages(case_of(ALONE | {"alternatives": others})))
    traces = pd.DataFrame([trace["marker"] for trace in drawn["effects-all"]["data"]])  # type: ignore[arg-type]
    assert len(traces) == 10
    assert not traces[["color", "symbol"]].duplicated().any()
