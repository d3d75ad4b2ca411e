"""Text and data made safe to show: for a terminal, a sentence, a JSON document."""

from __future__ import annotations

import math
from typing import Any


def plain_data(content: Any) -> Any:
    """The same as plain data for JSON: keys are text, NumPy's scalars numbers, a figure that is no number is null."""
    if isinstance(content, dict):
        return {str(key): plain_data(value) for key, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [plain_data(value) for value in content]
    if not isinstance(content, (str, int, float, bool, type(None))) and hasattr(content, "item"):
        content = content.item()
    return None if isinstance(content, float) and not math.isfinite(content) else content


def visible(text: str) -> str:
    """A line with a sign in place of each character that steers a terminal or the direction of text, or is none."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)
