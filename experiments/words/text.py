"""Text and data made safe to show: for a terminal, a sentence, a JSON document."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Any

_UNSEEN = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f"
)
UNSEEN = re.compile(f"[{_UNSEEN}]")
"""Characters that steer a terminal or the direction of text, have no width, or are halves of one or none."""

UNSEEN_IN_NAMES = re.compile(f"[{_UNSEEN}\u200c\u200d]")
"""The same and those that join letters, which prose needs, and by which two names would look alike."""

UNSEEN_IN_PATHS = re.compile(f"[{_UNSEEN}\t\n\r\u2028\u2029]")
"""The same and ends of lines."""


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


def escaped(text: str) -> str:
    """A line with an escape, as Python writes it, in place of each such character, and of each that ends a line."""
    shown = (char.isprintable() or unicodedata.category(char) == "Zs" for char in text)
    return "".join(char if plain else repr(char)[1:-1] for char, plain in zip(text, shown, strict=True))


def named(char: str) -> str:
    """A character that cannot be seen, by its number and name."""
    nameless = "half of a character" if unicodedata.category(char) == "Cs" else "control character"
    return f"U+{ord(char):04X} ({unicodedata.name(char, nameless).lower()})"
