"""Quantities with their units as people read them: million QUIV, percent, dollars."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sized
from dataclasses import dataclass

from experiments.words.numbers import MINUS, MISSING, decimals_for, figure, number

SHARES = frozenset({"share", "fraction"})
UNITLESS = frozenset({"", "-", "1", "none", "dimensionless", "ratio", "index"})
SMALL = 1e-4
"""Values below it, as shown, are written with a power of ten."""

_STEPS = ((1e10, 1e9, "billion"), (1e6, 1e6, "million"))


@dataclass(frozen=True)
class Scale:
    """Turns a raw quantity into the shown one: ``shown = raw * factor``, in ``unit`` (``change`` for a difference)."""

    factor: float
    unit: str
    change: str

    def axis(self, label: str) -> str:
        """Axis title: the label with its unit in brackets, or the label alone when there is no unit."""
        return f"{label} ({self.unit})" if self.unit else label

    def axis_change(self, label: str) -> str:
        """Axis title of a difference."""
        return f"{label} ({self.change})" if self.change else label


def scale_for(unit: str, values: Iterable[float]) -> Scale:
    """The scale that shows ``values`` (raw, in ``unit``) in at most seven digits before the point."""
    import numpy as np  # words are used by commands that must start at once

    if unit in SHARES or unit.startswith("share of "):
        return Scale(100.0, "%", "percentage points")
    text = "" if unit in UNITLESS else unit
    sizes = np.abs(np.asarray(values if isinstance(values, Sized) else list(values), dtype=float))
    largest = float(np.max(sizes, initial=0.0, where=np.isfinite(sizes)))
    for threshold, divisor, word in _STEPS:
        if largest >= threshold:
            scaled = f"{word} {text}".strip()
            return Scale(1.0 / divisor, scaled, scaled)
    return Scale(1.0, text, text)


def with_unit(text: str, unit: str) -> str:
    """A printed number with its unit: ``$12``, ``$1.2 million``, ``50 %``, ``3 million QUIV``, ``2 per year``.

    Without a unit it is the number alone; one of what is counted is singular; a minus and its dollar sign stay on one
    line.
    """
    if unit == "USD" or unit.endswith(" USD"):
        money = f"{MINUS}\N{WORD JOINER}${text[1:]}" if text.startswith(MINUS) else f"${text}"
        return f"{money} {unit[:-3].strip()}".strip()
    if unit.startswith("1 / "):
        return f"{text} per {unit[4:]}"
    one = text == "1" and unit.isalpha() and unit.islower() and unit.endswith("s")
    return f"{text}\N{NO-BREAK SPACE}{unit[:-1] if one else unit}" if unit else text


def value_text(value: object, unit: str) -> str:
    """A parameter's value with its unit: ``50 %``, ``21 days``, ``$0.1``; text and flags as they are."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    scale = scale_for(unit, [float(value)])
    return with_unit(number(float(value) * scale.factor), scale.unit)


def value_interval(mean: float, low: float, high: float, unit: str, difference: bool = False) -> tuple[str, str]:
    """A value with its unit, and its interval on the same scale, in the digits that the interval supports."""
    scale = scale_for(unit, [mean, low, high])
    shown = [value * scale.factor for value in (mean, low, high)]
    half = (shown[2] - shown[1]) / 2.0
    places = decimals_for(shown[0], half)
    tiny = math.isfinite(shown[0]) and 0.0 < max(map(abs, shown)) < SMALL
    value, start, end = (figure(x).replace("-", MINUS) if tiny else number(x, places) for x in shown)
    span = f"{start} to {end}" if math.isfinite(half) else MISSING
    return with_unit(value, scale.change if difference else scale.unit), span
