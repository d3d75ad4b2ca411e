"""Numbers as text: `figure` in a terminal, `number` on a page, `exact` for declared values, and a few units of size."""

from __future__ import annotations

import math
from numbers import Real

MISSING = "\N{EM DASH}"
MINUS = "\N{MINUS SIGN}"
MOST_DECIMALS = 8
MOST_WHOLE = 1e15
"""Whole numbers below it are written out."""

_LETTERS = ((1e9, " B"), (1e6, " M"))
_TIMES = ((86400.0, "days"), (3600.0, "hours"), (60.0, "minutes"))
_BYTES = ((1e9, "GB"), (1e6, "MB"), (1e3, "kB"))


def figure(value: float, digits: int = 4) -> str:
    """A number to some significant digits, whole from 1,000 on, with M and B for millions and billions."""
    if not math.isfinite(value):
        return "-"
    for length, letter in _LETTERS:
        if abs(value) >= length:
            return f"{value / length:.{digits}g}{letter}"
    text = f"{value:.{digits}g}"
    return f"{value:,.0f}" if abs(value) >= 1000 or "e+" in text else text


def signed(value: float, digits: int = 3) -> str:
    """A change as `figure` has it, with its sign: ``+1,234``, or a true minus; zero has none."""
    return ("+" if value > 0.0 else MINUS if value < 0.0 else "") + figure(abs(value), digits)


def exact(value: object) -> str:
    """A declared value: ``0.15``, ``200,000,000``, ``1e-18``, ``true``; six digits unless whole, lists by commas."""
    if isinstance(value, tuple):
        return ", ".join(map(exact, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, Real):
        return str(value)
    found = float(value)
    return f"{found:,.0f}" if found.is_integer() and abs(found) < MOST_WHOLE else f"{found:g}"


def percent(share: float, decimals: int = 0) -> str:
    """A share in percent: ``55 %``; a dash for what is missing."""
    return f"{number(100.0 * share, decimals)} %" if math.isfinite(share) else MISSING


def number(value: float, decimals: int | None = None) -> str:
    """``1234.5`` as ``1,234.5``: grouped thousands, a true minus sign, a dash for what is missing."""
    if not math.isfinite(value):
        return MISSING
    if decimals is None:
        text = f"{value:,.{decimals_for(value)}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
    else:
        text = f"{value:,.{decimals}f}"
    if text.startswith("-") and not text.strip("-0.,"):
        text = text[1:]
    return text.replace("-", MINUS)


def decimals_for(value: float, half_width: float = math.nan) -> int:
    """Decimals worth printing: two significant digits of the interval, or four of the value without one."""
    if math.isfinite(half_width) and half_width > 1e-6 * abs(value):
        return _decimals(1, half_width)
    return _decimals(3, abs(value)) if math.isfinite(value) and value else 0


def mean_interval(mean: float, half_width: float, spread: float = math.nan) -> str:
    """``12.3 ± 0.4``: already scaled numbers, no unit, digits chosen by the interval.

    ``spread``, the range of all means beside this one, adds the digits that show it.
    """
    apart = _decimals(1, spread) if math.isfinite(spread) and spread > 0 else 0
    places = max(decimals_for(mean, half_width), apart)
    if not math.isfinite(half_width):
        return number(mean, places if math.isfinite(spread) else None)
    return f"{number(mean, places)} ± {number(half_width, places)}"


def counted(count: int, one: str, many: str = "") -> str:
    """``1 run``, ``12 runs``, ``1,200 trajectories``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def duration(seconds: float) -> str:
    """A time to two digits, in the unit that suits it."""
    for length, unit in _TIMES:
        if seconds >= 2.0 * length:
            return f"{seconds / length:.2g} {unit}"
    return f"{max(1.0, seconds):.0f} s"


def size(count: float) -> str:
    """Bytes to two digits, in the unit that suits them."""
    for length, unit in _BYTES:
        if count >= length:
            return f"{count / length:.2g} {unit}" if count < 100.0 * length else f"{count / length:,.0f} {unit}"
    return f"{count:.0f} bytes"


def _decimals(more: int, positive: float) -> int:
    """Decimals that show the first digit of a positive number and ``more`` after it."""
    return min(MOST_DECIMALS, max(0, more - math.floor(math.log10(positive))))
