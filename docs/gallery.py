"""Pictures for the pages on dashboards and the explorer: `python -m docs.gallery WHAT` writes them to docs/gallery.

WHAT is the folder of a published site, or the address at which `quiver-sim explore` shows the store of fee policies.
They are of pages as a reader sees them, on a desk and on a phone. Needs the test extra and Chromium.
"""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).resolve().parent / "gallery"
COLOURS = 96
DESK, LONG, PHONE = {"width": 1280, "height": 860}, {"width": 1280, "height": 1120}, {"width": 390, "height": 780}
SITE = (
    ("overview", "index.html", DESK, "light"),
    ("supply", "supply.html#figures", DESK, "light"),
    ("settings", "settings.html#heat", DESK, "light"),
    ("flows", "flows.html#figures", DESK, "light"),
    ("sensitivity", "sensitivity.html#effects", DESK, "light"),
    ("setting", "setting-0.html", DESK, "light"),
    ("staking-dark", "staking.html#figures", DESK, "dark"),
    ("overview-phone", "index.html", PHONE, "light"),
    ("token-phone-dark", "token.html#figures", PHONE, "dark"),
)
EXPLORER = (
    ("explorer-time", "?design=3", LONG, "light"),
    ("explorer-settings", "?view=filter&design=3&limits=supply_growth:..0.16;price_end:0.04..", LONG, "light"),
    ("explorer-compare", "?view=compare&design=3", DESK, "light"),
)
"""Name, page and place on it, size of the window and colours."""


def shoot(browser: Browser, root: str, picture: tuple[str, str, dict[str, int], str]) -> Path:
    """One picture, of what a window of that size shows."""
    name, page, window, colours = picture
    context = browser.new_context(viewport=window, color_scheme=colours)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto(root + page)
    tab.wait_for_load_state("networkidle")
    tab.wait_for_timeout(1500)
    if place := page.partition("#")[2]:
        tab.locator(f"[id='{place}']").evaluate("place => place.scrollIntoView()")
    target = FOLDER / f"{name}.png"
    whole = Image.open(io.BytesIO(tab.screenshot()))
    context.close()
    whole.quantize(COLOURS).save(target, optimize=True)
    return target


def main(what: str) -> None:
    """Every picture of a site or of the explorer."""
    FOLDER.mkdir(exist_ok=True)
    live = what.startswith("http://")
    root = what if live else f"{Path(what).resolve().as_uri()}/"
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--enable-unsafe-swiftshader"]
        )
        for picture in EXPLORER if live else SITE:
            target = shoot(browser, root, picture)
            sys.stdout.write(f"{target} {target.stat().st_size // 1000} kB\n")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1])
