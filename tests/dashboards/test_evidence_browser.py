"""A proposal's report in a browser, opened from a folder: figures, hostile texts, phones, paper, accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.evidence import pages
from tests.dashboards.cases import ALONE, HOSTILE, case_of, full, hostile
from tests.dashboards.test_site_browser import DRAW_ALL, NARROW, OVERFLOW, UNDRAWN, WIDE

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CASES = {"full": full, "hostile": hostile, "alone": lambda: case_of(ALONE, created=None)}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of each case, in a folder of its own."""
    folder = tmp_path_factory.mktemp("reports")
    for name, case in CASES.items():
        (folder / name).mkdir()
        for file, content in pages(case()).items():
            (folder / name / file).write_bytes(content)
    return folder


@contextmanager
def opened(browser: Browser, folder: Path, name: str, **options: Any) -> Iterator[Page]:
    """A report with all its figures drawn; whatever it says to the console or asks for besides itself is wrong."""
    context = browser.new_context(**{"viewport": WIDE, "color_scheme": "light"} | options)
    tab = context.new_page()
    address = (folder / name / "report.html").absolute().as_uri()
    wrong: list[str] = []
    tab.on("console", lambda said: wrong.append(said.text))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("dialog", lambda dialog: wrong.append(dialog.message))
    tab.on("request", lambda asked: wrong.append(asked.url) if not asked.url.startswith((address, "data:")) else None)
    tab.goto(address)
    tab.evaluate(DRAW_ALL)
    yield tab
    context.close()
    assert wrong == []


@pytest.mark.parametrize("name", CASES)
def test_every_figure_is_drawn_and_nobody_is_asked(browser: Browser, folder: Path, name: str) -> None:
    with opened(browser, folder, name) as tab:
        assert tab.evaluate(UNDRAWN) == []
        assert tab.locator("figure").count() > 5
        assert tab.locator("figure .caption:empty").count() == 0
        ids = tab.eval_on_selector_all("[id]", "all => all.map((one) => one.id)")
        assert len(ids) == len(set(ids))


def test_hostile_texts_are_shown_and_do_nothing(browser: Browser, folder: Path) -> None:
    """The policy lets no script run but the report's own, even one that stands in the page."""
    with opened(browser, folder, "hostile") as tab:
        shown = HOSTILE.replace("\u202e", "\N{REPLACEMENT CHARACTER}")
        assert tab.inner_text("h1") == shown
        assert tab.evaluate("document.querySelectorAll('main img, main script').length") == 0
        labels = tab.eval_on_selector_all("figure .ytick text", "all => all.map((one) => one.textContent)")
        assert any("<script>alert(1)" in label for label in labels)


def test_a_script_besides_does_not_run(browser: Browser, folder: Path, tmp_path: Path) -> None:
    page = (folder / "alone" / "report.html").read_text(encoding="utf-8")
    end = page.rindex("</body>")
    (tmp_path / "report.html").write_text(page[:end] + "<script>document.title = 'x'</script>" + page[end:])
    context = browser.new_context()
    tab = context.new_page()
    tab.goto((tmp_path / "report.html").as_uri())
    assert tab.title() == "Burn more"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_no_fault_of_accessibility(browser: Browser, folder: Path, scheme: str, width: dict[str, int]) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with opened(browser, folder, "full", viewport=width, color_scheme=scheme) as tab:
        found = Axe().run(tab).response["violations"]
        assert [f"{one['id']} at {one['nodes'][0]['target']}" for one in found] == []


@pytest.mark.parametrize("name", CASES)
def test_a_phone_shows_everything_within_its_width(browser: Browser, folder: Path, name: str) -> None:
    cut = """() => [...document.querySelectorAll("main *")].filter((one) => !one.closest(".scroll, pre, .hide"))
      .filter((one) => one.getBoundingClientRect().right > innerWidth + 1).map((one) => one.outerHTML.slice(0, 80))"""
    with opened(browser, folder, name, viewport=NARROW) as tab:
        assert tab.evaluate(OVERFLOW) == 0
        assert tab.evaluate(cut) == []
        tab.click("#menu")
        tab.click("nav a >> text=Provenance")
        assert tab.evaluate("location.hash") == "#provenance"


def test_dark_figures_follow_the_theme_and_paper_is_light(browser: Browser, folder: Path) -> None:
    paper = "document.querySelector('#effects-all .plot')._fullLayout.paper_bgcolor"
    with opened(browser, folder, "full", color_scheme="dark") as tab:
        assert tab.evaluate(paper) == "#14181d"
        tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert tab.evaluate(paper) == "#ffffff"
        tab.emulate_media(media="print")
        assert not tab.is_visible("nav")
        assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_without_scripts_the_tables_remain(browser: Browser, folder: Path) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((folder / "full" / "report.html").absolute().as_uri())
    assert tab.is_visible("noscript")
    assert tab.is_visible("table >> text=Treasury: Wealth of the treasury")
    context.close()
