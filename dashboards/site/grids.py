"""What pages are made of besides figures: tables with their CSV, and sections that hold text, tables and figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from dashboards.panels import Panel


@dataclass(frozen=True)
class Cell:
    """One cell of a table; ``mark`` is how it looks: best, changed, good, bad, or as the others."""

    text: str
    mark: str = ""
    href: str = ""
    code: bool = False


@dataclass(frozen=True)
class Column:
    """A heading: its label and, smaller, its unit or sense; ``words`` is text, to the left and free to wrap."""

    label: str
    note: str = ""
    words: bool = False


@dataclass(frozen=True)
class Row:
    """A row; the first ``heads`` cells name it, and ``design`` is the setting that it is about."""

    cells: Sequence[Cell]
    heads: int = 1
    design: int | None = None
    today: bool = False


@dataclass(frozen=True)
class Table:
    """A table and the frame that its CSV holds, in raw units."""

    id: str
    caption: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    frame: pd.DataFrame


@dataclass(frozen=True)
class Section:
    """A part of a page: a heading, paragraphs, then points, facts, tables, figures and a text in a fixed pitch."""

    id: str
    title: str
    text: Sequence[str] = ()
    answer: str = ""
    points: Sequence[tuple[str, str]] = ()
    facts: Sequence[tuple[str, str]] = ()
    tables: Sequence[Table] = ()
    panels: Sequence[Panel] = ()
    code: str = ""
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Page:
    """A page: its file's name without the ending, title, introduction and sections; ``design`` if of one setting."""

    name: str
    title: str
    intro: str
    sections: Sequence[Section] = field(default_factory=list)
    design: int | None = None

    @property
    def panels(self) -> list[Panel]:
        """Every panel of the page, in order."""
        return [panel for section in self.sections for panel in section.panels]

    @property
    def tables(self) -> list[Table]:
        """Every table of the page, in order."""
        return [table for section in self.sections for table in section.tables]

    @property
    def by_setting(self) -> bool:
        """Whether a figure of the page depends on the setting that is chosen."""
        return any(design >= 0 for panel in self.panels for design in panel.views)
