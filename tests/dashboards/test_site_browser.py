"""The published site in a browser, opened from a folder: figures, the setting, the theme, phones, accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from dashboards.source import Store
from tests.dashboards.sites import drawn, pages, views

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDE, NARROW = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
DRAW_ALL = """async () => {
  for (const figure of document.querySelectorAll("figure")) {
    figure.scrollIntoView();
    await new Promise((done) => requestAnimationFrame(() => setTimeout(done, 30)));
  }
}"""
UNDRAWN = "[...document.querySelectorAll('figure')].filter((f) => !f.querySelector('.main-svg')).map((f) => f.id)"
OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def tab(browser: Browser) -> Iterator[Page]:
    """A page of the browser that notes what goes wrong, and is asked at the end whether anything did."""
    context = browser.new_context(viewport=WIDE, color_scheme="light")
    found = context.new_page()
    wrong: list[str] = []
    found.on("console", lambda said: wrong.append(said.text) if said.type in ("error", "warning") else None)
    found.on("pageerror", lambda error: wrong.append(str(error)))
    found.on("request", lambda asked: wrong.append(asked.url) if not ours(asked.url) else None)
    yield found
    context.close()
    assert wrong == []


def ours(address: str) -> bool:
    """Whether a request stays on this machine's disk."""
    return address.startswith(("file:", "data:", "blob:"))


def opened(tab: Page, site: Path, name: str, query: str = "") -> Page:
    """A page of the site from its file."""
    tab.goto((site / f"{name}.html").absolute().as_uri() + query)
    return tab


def curve(tab: Page, figure: str, name: str) -> list[float]:
    """The values of a curve that is drawn."""
    script = "([id, name]) => [...document.querySelector(`#${id} .plot`).data.find((t) => t.name === name).y]"
    return list(tab.evaluate(script, [figure, name]))


def test_every_page_draws_every_figure(tab: Page, rich: Path) -> None:
    for name in pages(rich):
        opened(tab, rich, name)
        tab.evaluate(DRAW_ALL)
        assert tab.evaluate(UNDRAWN) == [], name
        assert tab.locator("figure").count() == len(drawn(rich, name))


def test_figures_far_away_wait(tab: Page, rich: Path) -> None:
    opened(tab, rich, "index")
    assert tab.evaluate("document.querySelectorAll('.main-svg').length") == 0
    tab.evaluate("document.getElementById('supply-stack').scrollIntoView()")
    tab.wait_for_selector("#supply-stack .main-svg")
    assert "fan-treasury_quiv" in tab.evaluate(UNDRAWN)


def test_a_curve_has_the_values_of_the_store(tab: Page, site: Path, store: Store) -> None:
    """As the script unpacks it: the curve of every setting, to four digits of its range."""
    opened(tab, site, "supply")
    for design in (4, 0, 8):
        tab.select_option("#setting", str(design))
        tab.wait_for_selector(f"#fan-supply_quiv[data-drawn='{design}'] .main-svg")
        found = curve(tab, "fan-supply_quiv", "Median across runs")
        rows = store.summary.query("metric == 'supply_quiv' and design == @design")
        assert found == pytest.approx(list(rows["p50"] / 1e6), rel=1e-6)


def test_the_setting_changes_figures_and_is_remembered(tab: Page, rich: Path) -> None:
    opened(tab, rich, "supply")
    tab.wait_for_selector("#fan-supply_quiv .main-svg")
    before = curve(tab, "fan-supply_quiv", "Median across runs")
    caption = tab.inner_text("#fan-supply_quiv .caption")
    tab.select_option("#setting", "0")
    tab.wait_for_selector("#fan-supply_quiv[data-drawn='0']")
    assert curve(tab, "fan-supply_quiv", "Median across runs") != before
    assert tab.inner_text("#fan-supply_quiv .caption") != caption
    tab.click("nav a:has-text('Staking')")
    tab.wait_for_selector("figure[data-drawn='0']")
    assert tab.input_value("#setting") == "0"
    opened(tab, rich, "settings")
    assert tab.input_value("#setting") == "0", "the browser remembers"
    assert tab.get_attribute("tr.chosen", "data-design") == "0"


def test_the_setting_is_carried_by_addresses_where_nothing_is_remembered(browser: Browser, rich: Path) -> None:
    context = browser.new_context()
    context.add_init_script("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } })")
    tab = context.new_page()
    opened(tab, rich, "supply")
    tab.select_option("#setting", "2")
    tab.click("#theme")
    tab.click("nav a:has-text('Governance')")
    tab.wait_for_load_state()
    assert tab.input_value("#setting") == "2"
    assert tab.get_attribute("html", "data-theme") == "dark"
    context.close()


def test_a_settings_page_chooses_its_setting(tab: Page, rich: Path) -> None:
    opened(tab, rich, "setting-7")
    assert tab.input_value("#setting") == "7"
    tab.select_option("#setting", "3")
    tab.wait_for_url("**/setting-3.html*")
    tab.click("main a:has-text('Treasury')")
    tab.wait_for_selector("figure[data-drawn='3']")


