"""Figures in the dark: the same figure with the colours of its template swapped."""

from __future__ import annotations

import json
from typing import Any

from dashboards.figures.template import DARK


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
