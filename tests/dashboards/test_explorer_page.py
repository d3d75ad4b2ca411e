"""The explorer in a browser: controls do what they say, the address restores the view, nothing leaves this machine."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards.explorer.app import LOOPBACK, explorer
from dashboards.explorer.jobs import Desk
from dashboards.explorer.serve import address, listen

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ACTS = 20_000
"""Milliseconds that a slow machine may take for one step."""


NO_WEBGL = """
const given = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return String(kind).includes("webgl") ? null : given.call(this, kind, ...more);
};"""
"""Makes a browser say that it has none."""


@pytest.fixture(scope="session")
def served(shelf: Path) -> Iterator[str]:
    """The explorer's address."""
    desk = Desk()
    server = listen(explorer(shelf, desk).server, LOOPBACK, 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield address(server, LOOPBACK)
    server.shutdown()
    thread.join()
    desk.close()


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A page that must log no error and ask nobody else."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    page = context.new_page()
    page.set_default_timeout(ACTS)
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    own = (served, "data:", "blob:")
    page.on("request", lambda asked: None if asked.url.startswith(own) else wrong.append(f"asked {asked.url}"))
    yield page
    context.close()
    assert wrong == []


def choose(page: Page, control: str, label: str) -> None:
    """Choose from a list by what stands in it."""
    page.get_by_label(control, exact=True).select_option(label=label)


def test_controls_change_figures_and_address_and_back_restores_them(page: Page, served: str) -> None:
    page.goto(f"{served}?store=burn")
    page.wait_for_selector("#fan .main-svg")
    assert page.inner_text("#part-fan h3") == "QUIV price"
    assert page.url == f"{served}?store=burn"
    choose(page, "Metric", "Staking ratio")
    page.wait_for_selector("#part-fan h3:has-text('Staking ratio')")
    assert "metric=staking_ratio" in page.url
    choose(page, "Setting", "70 % · 42 days")
    page.wait_for_selector("#part-fan .note:has-text('70 %, unbonding period 42 days')")
    page.get_by_role("link", name="Two settings").click()
    page.wait_for_selector("#part-compare table")
    assert "view=compare" in page.url
    assert page.locator("#part-compare tbody tr").count() == 4
    page.go_back()
    page.wait_for_selector("#part-fan .note:has-text('70 %, unbonding period 42 days')")
    page.go_back()
    page.wait_for_selector("#part-fan .note:has-text('30 %, unbonding period 7 days')")
    page.go_forward()
    page.wait_for_selector("#part-fan .note:has-text('70 %, unbonding period 42 days')")
    assert page.inner_text("#part-fan h3") == "Staking ratio"


def test_limits_by_keyboard_filter_table_and_points(page: Page, served: str) -> None:
    page.goto(f"{served}?store=burn&view=filter")
    page.wait_for_selector("#count:has-text('9 of 9 settings qualify')")
    page.wait_for_selector("#settings .ag-row")
    field = page.get_by_role("group", name="Burn share of the network fee (%)").get_by_label("at most")
    field.fill("50")
    field.press("Enter")
    page.wait_for_selector("#count:has-text('6 of 9 settings qualify under 1 limit')")
    assert "limits=fees.burn_share:..0.5" in page.url
    page.wait_for_function("document.querySelectorAll('#settings .ag-center-cols-container .ag-row').length === 6")
    page.locator("#settings .ag-row[row-index='5'] .ag-cell").first.click()
    page.wait_for_url("**design=5**")
    page.get_by_role("button", name="Clear all limits").click()
    page.wait_for_selector("#count:has-text('9 of 9')")
    page.evaluate(
        "Plotly.restyle(document.querySelector('#parallel .js-plotly-plot'), "
        "{'dimensions[1].constraintrange': [[[5, 10]]]}, [0])"
    )
    page.wait_for_selector("#count:has-text('3 of 9 settings qualify under 1 limit')")


def test_a_run_is_simulated_beside_the_page(page: Page, served: str, swept: str) -> None:
    page.goto(f"{served}?store={swept}&view=trajectory&run=1")
    page.wait_for_selector("#part-trajectory:has-text('not simulated yet')")
    page.get_by_role("button", name="Simulate this run").click()
    page.wait_for_selector("#path .main-svg")
    page.wait_for_selector("#events .ag-row")
    assert page.inner_text("#trajectory-state") == "Done."
    assert page.locator("h3:has-text('Small <b>sweep</b>')").count() == 0
    assert page.inner_text("h1") == "Small <b>sweep</b>"


def test_what_is_wrong_with_the_address_stands_on_the_page(page: Page, served: str) -> None:
    page.goto(f"{served}?store=../outside")
    page.wait_for_selector("#notice:has-text('which is no store in')")
    assert page.locator("section:visible").count() == 0
    choose(page, "Store", "burn")
    page.wait_for_selector("#fan .main-svg")
    assert page.inner_text("#notice") == ""


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_cut_off_and_axe_finds_nothing_serious(page: Page, served: str, swept: str, width: int) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page.set_viewport_size({"width": width, "height": 900})
    for view, ready in {
        "time": "#fan .main-svg",
        "filter": "#settings .ag-row",
        "compare": "#bands .main-svg",
        "trajectory": "#trajectory-start",
        "whatif": "#changes .ag-row",
    }.items():
        page.goto(f"{served}?store={swept}&view={view}")
        page.wait_for_selector(ready)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, view
        found = Axe().run(page).response["violations"]
        bad = [
            (one["id"], node["target"])
            for one in found
            if one["impact"] in ("serious", "critical")
            for node in one["nodes"]
        ]
        assert bad == [], view


def test_the_theme_can_be_changed_and_follows_the_system(browser: Browser, served: str) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.set_default_timeout(ACTS)
    page.goto(f"{served}?store=burn")
    page.wait_for_selector("#fan .main-svg")
    colour = "getComputedStyle(document.body).backgroundColor"
    paper = "document.querySelector('#fan .js-plotly-plot')._fullLayout.paper_bgcolor"
    assert (page.evaluate(colour), page.evaluate(paper)) == ("rgb(20, 24, 29)", "#14181d")
    page.get_by_role("button", name="Dark or light").click()
    page.wait_for_function(f"{paper} === '#ffffff'")
    assert page.evaluate(colour) == "rgb(255, 255, 255)"
    context.close()


def test_without_webgl_a_sentence_points_to_the_fields(page: Page, served: str) -> None:
    without = page.locator("#view-filter .without")
    page.goto(f"{served}?store=burn&view=filter")
    page.wait_for_selector("#parallel .parcoords, #parallel .no-webgl", state="attached")
    bare = page.locator("#parallel .no-webgl").count() > 0
    assert without.is_visible() == bare
    page.add_init_script(NO_WEBGL)
    page.reload()
    without.wait_for(state="visible")
    assert "The fields above set the same limits." in without.inner_text()
    assert not page.locator("#parallel").is_visible()
    assert page.get_by_label("at least").first.is_visible()
