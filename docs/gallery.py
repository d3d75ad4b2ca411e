"""Pictures of a published site for the page on dashboards: `python -m docs.gallery SITE` writes them to docs/gallery.

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
DESK, PHONE = {"width": 1280, "height": 860}, {"width": 390, "height": 780}
PICTURES = (
    ("overview", "index", "", DESK, "light"),
    ("supply", "supply", "#figures", DESK, "light"),
    ("settings", "settings", "#heat", DESK, "light"),
    ("flows", "flows", "#figures", DESK, "light"),
    ("sensitivity", "sensitivity", "#effects", DESK, "light"),
    ("setting", "setting-0", "", DESK, "light"),
    ("staking-dark", "staking", "#figures", DESK, "dark"),
    ("overview-phone", "index", "", PHONE, "light"),
    ("token-phone-dark", "token", "#figures", PHONE, "dark"),
)
"""Name, page, place on it, size of the window and colours."""


def shoot(browser: Browser, site: Path, picture: tuple[str, str, str, dict[str, int], str]) -> Path:
    """One picture, of what a window of that size shows."""
    name, page, place, window, colours = picture
    context = browser.new_context(viewport=window, color_scheme=colours)  # type: ignore[arg-type]
    tab = context.new_page()
    tab.goto((site / f"{page}.html").resolve().as_uri() + place)
    tab.wait_for_load_state()
    tab.wait_for_timeout(1500)
    target = FOLDER / f"{name}.png"
    whole = Image.open(io.BytesIO(tab.screenshot()))
    context.close()
    whole.quantize(COLOURS).save(target, optimize=True)
    return target


def main(site: Path) -> None:
    """Every picture."""
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        found = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        for picture in PICTURES:
            target = shoot(browser, site, picture)
            sys.stdout.write(f"{target} {target.stat().st_size // 1000} kB\n")
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
