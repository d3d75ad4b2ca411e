"""Text and tables of Markdown whose words are not trusted: a title shows as it was typed, whatever is in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from experiments.words import visible

MARKUP = re.compile(r"([\\`*\[\]|#~$!^]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")
"""What marks up; an underscore within a word does not."""

BLOCK = re.compile(r"^(\d{0,9})([-+.)])(?=[-\s]|$)")
"""What begins a list or a line."""


def safe(found: object) -> str:
    """Text on one line, with what Markdown and HTML would read as markup escaped."""
    shown = visible(" ".join(str(found).split()))
    shown = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = MARKUP.sub(r"\\\1", shown)
    return BLOCK.sub(r"\1\\\2", shown)


def paragraphs(found: str) -> str:
    """Text with its blank lines kept, each paragraph escaped."""
    return "\n\n".join(safe(part) for part in re.split(r"\n\s*\n", found) if part.strip())


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table, its cells escaped."""
    lines = [[safe(cell) for cell in row] for row in (heads, *rows)]
    lines.insert(1, ["---"] * len(heads))
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bullets(items: Iterable[object]) -> str:
    """A list, its items escaped."""
    return "\n".join(f"- {safe(item)}" for item in items)
