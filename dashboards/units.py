"""Numbers as people read them: million QUIV, percent, dollars; and how many digits an interval supports."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sized
from dataclasses import dataclass

import numpy as np

SHARES = frozenset({"share", "fraction"})
UNITLESS = frozenset({"", "-", "1", "none", "dimensionless", "ratio", "index"})
_STEPS = ((1e10, 1e9, "billion"), (1e6, 1e6, "million"))
MISSING = "\N{EM DASH}"


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


def decimals_for(value: float, half_width: float = math.nan) -> int:
    """Decimals worth printing: two significant digits of the interval, or four of the value without one."""
    if math.isfinite(half_width) and half_width > 1e-6 * abs(value):
        return min(8, max(0, 1 - math.floor(math.log10(half_width))))
    if not math.isfinite(value) or value == 0:
        return 0
    return min(8, max(0, 3 - math.floor(math.log10(abs(value)))))


def number(value: float, decimals: int | None = None) -> str:
    """``1234.5`` as ``1,234.5``: grouped thousands, a true minus sign, a dash for what is missing."""
    if not math.isfinite(value):
        return MISSING
    if decimals is None:
        places = decimals_for(value)
        text = f"{value:,.{places}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{decimals}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.replace("-", "\N{MINUS SIGN}")


def with_unit(text: str, unit: str) -> str:
    """A printed number with its unit: ``$12``, ``$1.2 million``, ``50 %``, ``3 million QUIV``, ``2 per year``.

    Without a unit it is the number alone; one of what is counted is singular; a minus and its dollar sign stay on one
    line.
    """
    if unit == "USD" or unit.endswith(" USD"):
        minus = "\N{MINUS SIGN}"
        money = f"{minus}\N{WORD JOINER}${text[1:]}" if text.startswith(minus) else f"${text}"
        return f"{money} {unit[:-3].strip()}".strip()
    if unit.startswith("1 / "):
        return f"{text} per {unit[4:]}"
    one = text == "1" and unit.isalpha() and unit.islower() and unit.endswith("s")
    return f"{text}\N{NO-BREAK SPACE}{unit[:-1] if one else unit}" if unit else text


def mean_interval(mean: float, half_width: float, spread: float = math.nan) -> str:
    """``12.3 ± 0.4``: already scaled numbers, no unit, digits chosen by the interval.

    ``spread``, the range of all means beside this one, adds the digits that show it.
    """
    places = max(decimals_for(mean, half_width), _decimals_of(spread))
    if not math.isfinite(half_width):
        return number(mean, places if math.isfinite(spread) else None)
    return f"{number(mean, places)} ± {number(half_width, places)}"


def _decimals_of(spread: float) -> int:
    """Decimals that show a spread to two digits; none for no spread."""
    return min(8, max(0, 1 - math.floor(math.log10(spread)))) if math.isfinite(spread) and spread > 0 else 0


def counted(count: int, one: str, many: str = "") -> str:
    """``1 run``, ``12 runs``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def value_text(value: object, unit: str) -> str:
    """A parameter's value with its unit: ``50 %``, ``21 days``, ``$0.1``; text and flags as they are."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return str(value)
    scale = scale_for(unit, [float(value)])
    shown = float(value) * scale.factor
    return with_unit(number(shown), scale.unit)
