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


def visible(text: str) -> str:
    """A line with a sign in place of each character that steers a terminal or the direction of text, or is none."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def duration(seconds: float) -> str:
    """A time to two digits, in the unit that suits it."""
    for length, unit in ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes")):
        if seconds >= 2.0 * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{max(1.0, seconds):.0f} s"


def size(count: float) -> str:
    """Bytes to two digits, in the unit that suits them."""
    for unit, length in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= length:
            return f"{count / length:.2g} {unit}" if count < 100.0 * length else f"{count / length:,.0f} {unit}"
    return f"{count:.0f} bytes"
