"""What a document is made of: sections of blocks. Texts are not trusted and not escaped; a renderer escapes them.

A block has a `kind`, by which a template finds how to show it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; an `answer` is the first thing to read."""

    kind: ClassVar[str] = "paragraph"
    text: str
    answer: bool = False


@dataclass(frozen=True)
class Bullets:
    """A list; each item has a head, which may be empty, and a text."""

    kind: ClassVar[str] = "bullets"
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Facts:
    """Terms and what is to be said of each."""

    kind: ClassVar[str] = "facts"
    items: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class ParameterChanges:
    """Changed parameters: name, exact value before and after as text, unit."""

    kind: ClassVar[str] = "changes"
    rows: Sequence[tuple[str, str, str, str]]


@dataclass(frozen=True)
class Figures:
    """A slot for figures, by name; a renderer without figures leaves it out."""

    kind: ClassVar[str] = "figures"
    slot: str


@dataclass(frozen=True)
class References:
    """Texts in order; one that is a web address is a link where the renderer has links."""

    kind: ClassVar[str] = "references"
    texts: Sequence[str]


@dataclass(frozen=True)
class TableColumn:
    """A heading; `words` is text, which is set to the left and may wrap, and not a number."""

    label: str
    words: bool = False


@dataclass(frozen=True)
class TableCell:
    """A cell: words, a number with its unit, or a name of code; `mark` says whether it is good or bad."""

    text: str
    mark: str = ""
    code: bool = False


@dataclass(frozen=True)
class DataTable:
    """A table; the first `heads` cells of a row name it."""

    kind: ClassVar[str] = "table"
    id: str
    caption: str
    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[TableCell]]
    heads: int = 1


Block = Paragraph | Bullets | Facts | ParameterChanges | Figures | References | DataTable


@dataclass(frozen=True)
class DocumentSection:
    """A part of a document, with a heading and an identifier to link to."""

    id: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Document:
    """A title, a sentence that introduces, sections, and a sentence that closes."""

    title: str
    intro: str
    sections: Sequence[DocumentSection]
    foot: str


def text_cells(*texts: str) -> list[TableCell]:
    """Cells of words and numbers."""
    return [TableCell(text) for text in texts]


def number_columns(*labels: str) -> list[TableColumn]:
    """Headings of numbers."""
    return [TableColumn(label) for label in labels]


def word_columns(*labels: str) -> list[TableColumn]:
    """Headings of words."""
    return [TableColumn(label, words=True) for label in labels]
