"""Figures as people read them, and as JSON has them."""

from __future__ import annotations

import math
from typing import Any


def figure(value: float) -> str:
    """A number to four significant digits, with M and B for millions and billions."""
    if not math.isfinite(value):
        return "-"
    for size, letter in ((1e9, " B"), (1e6, " M")):
        if abs(value) >= size:
            return f"{value / size:.4g}{letter}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def plain(content: Any) -> Any:
    """The same as plain data for JSON: keys are text, NumPy's scalars numbers, a figure that is no number is null."""
    if isinstance(content, dict):
        return {str(key): plain(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [plain(value) for value in content]
    if not isinstance(content, (str, int, float, bool, type(None))) and hasattr(content, "item"):
        content = content.item()
    return None if isinstance(content, float) and not math.isfinite(content) else content