def test_an_unknown_setting_is_not_believed(tab: Page, rich: Path) -> None:
    opened(tab, rich, "supply", "?setting=99&theme=<b>")
    tab.wait_for_selector("#supply-stack .main-svg")
    assert tab.input_value("#setting") == "4"


def test_the_theme_follows_the_system_until_it_is_chosen(browser: Browser, rich: Path) -> None:
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    opened(tab, rich, "supply")
    tab.wait_for_selector("#fan-supply_quiv .main-svg")
    paper = "document.querySelector('#fan-supply_quiv .plot')._fullLayout.paper_bgcolor"
    assert tab.evaluate(paper) == "#14181d"
    tab.click("#theme")
    assert tab.evaluate(paper) == "#ffffff"
    opened(tab, rich, "index")
    assert tab.get_attribute("html", "data-theme") == "light"
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_a_serious_fault_of_accessibility(browser: Browser, rich: Path, scheme: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    context = browser.new_context(viewport=WIDE, color_scheme=scheme)  # type: ignore[arg-type]
    tab = context.new_page()
    faults = []
    for name in pages(rich):
        if name in ("setting-1", "setting-2", "setting-3", "setting-5", "setting-6", "setting-7", "setting-8"):
            continue  # like setting-0
        opened(tab, rich, name)
        tab.evaluate(DRAW_ALL)
        faults += [f"{name}: {fault}" for fault in serious(Axe().run(tab).response)]
    context.close()
    assert faults == []


def serious(response: dict[str, Any]) -> list[str]:
    """The serious and critical violations that axe found, with their first place."""
    return [
        f"{found['id']} at {found['nodes'][0]['target']}"
        for found in response["violations"]
        if found["impact"] in ("serious", "critical")
    ]


def test_a_phone_shows_everything_within_its_width(browser: Browser, rich: Path) -> None:
    context = browser.new_context(viewport=NARROW)
    tab = context.new_page()
    for name in pages(rich):
        opened(tab, rich, name)
        tab.evaluate(DRAW_ALL)
        assert tab.evaluate(OVERFLOW) == 0, name
    assert not tab.is_visible("nav a")
    tab.click("#menu")
    assert tab.is_visible("nav a >> nth=0")
    assert tab.get_attribute("#menu", "aria-expanded") == "true"
    context.close()


def test_the_keyboard_reaches_the_content_and_the_setting(tab: Page, rich: Path) -> None:
    opened(tab, rich, "supply")
    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    assert tab.evaluate("document.activeElement.id") == "main"
    tab.focus("#setting")
    tab.keyboard.press("End")
    tab.wait_for_selector("figure[data-drawn='8']")


def test_a_mode_bar_has_no_button_that_sends_a_figure_away(tab: Page, rich: Path) -> None:
    opened(tab, rich, "supply")
    tab.wait_for_selector("#supply-stack .main-svg")
    show = """() => {
      const plot = document.querySelector("#supply-stack .plot");
      return Plotly.newPlot(plot, plot.data, plot.layout, { ...quiver.shared.config, displayModeBar: true });
    }"""
    tab.evaluate(show)
    titles = tab.eval_on_selector_all(".modebar-btn", "all => all.map((b) => b.dataset.title || '')")
    assert any("Zoom" in title for title in titles)
    assert [title for title in titles if any(w in title.lower() for w in ("share", "cloud", "studio", "plotly"))] == []


def test_paper_gets_every_figure_in_light_colours(browser: Browser, rich: Path) -> None:
    context = browser.new_context(color_scheme="dark")
    tab = context.new_page()
    opened(tab, rich, "staking")
    tab.wait_for_selector(".main-svg")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(UNDRAWN) == []
    paper = "document.querySelector('figure .plot')._fullLayout.paper_bgcolor"
    assert tab.evaluate(paper) == "#ffffff"
    tab.emulate_media(media="print")
    assert not tab.is_visible("nav")
    assert tab.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_without_scripts_the_text_and_the_links_remain(browser: Browser, rich: Path) -> None:
    context = browser.new_context(java_script_enabled=False, viewport=NARROW)
    tab = context.new_page()
    opened(tab, rich, "supply")
    assert tab.is_visible("noscript")
    assert tab.is_visible("nav a >> nth=0")
    assert not tab.is_visible("#chooser")
    context.close()


def test_a_png_has_the_title_that_the_page_has_as_text(tab: Page, rich: Path) -> None:
    opened(tab, rich, "supply")
    tab.wait_for_selector("#supply-stack .main-svg")
    with tab.expect_download() as wait:
        tab.click("button[data-png='supply-stack']")
    assert wait.value.suggested_filename == "supply-stack.png"


def test_what_is_written_is_what_python_drew(rich: Path) -> None:
    """The views put together by the rules of the script differ from each other, and have all their curves."""
    panels = drawn(rich, "supply")
    found = views(panels, "fan-supply_quiv")
    assert len(found["0"]["data"]) == len(found["4"]["data"]) + 1 == 6, "today's median is dashed in the others"
    assert found["0"]["data"][4]["y"] != found["8"]["data"][4]["y"]
