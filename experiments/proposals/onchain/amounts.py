"""Fixed-point amounts: the whole numbers that contracts hold, made from decimals without rounding.

A contract holds the value v of a parameter as the raw amount v * scale: 5000 for a share of 0.5 in basis points,
10**18 for one QUIV in wei. A value without such a whole number is refused. Nothing is computed in floats: a float
stands for the shortest decimal that reads as it, which is what its author wrote.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from experiments.errors import UnfitError, show
from experiments.inputs.strict_yaml import number
from model.registry import Parameter

MOST_DECIMALS = 77
"""Most decimals that any scale can take, as 10**77 is about the largest uint256."""


def exact_value(entry: Parameter, found: Any) -> Fraction:
    """Value of a parameter in its unit, with every digit as written; `UnfitError` if none, or out of bounds."""
    value = _decimal(found)
    low, high = (None if bound is None else Decimal(repr(bound)) for bound in (entry.low, entry.high))
    outside = value is None or (low is not None and value < low) or (high is not None and value > high)
    if value is None or outside:
        raise UnfitError(show(found), f"a number from {low} to {high} ({entry.unit})")
    if int(value.as_tuple().exponent) < -MOST_DECIMALS:
        raise UnfitError(show(found), f"a number of at most {MOST_DECIMALS} decimals")
    return Fraction(value)


def raw_amount(value: Fraction, scale: int, bits: int) -> int:
    """Raw amount: value times scale in a uint of `bits`; `UnfitError` if that is no such whole number."""
    scaled, found = value * scale, decimal_text(value)
    if scaled.denominator != 1:
        raise UnfitError(found, f"multiples of {decimal_text(Fraction(1, scale))}")
    if scaled >= 2**bits:
        most = decimal_text(Fraction(2**bits - 1, scale))
        raise UnfitError(f"{found}, which is {scaled} on chain", f"at most {most} in a uint{bits}")
    return int(scaled)


def decimal_text(value: Fraction) -> str:
    """Plain decimal with every digit, or a fraction where the decimal would not end."""
    rest, twos, fives = value.denominator, 0, 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    places = max(twos, fives)
    digits = str(abs(value.numerator) * 10**places // value.denominator).rjust(places + 1, "0")
    sign = "-" if value < 0 else ""
    return sign + (f"{digits[:-places]}.{digits[-places:]}" if places else digits)


def _decimal(found: Any) -> Decimal | None:
    """The number as written, text too as a scenario reads it, or None if it is not a finite one."""
    if isinstance(found, float):
        found = float.__repr__(found)
    if isinstance(found, str):
        return number(found)
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        return None
    value = Decimal(found)
    return value if value.is_finite() else None
