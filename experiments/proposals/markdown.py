"""A document as Markdown, whose words are not trusted: a title shows as it was typed, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from experiments.proposals.document.blocks import (
    Block,
    Bullets,
    DataTable,
    Document,
    DocumentSection,
    Facts,
    Figures,
    Paragraph,
    ParameterChanges,
    References,
)
from experiments.words import visible

MARKUP = re.compile(r"([\\`*\[\]|#~$!^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
"""What marks up; an underscore within a word does not."""

BLOCK = re.compile(r"^(\d{0,9})([-+.)])(?=[-\s]|$)")
"""What begins a list or a line."""


def to_markdown(document: Document) -> str:
    """The whole document; slots for figures are left out."""
    sections = [part for section in document.sections for part in _section(section)]
    return "\n\n".join([f"# {_safe(document.title)}", _safe(document.intro), *sections, _safe(document.foot)]) + "\n"


def _section(section: DocumentSection) -> list[str]:
    return [f"## {_safe(section.title)}", *filter(None, map(_block, section.blocks))]


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return _safe(block.text)
        case Bullets():
            return _list(f"{head} {text}" for head, text in block.items)
        case Facts():
            return _list(f"{name}: {text}" for name, text in block.items)
        case References():
            return _list(block.texts)
        case ParameterChanges():
            return _table(["Parameter", "Before", "After", "Unit"], block.rows)
        case DataTable():
            grid = _table([c.label for c in block.columns], [[cell.text for cell in row] for row in block.rows])
            return f"{_safe(block.caption)}:\n\n{grid}" if block.caption else grid
        case Figures():
            return ""


def _safe(found: object) -> str:
    """Text on one line, with what Markdown and HTML would read as markup escaped."""
    shown = visible(" ".join(str(found).replace("\N{WORD JOINER}", "").split()))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = MARKUP.sub(r"\\\1", shown)
    return BLOCK.sub(r"\1\\\2", shown)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table, its cells escaped."""
    lines = [[_safe(cell) for cell in row] for row in (heads, *rows)]
    lines.insert(1, ["---"] * len(heads))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _list(items: Iterable[str]) -> str:
    """A list, its items escaped."""
    return "\n".join(f"- {_safe(item)}" for item in items)
