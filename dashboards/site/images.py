"""Every figure as PNG and SVG, by kaleido, which draws them all in one start of Chromium."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

import plotly.graph_objects as go
import plotly.io as pio

from dashboards.panels import Panel
from dashboards.site.grids import Page

WIDTH, TITLE, SCALE = 1100, 120, 2
"""Pixels of an image across, pixels that its title adds to a figure's height, and dots a pixel of a PNG."""

FORMATS = ("png", "svg")
KALEIDO = "images need kaleido, which is not installed; install it with: pip install 'quiver-sim[images]'"
CHROMIUM = "images need Chromium, which was not found or did not start; install it with: apt-get install chromium"


class NoImagesError(RuntimeError):
    """Images cannot be made here; the message says in a sentence what is missing and how to install it."""


def check_kaleido() -> None:
    """Raise `NoImagesError` where kaleido is missing; whether Chromium starts is seen when it is asked to."""
    if find_spec("kaleido") is None:
        raise NoImagesError(KALEIDO)


def write_images(pages: Iterable[Page], folder: Path) -> list[Path]:
    """Write each panel's first view to ``folder`` as ``ID.png`` and ``ID.svg``; one on two pages comes once.

    Raises `NoImagesError` where Chromium is missing.
    """
    panels = {panel.id: panel for page in pages for panel in page.panels if panel.views}
    figures = [_whole(panel) for panel in panels.values()]
    files = [[folder / f"{name}.{kind}" for name in panels] for kind in FORMATS]
    folder.mkdir(parents=True)
    both, targets = figures * len(FORMATS), [path for group in files for path in group]
    scales = [SCALE if path.suffix == ".png" else 1 for path in targets]
    heights = [int(figure.layout.height) for figure in both]
    try:
        pio.write_images(both, targets, width=WIDTH, height=heights, scale=scales)
    except Exception as error:
        raise _explained(error) from error
    return targets


def _whole(panel: Panel) -> go.Figure:
    """A panel's figure with room for its title, which stays in an image."""
    figure = go.Figure(panel.first.figure)
    return figure.update_layout(height=panel.height + TITLE, width=WIDTH)


def _explained(error: Exception) -> Exception:
    """The error in a sentence where the browser is what is missing."""
    text = f"{type(error).__name__} {error}".lower()
    return NoImagesError(CHROMIUM) if "chrome" in text or "browser" in text else error
