"""Every figure as PNG and SVG, by kaleido, which draws them all in one start of Chromium."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import plotly.graph_objects as go
import plotly.io as pio

from dashboards.panels import Panel
from dashboards.site.grids import Page

WIDTH, TITLE, SCALE = 1100, 120, 2
"""Pixels of an image across, pixels that its title adds to a figure's height, and dots a pixel of a PNG."""

FORMATS = ("png", "svg")
INSTALL = "pip install 'quiver-sim[images]' and apt-get install chromium (or plotly_get_chrome)"


class NoImagesError(RuntimeError):
    """Images cannot be made here; the message says in a sentence what is missing and how to install it."""


def write_images(pages: Iterable[Page], folder: Path) -> list[Path]:
    """Write each panel's first view to ``folder`` as ``ID.png`` and ``ID.svg``; one on two pages comes once.

    Raises `NoImagesError` where kaleido or Chromium is missing.
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
    """The error in a sentence where kaleido or its browser is what is missing."""
    text = f"{type(error).__name__} {error}".lower()
    if any(word in text for word in ("kaleido", "chrome", "browser")):
        first = str(error).strip().splitlines()[0].rstrip(".")
        return NoImagesError(f"images need kaleido and Chromium ({first}); install them with: {INSTALL}")
    return error
