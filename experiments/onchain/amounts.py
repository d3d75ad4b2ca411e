"""Amounts as contracts hold them: a decimal times a scale, a whole number that fits its type, or a refusal.

Nothing is rounded and nothing passes through binary fractions: 0.15 in basis points is 1500, and 0.00015 is refused.
A float counts as the decimal that it is written as (`0.1` is one tenth).
"""

from __future__ import annotations

import re
from decimal import Context, Decimal, Inexact, InvalidOperation
from typing import Any

from experiments.errors import UnfitError, show

EXACT = Context(prec=400, traps=[Inexact, InvalidOperation])
"""Arithmetic that refuses to round."""

WRITTEN = re.compile(r"[-+]?[0-9]{1,90}(\.[0-9]{1,90})?([eE][-+]?[0-9]{1,2})?")
AMOUNT = "a decimal, such as 0.15"


def decimal(value: Any) -> Decimal:
    """The decimal that a whole number, a decimal, a text or a float stands for; `UnfitError` for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        raise UnfitError(show(value), AMOUNT)
    written = str(value).strip()
    if not WRITTEN.fullmatch(written):
        raise UnfitError(show(value), AMOUNT)
    return EXACT.create_decimal(written)


def plain(value: Decimal) -> str:
    """A decimal as people write it: no exponent, no trailing zeros."""
    text = f"{value:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def whole_units(value: Decimal, scale: int, bits: int) -> int:
    """`value` times `scale` as an unsigned integer of `bits` bits; `UnfitError` if it is none."""
    product = EXACT.multiply(value, Decimal(scale))
    if product != product.to_integral_value():
        finest = EXACT.scaleb(Decimal(1), -_digits(scale))
        raise UnfitError(f"{plain(value)}, which times {scale} is {plain(product)}", _steps(scale, finest))
    most = 2**bits - 1
    if not 0 <= product <= most:
        raise UnfitError(f"{plain(value)}, which times {scale} is {plain(product)}", f"0 to {most} (uint{bits})")
    return int(product)


def from_units(units: int, scale: int) -> Decimal:
    """The decimal whose `scale`-fold is `units`; `UnfitError` if no finite decimal is."""
    try:
        return EXACT.divide(Decimal(units), Decimal(scale))
    except Inexact:
        raise UnfitError(f"{units} over {scale}", "an amount that is a finite decimal") from None


def _digits(scale: int) -> int:
    return len(str(scale)) - 1


def _steps(scale: int, finest: Decimal) -> str:
    if scale == 10 ** _digits(scale):
        return f"whole multiples of {plain(finest)}, as nothing is rounded"
    return f"whole multiples of 1/{scale}, as nothing is rounded"
