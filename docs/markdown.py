"""The parts of a generated page: headings, tables, code, numbers."""

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


def number(value: object) -> str:
    """A number as a reader writes it: 0.15, 200,000,000, 1e-18."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return str(value)
    whole = float(value).is_integer() and abs(value) < 1e12
    return f"{int(value):,}" if whole else f"{value:g}"


def value(found: object) -> str:
    """A number, or the numbers of a list."""
    return ", ".join(number(item) for item in found) if isinstance(found, tuple) else number(found)


def figure(value: float) -> str:
    """A measured number to three significant digits, millions by name: 0.0123, 1.23 M."""
    return f"{value / 1e6:.3g} M" if abs(value) >= 1e6 else f"{value:.3g}"


def schema(content: Mapping[str, object]) -> str:
    """A JSON schema's text."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
