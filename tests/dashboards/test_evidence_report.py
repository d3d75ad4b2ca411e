"""A proposal's report: its numbers are the tables', hostile texts stay texts, and it asks nothing of the network."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import plotly.io as pio
import pytest

from dashboards.evidence import charts, report_files
from dashboards.figures.intervals import COLUMNS, frame, intervals
from dashboards.source import MissingMetricError
from experiments.proposals.attacks import COLUMNS as ATTACKED
from experiments.proposals.case import Case
from experiments.proposals.document import proposal_document
from experiments.proposals.document.blocks import (
    Block,
    Bullets,
    DataTable,
    Facts,
    Figures,
    Paragraph,
    ParameterChanges,
    References,
)
from experiments.proposals.markdown import to_markdown
from experiments.proposals.onchain.example import EXAMPLE
from experiments.proposals.pack import FIGURES, REPORT
from experiments.proposals.proposal_file import read_proposal
from experiments.proposals.simulate import simulate_proposal
from experiments.words import value_interval
from tests.dashboards.test_site_browser import NARROW, OVERFLOW, WIDE
from tests.proposals.packs import CREATED, TEXT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

COMMENT = "Growth <!--<script>"
LINKED = TEXT.replace("{name: growth,", f'{{name: growth, label: "{COMMENT}",').replace(
    'references: ["A paper, <b>1</b>"]', 'references: ["A paper, <b>1</b>", "https://a.org/x", "javascript:alert(2)"]'
)
FALSE = ("wash_trading", "congestion_toggle")


def attacked() -> pd.DataFrame:
    """What two attacks come to; the second's scenario cannot have the proposal."""
    rows: list[dict[str, Any]] = []
    for name, setting, profit in ((FALSE[0], "today", 900.0), (FALSE[0], "proposed", -20.0), (FALSE[1], "today", 5.0)):
        ends = {f"{a}_usd{end}": profit + d for a in ("capital", "profit", "loss") for end, d in ENDS}
        rows.append({"attack": f"attack_{name}", "setting": setting, **ends})
    rows.append({"attack": f"attack_{FALSE[1]}", "setting": "proposed"})
    return pd.DataFrame(rows, columns=list(ATTACKED))


ENDS = (("", 0.0), ("_low", -1.0), ("_high", 1.0))


@pytest.fixture(scope="module")
def case() -> Case:
    """A small case with hostile texts, attacks, and two scenarios."""
    proposal = read_proposal(LINKED, "a file")
    return Case(proposal, simulate_proposal(proposal, 0), attacked(), "0.0+abc", CREATED)


