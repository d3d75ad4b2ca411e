"""The parts of a generated page: headings, tables, code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

NOTE = "<!-- Written by `python -m docs.generate` from the declarations: edit those, not this page. -->"


def page(title: str, parts: Iterable[str]) -> str:
    """A page that says where it comes from."""
    return "\n\n".join([f"# {title}", NOTE, *parts]) + "\n"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(_cell(item) for item in line)} |" for line in lines)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def code(text: str) -> str:
    """A name as code."""
    return f"`{text}`"


def schema(content: Mapping[str, object]) -> str:
    """A JSON schema's text."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
