"""Publishes a sweep's store as a static site: pages, scripts with figures' data, a CSV of each figure and table.

The site asks nobody for anything: it works from a folder on disk, and a content policy forbids requests elsewhere. The
same store gives the same bytes: figures have fixed identifiers, and nothing reads the clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader
from plotly.offline import get_plotlyjs

from dashboards.labels import Labels
from dashboards.panels import settings
from dashboards.site import compact, sensitivity
from dashboards.site.grids import Page
from dashboards.site.images import check_kaleido, write_images
from dashboards.site.pages import site_pages
from dashboards.source import Store, StoreError, load_store
from experiments.errors import RequestError
from experiments.storage.scratch import replacing

HERE = Path(__file__).parent
GENERATOR = "QUIVer dashboards"
OURS = ("assets", "data", "images", "plotly.min.js")
"""What a site has besides its pages."""

DIGITS = 5
"""Significant digits of a curve's CSV; tables have seven."""


def publish(
    store: Path | str, out: Path | str | None = None, sensitivity_of: Path | str | None = None, images: bool = False
) -> Path:
    """Write the static site for the store in folder ``store`` to ``out`` (``store/site`` unless given) and return it.

    ``sensitivity_of`` is the folder of a sensitivity analysis to show; ``images`` adds each figure as PNG and SVG.
    Raises `StoreError` with one sentence if the store is missing, incomplete or damaged, or if ``out`` holds another's
    files; `NoImagesError` if images are asked for and cannot be made; `StoppedError` if it cannot be written. The site
    is made beside its place and put there whole: until then what was there before stays.
    """
    if images:
        check_kaleido()
    source = load_store(store)
    site = Path(out) if out is not None else source.path / "site"
    _refuse_foreign(site)
    source = replace(source, summary=source.summary.astype({"metric": "category"}))
    labels = Labels.of(source.manifest, source.design)
    analysis = sensitivity.read_analysis(sensitivity_of, source) if sensitivity_of is not None else {}
    try:
        pages = site_pages(source, labels, analysis)
    except RequestError as error:
        raise StoreError(f"{source.path}: {error}") from error
    with replacing(site) as made:
        _write(made, source, labels, pages, images)
        if images:
            write_images(pages, made / "images")
    return site


def _refuse_foreign(site: Path) -> None:
    """Refuse to write where a file is, or over anything that this program has not written."""
    if site.exists() and not site.is_dir():
        raise StoreError(f"{site}: this is not a folder, so no page can be written there")
    mark = f'<meta name="generator" content="{GENERATOR}">'.encode()
    for path in sorted(site.iterdir()) if site.is_dir() else ():
        ours = path.is_file() and mark in path.read_bytes() if path.suffix == ".html" else path.name in OURS
        if not ours:
            raise StoreError(f"{path}: this was not made here, so it is not overwritten; choose another folder")


def _write(site: Path, store: Store, labels: Labels, pages: list[Page], images: bool) -> None:
    """Every file of the site but images."""
    (site / "assets").mkdir()
    for asset in (HERE / "assets").iterdir():
        (site / "assets" / asset.name).write_bytes(asset.read_bytes())
    _text(site / "plotly.min.js", get_plotlyjs())
    _text(site / "assets" / "look.js", compact.figure_style())
    (site / "data").mkdir()
    _csv(store.design, site / "data" / "settings.csv", 7)
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("page.html")
    choices = [(design, labels.long[design]) for design in settings(store, labels)]
    common = {"generator": GENERATOR, "manifest": store.manifest, "choices": choices, "points": len(store.design)}
    common["images"] = images
    menu = [page for page in pages if page.design is None]
    for page in pages:
        _text(site / f"{page.name}.html", template.render(page=page, menu=menu, **common))
        if any(panel.views for panel in page.panels):
            _text(site / "data" / f"{page.name}.js", compact.script(page.panels))
    for name, table, digits in _tables(pages):
        _csv(table, site / "data" / f"{name}.csv", digits)


def _tables(pages: Iterable[Page]) -> Iterable[tuple[str, pd.DataFrame, int]]:
    """The CSVs of figures and tables by name; one that is on two pages comes once."""
    found: dict[str, tuple[pd.DataFrame, int]] = {}
    for page in pages:
        found |= {panel.id: (panel.table, DIGITS) for panel in page.panels if panel.table is not None}
        found |= {table.id: (table.frame, 7) for table in page.tables}
    return ((name, table, digits) for name, (table, digits) in found.items())


def _csv(table: pd.DataFrame, path: Path, digits: int) -> None:
    """A table in raw units with so many significant digits, newline-ended on every system."""

    def short(value: float) -> str:
        return f"{value:.{digits}g}".replace("e+0", "e")

    _text(path, table.to_csv(index=False, float_format=short, lineterminator="\n"))


def _text(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
