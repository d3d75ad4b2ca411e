"""One value against what is allowed: strict types, bounds for each element, and the unit in the answer."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from experiments.errors import UnfitError, nearest, show
from model.registry import Parameter

MOST_SEED = 2**63 - 1
"""The largest seed; a sentence writes it as here, not as 9.22e+18."""

MOST_PLAIN = 16
"""Powers of ten up to which a number is written out too."""

EXPONENT = re.compile(r"[-+]?[0-9_]*\.?[0-9_]+[eE][-+]?[0-9]{1,3}")


def parameter_value(entry: Parameter, found: Any) -> Any:
    """The value of a parameter as the model takes it; `UnfitError` says what was found and what is allowed."""
    if entry.kind == "list":
        return _items(entry, found)
    if entry.kind == "switch":
        return switch(found)
    if entry.kind == "choice":
        return choice(found, entry.choices)
    read = whole if entry.kind == "whole" else real
    return read(found, entry.low, entry.high, entry.unit)


def real(found: Any, low: float | None, high: float | None, unit: str) -> float:
    """A finite number within inclusive bounds."""
    allowed = "a number" + _span(low, high) + _in(unit)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise UnfitError(show(found), allowed + _spelling(found))
    if not _finite(found) or not _within(found, low, high):
        raise UnfitError(show(found), allowed)
    return float(found)


def positive(found: Any, below: float | None, unit: str) -> float:
    """A number above zero, and below another if one is given."""
    allowed = "a number above 0" + ("" if below is None else f" and below {below:g}") + _in(unit)
    if isinstance(found, bool) or not isinstance(found, (int, float)):
        raise UnfitError(show(found), allowed + _spelling(found))
    if not _finite(found) or not 0.0 < found < (math.inf if below is None else below):
        raise UnfitError(show(found), allowed)
    return float(found)


def whole(found: Any, low: float | None, high: float | None, unit: str) -> int:
    """A whole number within inclusive bounds; 21.0 is refused, as it may be a slip for another key."""
    allowed = "a whole number" + _span(low, high) + _in(unit)
    if isinstance(found, float) and found.is_integer() and abs(found) < MOST_SEED:
        raise UnfitError(show(found), f"{allowed}; write {int(found)}")
    if isinstance(found, bool) or not isinstance(found, int):
        raise UnfitError(show(found), allowed + _spelling(found))
    if not _within(found, low, high):
        raise UnfitError(show(found), allowed)
    return found


def switch(found: Any) -> bool:
    """True or false."""
    if not isinstance(found, bool):
        raise UnfitError(show(found), "true or false")
    return found


def choice(found: Any, choices: Sequence[str]) -> str:
    """One of some words."""
    if found not in choices or not isinstance(found, str):
        near = nearest(found, choices)
        raise UnfitError(show(found), " or ".join(choices) + (f"; nearest: {near[0]}" if near else ""))
    return found


def text(found: Any) -> str:
    """Text."""
    if not isinstance(found, str):
        raise UnfitError(show(found), "text (in quotes if it looks like a number)")
    return found.strip()


def sequence(found: Any, what: str) -> list[Any]:
    """A list."""
    if not isinstance(found, (list, tuple)):
        raise UnfitError(show(found), f"a list of {what}")
    return list(found)


def mapping(found: Any, what: str) -> dict[str, Any]:
    """Keys and values; nothing counts as none of them."""
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise UnfitError(show(found), what)
    return found


def _items(entry: Parameter, found: Any) -> tuple[Any, ...]:
    read = whole if isinstance(entry.default[0], int) else real
    if not isinstance(found, (list, tuple)) or len(found) != entry.length:
        count = f" of {len(found)}" if isinstance(found, (list, tuple)) else ""
        allowed = f"a list of {entry.length} numbers{_span(entry.low, entry.high)}{_in(entry.unit)}"
        raise UnfitError(f"{show(found)}{count}", allowed)
    items = []
    for position, item in enumerate(found, start=1):
        try:
            items.append(read(item, entry.low, entry.high, entry.unit))
        except UnfitError as error:
            raise UnfitError(f"{show(found)}, whose item {position} is {show(item)}", error.allowed) from None
    return tuple(items)


def _finite(found: float) -> bool:
    """Whether a number is one that a float can hold; a whole number of 400 digits is none."""
    try:
        return math.isfinite(found)
    except OverflowError:
        return False


def _within(value: float, low: float | None, high: float | None) -> bool:
    return (low is None or value >= low) and (high is None or value <= high)


def _span(low: float | None, high: float | None) -> str:
    return (f" from {_bound(low)}" if low is not None else "") + (f" to {_bound(high)}" if high is not None else "")


def _bound(value: float) -> str:
    return "2**63 - 1" if value == MOST_SEED else f"{value:.12g}"


def _in(unit: str) -> str:
    return f" ({unit})" if unit else ""


def _spelling(found: Any) -> str:
    """How to write a number that YAML reads as text: 1e6 needs a point and a sign."""
    if not isinstance(found, str):
        return ""
    cleaned = found.strip().replace("_", "")
    if not EXPONENT.fullmatch(cleaned):
        return ""
    value = Decimal(cleaned)
    _, digits, exponent = value.normalize().as_tuple()
    power = int(exponent) + len(digits) - 1
    mantissa = f"{'-' if value < 0 else ''}{digits[0]}.{''.join(map(str, digits[1:])) or '0'}"
    plain = f"{value.normalize():f} or " if abs(power) < MOST_PLAIN else ""
    return f"; write {plain}{mantissa}e{power:+d}"
