"""Figures in the dark: the same figure with the colours of its template swapped."""

from __future__ import annotations

import json
from typing import Any

from dashboards.figures.template import BLACK, BLUE, GREY, GRID

DARK = {
    BLACK: "#e6e9ed",
    GREY: "#9aa4b1",
    GRID: "#323942",
    "#eef1f4": "#2b323a",
    BLUE: "#2e90d1",
    "rgba(0,114,178,0.15)": "rgba(86,180,233,0.2)",
    "rgba(0,114,178,0.3)": "rgba(86,180,233,0.35)",
    "rgba(27,31,36,": "rgba(230,233,237,",
    "#ffffff": "#14181d",
}
"""What a dark page puts in the place of colours; white is swapped in the template alone."""


def themed(figure: dict[str, Any], dark: bool) -> dict[str, Any]:
    """A figure as JSON has it, in the colours of a dark page if `dark`."""
    if not dark:
        return figure
    text = json.dumps(figure)
    for light, other in DARK.items():
        if light != "#ffffff":
            text = text.replace(light, other)
    found: dict[str, Any] = json.loads(text)
    layout = found["layout"]["template"]["layout"]
    layout["paper_bgcolor"] = layout["plot_bgcolor"] = DARK["#ffffff"]
    return found