@pytest.fixture(scope="module")
def report(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report on disk."""
    file = tmp_path_factory.mktemp("report") / REPORT
    file.write_bytes(report_files(case)[REPORT])
    return file


@pytest.fixture
def tab(browser: Browser, report: Path) -> Iterator[Page]:
    """The report in a window, with what it asked for and said."""
    context = browser.new_context(viewport=WIDE)
    page = context.new_page()
    yield page
    context.close()


def body(case: Case) -> str:
    """The report without scripts and styles."""
    text = report_files(case)[REPORT].decode("utf-8")
    return re.sub(r"<(script|style)>.*?</\1>", "", text, flags=re.DOTALL)


def test_the_same_case_gives_the_same_bytes(case: Case) -> None:
    again = Case(case.proposal, case.outcomes.copy(), case.attacks.copy(), case.code, case.created)
    assert report_files(case) == report_files(again)


def test_parts_are_in_the_order_of_the_page(case: Case) -> None:
    heads = re.findall(r"<h2[^>]*>([^<]*)</h2>", body(case))
    assert heads[:4] == ["Summary", "Objective", "Specification", "Rationale and alternatives"]
    assert heads[4:7] == ["Who gains and who loses", "What attacks cost", "Where the effect turns"]
    assert heads[7:] == ["Risks, and what the model cannot say", "Review", "References", "Provenance"]


def test_figures_read_back_and_have_the_values_of_the_tables(case: Case) -> None:
    found = {name: pio.from_json(json.dumps(one)) for name, one in json.loads(report_files(case)[FIGURES]).items()}
    kpis = [kpi.name for kpi in case.proposal.kpis]
    many = {f"{kind}-{name.replace('_', '-')}" for kind in ("effect", "spread", "apart", "flips") for name in kpis}
    assert {name.replace("_", "-") for name in found} == many | {"chance-growth", "groups", "attacks"}
    rows = case.effects[(case.effects["kpi"] == "price_end") & (case.effects["setting"] == "proposed")]
    trace = next(one for one in found["effect-price_end"].data if one.name == "proposed")
    assert list(trace.y) == ["baseline, proposed", "crash, proposed"]
    assert np.allclose(trace.x, rows["difference"], rtol=1e-12)
    assert np.allclose(np.subtract(trace.x, trace.error_x.arrayminus), rows["difference_low"], rtol=1e-9)
    chance = next(one for one in found["chance-growth"].data if one.name == "proposed")
    rows = case.chances[case.chances["setting"] == "proposed"]
    assert np.allclose(np.add(chance.x, chance.error_x.array), 100.0 * rows["high"])
    assert np.allclose(np.subtract(chance.x, chance.error_x.arrayminus), 100.0 * rows["low"])
    treasury = case.groups[(case.groups["metric"] == "treasury_quiv") & (case.groups["setting"] == "proposed")].iloc[0]
    drawn = {y: x for one in found["groups"].data for y, x in zip(one.y, one.x, strict=True)}
    today = treasury["mean"] - treasury["difference"]
    assert drawn["treasury: treasury"] == pytest.approx(100.0 * treasury["difference"] / today, rel=1e-9)
    spread = found["spread-growth"].data
    base = case.outcomes[case.outcomes["scenario"] == "baseline"]
    for trace, setting in zip(spread, ("proposed", "today"), strict=True):
        assert np.allclose(trace.x, np.sort(base.loc[base["setting"] == setting, "growth"]), rtol=1e-12)
    assert [len(one.x) for one in found["attacks"].data] == [2, 2]


def test_the_spread_of_differences_is_that_of_runs_on_the_same_numbers(case: Case) -> None:
    """Beside that of the outcomes, and what is said of their widths is so."""
    base = case.outcomes[case.outcomes["scenario"] == "baseline"].pivot(index="run", columns="setting", values="growth")
    apart = base["proposed"] - base["today"]
    panels = {panel.id: panel.first for panel in charts.spread_figures(case)}
    assert list(panels["apart-growth"].figure.data[0].x) == pytest.approx(sorted(apart))
    times = float(f"{base['today'].std() / apart.std():.2g}")
    for name in ("spread-growth", "apart-growth"):
        said = re.search(r"today's runs is ([\d,.]+) times that of the differences", panels[name].caption)
        assert said is not None
        assert float(said[1].replace(",", "")) == times
    colours = {trace.name: trace.line.color for trace in panels["spread-growth"].figure.data}
    assert colours == {
        "Proposed": charts.setting_marks(case)["proposed"][0],
        "Today": charts.setting_marks(case)["today"][0],
    }
    everywhere = case.outcomes.assign(growth=case.outcomes["setting"].map({"today": 1.0}).fillna(2.0))
    same = {panel.id: panel.first for panel in charts.spread_figures(replace(case, outcomes=everywhere))}
    assert same["apart-growth"].caption == "In the baseline. Every run differs by the same from that run today."
    nothing = list(charts.spread_figures(replace(case, outcomes=case.outcomes.assign(growth=np.nan))))
    assert [panel.missing for panel in nothing[:2]] == ["Not drawn: there is no figure to draw."] * 2


def test_tables_have_the_numbers_of_the_case(case: Case) -> None:
    blocks = {section.id: section.blocks for section in proposal_document(case).sections}
    tables = {one.id: one for found in blocks.values() for one in found if isinstance(one, DataTable)}
    own = case.effects[case.effects["kpi"].isin([kpi.name for kpi in case.proposal.kpis])]
    for row, source in zip(tables["effects"].rows, own.to_dict("records"), strict=True):
        mean = value_interval(source["mean"], source["low"], source["high"], source["unit"])
        assert [cell.text for cell in row[2:5]] == [source["setting"], *mean]
    assert [row[4].text for row in tables["chances"].rows] == [
        f"{row.breached} of {row.n} runs" for row in case.chances.itertuples()
    ]
    assert len(tables["flips-table"].rows) == len(case.flips)
    marks = {"gains": "good", "loses": "bad"}
    outcomes = [cell for row in tables["groups-table"].rows for cell in row[4:6]]
    assert "loses" in {cell.text for cell in outcomes}
    assert [cell.mark for cell in outcomes] == [marks.get(cell.text, "") for cell in outcomes]
    points = next(one for one in blocks["summary"] if isinstance(one, Bullets))
    assert any("unstaked holders (wealth of holders, token price)" in said for _, said in points.items)
    attacks = tables["attacks-table"].rows
    assert [row[-1].text for row in attacks] == ["yes", "not seen", "yes", "cannot have the setting"]
    assert attacks[0][4].text == "$900.0"
    assert next(one for one in blocks["specification"] if isinstance(one, ParameterChanges)).rows == [
        ("fees.burn_share", "0.5", "0.6", "share of the network fee")
    ]
    assert blocks["references"] == [References(("A paper, <b>1</b>", "https://a.org/x", "javascript:alert(2)"))]


def texts_of(block: Block) -> list[str]:
    """Every text of a block, in order."""
    match block:
        case DataTable():
            return [column.label for column in block.columns] + [cell.text for row in block.rows for cell in row]
        case Bullets() | Facts():
            return [text for item in block.items for text in item]
        case ParameterChanges():
            return [text for row in block.rows for text in row]
        case References():
            return list(block.texts)
        case Paragraph():
            return [block.text]
        case Figures():
            return []


def test_both_forms_have_every_text_of_the_document(case: Case) -> None:
    document = proposal_document(case)
    texts = [document.title, document.intro, document.foot, *(section.title for section in document.sections)]
    texts += [text for section in document.sections for block in section.blocks for text in texts_of(block)]
    for form in (to_markdown(document), re.sub(r"<[^>]*>", "", body(case))):
        shown = flat(html.unescape(form))
        assert [text for text in texts if flat(text) not in shown] == []


def flat(text: str) -> str:
    """A text on one line, as both forms show it."""
    shown = text.replace("\N{WORD JOINER}", "")
    return " ".join(shown.replace("\\", "").split())


@pytest.mark.parametrize(
    ("value", "texts"),
    [
        ((198.95e6, 198.8e6, 199.1e6, "QUIV"), ["198.95\xa0million QUIV", "198.80 to 199.10"]),
        (
            (8e-8, 6e-8, 1e-7, "QUIV per token"),
            ["8e\N{MINUS SIGN}08\xa0QUIV per token", "6e\N{MINUS SIGN}08 to 1e\N{MINUS SIGN}07"],
        ),
        ((0.5, 0.4, 0.6, "share"), ["50\xa0%", "40 to 60"]),
        ((np.nan, np.nan, np.nan, "USD"), ["$\N{EM DASH}", "\N{EM DASH}"]),
    ],
)
def test_amounts_have_the_digits_of_their_interval(value: tuple[Any, ...], texts: list[str]) -> None:
    assert list(value_interval(*value)) == texts


def test_what_is_absent_is_said(case: Case) -> None:
    lines = [line for line in TEXT.splitlines() if not line.startswith(("alternatives", "environment", "  demand"))]
    text = "\n".join(line for line in lines if not line.startswith(("stress", "  - {name: crash")))
    proposal = read_proposal(text + "\nstress: []\n", "a file")
    left = case.outcomes[(case.outcomes["scenario"] == "baseline") & (case.outcomes["setting"] != "alternative 1")]
    nothing = left.assign(price_end=np.nan)
    bare = Case(proposal, nothing.reset_index(drop=True), case.attacks.iloc[:0], "0.0+abc", None)
    found = body(bare)
    for said in (
        "No attack was measured.",
        "attack_wash_trading",
        "No alternative was compared.",
        "Not drawn: there is no figure to draw.",
        "no map of contracts was given",
        "of no stated date",
        "nothing but chance",
    ):
        assert said in found, said
    assert body(
        replace(case, targets=EXAMPLE.read_text(encoding="utf-8"), proposal=replace(case.proposal, title="T"))
    ).count("setBurnShare(uint256)")


def test_a_chart_without_a_value_is_none() -> None:
    rows = frame([("a", "today", np.nan, np.nan, np.nan, "")])
    assert list(rows) == list(COLUMNS)
    with pytest.raises(MissingMetricError, match="no figure"):
        intervals(rows, {"today": ("#000000", "circle")}, "x")


def test_where_the_effect_turns_is_said(case: Case) -> None:
    flips = case.flips.assign(flips=(case.flips["part"] == "crash") & (case.flips["kpi"] == "growth"))
    turned = Case(case.proposal, case.outcomes, case.attacks, case.code, case.created)
    turned.__dict__["flips"] = flips
    said = {panel.id: panel.first.caption for panel in charts.turning_point_figures(turned)}
    assert said["flips-growth"] == "The effect turns in: scenario: crash."
    assert said["flips-price_end"] == "The effect turns in none of these parts."
    turned.__dict__["flips"] = flips.replace({"part": {"crash": COMMENT}})
    text = report_files(turned)[REPORT].decode("utf-8")
    assert "scenario: Growth \\u003c!--\\u003cscript>" in text, "in a sentence within a script"
    assert COMMENT not in text


def test_hostile_texts_stay_texts_and_nothing_is_asked_for(tab: Page, report: Path) -> None:
    asked: list[str] = []
    said: list[str] = []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("dialog", lambda dialog: (said.append(dialog.message), dialog.dismiss()))
    tab.on("pageerror", lambda error: said.append(str(error)))
    tab.on("console", lambda message: said.append(message.text))
    tab.goto(report.as_uri())
    draw_all(tab)
    assert said == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert "<script>alert(1)</script> | more" in tab.inner_text("h1")
    assert COMMENT in tab.inner_text("#effect-growth h3")
    assert tab.locator("main script, main img[src='x'], main b").count() == 0
    assert tab.locator("#references a").evaluate_all("links => links.map(link => link.href)") == ["https://a.org/x"]
    assert tab.locator("figure:not([data-drawn])").count() == 0


@pytest.mark.parametrize(("width", "scheme"), [(WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark")])
def test_it_can_be_read_by_all(browser: Browser, report: Path, width: Any, scheme: Any) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=width, color_scheme=scheme)
    page = context.new_page()
    page.goto(report.as_uri())
    page.evaluate("document.querySelectorAll('details').forEach(part => (part.open = true))")
    draw_all(page)
    faults, over = Axe().run(page).response["violations"], page.evaluate(OVERFLOW)
    context.close()
    assert (faults, over) == ([], 0)


def test_no_script_runs_but_the_reports_own(tab: Page, report: Path, tmp_path: Path) -> None:
    """The policy has the digests of its scripts: one that someone puts in besides does nothing."""
    text = report.read_text(encoding="utf-8")
    end = text.rindex("</body>")
    other = tmp_path / "report.html"
    other.write_text(f"{text[:end]}<script>document.title = 'x'</script>{text[end:]}", encoding="utf-8")
    tab.goto(other.as_uri())
    draw_all(tab)
    assert tab.title().startswith("Burn ")


def test_no_text_steers_its_direction(case: Case) -> None:
    """On the page, in its figures' sentences and labels, and in the figures as JSON."""
    titled = replace(case.proposal, title=f"{case.proposal.title}\u202e")
    steered = replace(case, proposal=titled, created="2026\u2067")
    steered.__dict__["flips"] = case.flips.replace({"part": {"crash": "cra\u202esh"}})
    for name, content in report_files(steered).items():
        text = content.decode("utf-8")
        assert re.findall("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", text) == []
        drawn = text[text.index("quiver.put(") :] if name == REPORT else text
        assert "cra\N{REPLACEMENT CHARACTER}sh" in drawn
        assert "\\u202e" not in drawn
    assert "*60*\N{REPLACEMENT CHARACTER}" in body(steered)


def test_paper_has_every_table(tab: Page, report: Path) -> None:
    tab.goto(report.as_uri())
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    tab.emulate_media(media="print")
    assert tab.locator("details").count() > 0
    assert tab.locator("details:not([open])").count() == 0


def draw_all(page: Page) -> None:
    """Scroll through, so that every figure is drawn."""
    page.evaluate(
        "async () => { for (let y = 0; y < document.body.scrollHeight; y += 500) {"
        " scrollTo(0, y); await new Promise(done => setTimeout(done, 30)); } }"
    )
    page.wait_for_function("document.querySelectorAll('figure:not([data-drawn])').length === 0")
