"""The parts of a generated page: headings, tables, code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from dashboards.figures.template import BLUE, VERMILION

NOTE = "<!-- Written by `python -m docs.generate` from the declarations: edit those, not this page. -->"

_PALETTE = {"xyChart": {"plotColorPalette": f"{BLUE}, {VERMILION}"}}
_COLOURED = f"%%{{init: {json.dumps({'themeVariables': _PALETTE})}}}%%"


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


def chart(title: str, across: tuple[str, float, float], up: str, lines: Iterable[Iterable[float]]) -> str:
    """A line chart that Markdown renders: evenly spaced points from one end of `across` to the other.

    The first line is blue, the second orange: Mermaid has no legend.
    """
    name, low, high = across
    drawn = [f"    line [{', '.join(f'{value:.4g}' for value in line)}]" for line in lines]
    axes = [f'    x-axis "{name}" {low:.4g} --> {high:.4g}', f'    y-axis "{up}"']
    return "\n".join(["```mermaid", _COLOURED, "xychart-beta", f'    title "{title}"', *axes, *drawn, "```"])


def schema(content: Mapping[str, object]) -> str:
    """A JSON schema's text."""
    return json.dumps(content, indent=1, ensure_ascii=False) + "\n"
