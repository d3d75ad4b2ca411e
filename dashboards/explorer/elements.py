"""Elements of the page before Dash renders them: figures, tables and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go


@dataclass(frozen=True)
class FigureElement:
    """A figure with its heading, what it shows, and a sentence; `name` is its id on the page.

    On a page narrower than `min_width` pixels it scrolls sideways.
    """

    name: str
    title: str
    note: str
    figure: go.Figure
    caption: str = ""
    min_width: int = 0


@dataclass(frozen=True)
class TableElement:
    """A small table; the first cell of a row is its head."""

    caption: str
    headings: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class TextElement:
    """A sentence in the place of a figure."""

    sentence: str


Element = FigureElement | TableElement | TextElement
