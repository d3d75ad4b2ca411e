r"""The spec's own arithmetic in whole numbers: the oracle for the array formulas.

Amounts are Python integers in wei, $10^{18}$ to the QUIV, as Go's `big.Int` holds them; floats appear only where the
spec has `float64` (demand, supply, growth, congestion). Three rules of Go are kept to the letter:

* `int64(x * 100)`: the product is rounded to a `float64`, then cut towards zero, so 0.29 counts as 28 and 0.57 as 56;
* `big.Int.Div` is Euclidean, $x = q\,y + r,\ 0 \le r < |y|$, while `big.Int.Quo` cuts towards zero;
* `math.Min` answers NaN if either side is NaN.

Where Go would panic or leave the result to the machine, a `GoPanic` says which input did it.

Source: SPEC, Dynamic Pricing Engine; Voting Mechanism; Emission Rate Control; Adaptive Fee Adjustment; Receipt System
Enhancement. Assumption: `IncreaseFees(0.1)` and `DecreaseFees(0.05)`, which the spec calls and does not define,
multiply the fee by 1.1 and by 0.95.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from decimal import Decimal, localcontext
from fractions import Fraction
from typing import Any, TypeAlias, TypeVar

WEI_DECIMALS = 18
WEI_PER_QUIV = 10**WEI_DECIMALS
WEI_PER_NQUIV = 10**9
INT64_LIMIT = 2.0**63
GROWTH_CAP = 2.0
CONGESTION_HIGH = 0.8
CONGESTION_LOW = 0.3
PROVIDER = "provider"

Share: TypeAlias = Fraction | Decimal | int | str
FeeT = TypeVar("FeeT", Decimal, Fraction)


class GoPanic(ArithmeticError):  # noqa: N818  the name says what Go does
    """The spec's Go code would panic here, or its result would depend on the machine."""


class GoDivisionError(GoPanic, ZeroDivisionError):
    """`big.Int.Div` by zero: a run-time panic in Go."""


class GoConversionError(GoPanic, OverflowError):
    """`int64(x)` of NaN, an infinity or a number outside int64: implementation-defined in Go."""


class ReceiptError(ValueError):
    """The payment or the shares of a receipt cannot be split."""


def calculate_price(base_rate: int, demand: float, supply: float) -> int:
    r"""Price of one token in wei, $\lfloor b \cdot \mathrm{int64}(100 D) / \mathrm{int64}(100 S) \rfloor$.

    `base_rate` in wei per token, `demand` and `supply` pure numbers. As in Go, a demand under 0.01 makes the price
    zero and a negative one makes it negative. Raises `GoDivisionError` for a supply that truncates to zero,
    `GoConversionError` for NaN, an infinity or a number beyond int64. Source: SPEC, Dynamic Pricing Engine.
    """
    scaled = _whole("base_rate", base_rate) * _hundredths("demand", demand)
    divisor = _hundredths("supply", supply)
    if divisor == 0:
        raise GoDivisionError(f"supply {supply!r} truncates to 0 hundredths, and Go panics on a division by zero")
    return div_euclid(scaled, divisor)


def calculate_voting_power(balance: int, staked: int, multiplier: int) -> int:
    """`(balance + staked) * multiplier` in wei; whole numbers only, so a multiplier of 1.5 does not exist.

    Source: SPEC, Voting Mechanism.
    """
    return (_whole("balance", balance) + _whole("staked", staked)) * _whole("multiplier", multiplier)


def calculate_emission_rate(base_emission: int, network_growth: float) -> int:
    r"""Adjusted emission in wei, $\lfloor E \cdot \mathrm{int64}(100 \min(g, 2)) / 100 \rfloor$.

    `base_emission` is the year's emission in wei, which replaces the spec's `GetBaseEmission(year)`. A growth of
    plus infinity counts as 2 and a negative growth gives a negative emission, as in Go. Raises `GoConversionError`
    for NaN, minus infinity or a number beyond int64. Source: SPEC, Emission Rate Control.
    """
    multiplier = go_min(_real("network_growth", network_growth), GROWTH_CAP)
    return div_euclid(_whole("base_emission", base_emission) * _hundredths("network_growth", multiplier), 100)


def adjust_network_fees(fee: FeeT, congestion: float) -> FeeT:
    """The fee after one step: times 1.1 if congestion > 0.8, times 0.95 if < 0.3, else unchanged; both strict.

    `fee` is a `Decimal` or a `Fraction` and comes back, exactly, as the same type; nothing bounds it. A NaN
    congestion changes nothing, because both comparisons are false in Go too. Raises `TypeError` for a fee of another
    type and `ValueError` for one that is not finite. Source: SPEC, Adaptive Fee Adjustment.
    """
    if not isinstance(fee, Decimal | Fraction):
        raise TypeError(f"fee must be a Decimal or a Fraction, not {type(fee).__name__} {fee!r}")
    level = _real("congestion", congestion)
    if level > CONGESTION_HIGH:
        return _times(fee, "1.1")
    return _times(fee, "0.95") if level < CONGESTION_LOW else fee


def split_receipt(payment: int, shares: Mapping[str, Share]) -> dict[str, int]:
    """Split a payment into one whole part a share, each rounded down, and `provider`, who takes the remainder.

    `payment` is a whole number of wei (or any unit), `shares` names shares of the payment in [0, 1] that sum to at
    most 1. The parts come back in the order of the shares, `provider` last, and sum to the payment. Raises
    `ReceiptError` for a negative payment, a negative or unreadable share, shares above 1 in sum, or a share named
    `provider`; `TypeError` for floats. Source: SPEC, Receipt System Enhancement.
    """
    total = _whole("payment", payment)
    if total < 0:
        raise ReceiptError(f"payment must not be negative, got {payment!r}")
    exact = {name: _share(name, share) for name, share in shares.items()}
    if sum(exact.values()) > 1:
        raise ReceiptError(f"shares must sum to at most 1, got {sum(exact.values())} from {', '.join(exact)}")
    parts = {name: total * share.numerator // share.denominator for name, share in exact.items()}
    return {**parts, PROVIDER: total - sum(parts.values())}


def to_wei(quiv: str | Decimal | int) -> int:
    """QUIV, given as text, `Decimal` or `int`, to wei, exactly.

    Raises `TypeError` for a float and `ValueError` for text that is no number, for NaN and infinities, and for more
    than 18 decimals.
    """
    if isinstance(quiv, bool) or not isinstance(quiv, str | Decimal | int):
        raise TypeError(f"quiv must be text, a Decimal or an int, not {type(quiv).__name__} {quiv!r}")
    try:
        wei: Fraction = Fraction(Decimal(quiv)) * WEI_PER_QUIV
    except (ArithmeticError, ValueError) as error:
        raise ValueError(f"quiv {quiv!r} is not a finite decimal number") from error
    if wei.denominator != 1:
        raise ValueError(f"quiv {quiv!r} has more than {WEI_DECIMALS} decimals")
    return int(wei)


def from_wei(wei: int) -> Decimal:
    """Wei to QUIV as an exact `Decimal` with 18 decimals, whatever the precision of the decimal context."""
    amount = _whole("wei", wei)
    digits = tuple(int(digit) for digit in str(abs(amount)))
    return Decimal((int(amount < 0), digits, -WEI_DECIMALS))


def nquiv_to_wei(nquiv: int) -> int:
    """Nano-QUIV, the simulator's ledger unit, to wei, exactly."""
    return _whole("nquiv", nquiv) * WEI_PER_NQUIV


def wei_to_nquiv(wei: int) -> int:
    """Wei to nano-QUIV, rounded down."""
    return _whole("wei", wei) // WEI_PER_NQUIV


def div_euclid(dividend: int, divisor: int) -> int:
    """Go's `big.Int.Div`: the quotient whose remainder lies in [0, |divisor|). Raises `GoDivisionError`."""
    if divisor == 0:
        raise GoDivisionError(f"Go panics on the division of {dividend} by zero")
    return dividend // divisor if divisor > 0 else -(dividend // -divisor)


def go_min(x: float, y: float) -> float:
    """Go's `math.Min`: minus infinity first, then NaN, and -0 counts as less than 0."""
    if -math.inf in (x, y):
        return -math.inf
    if math.isnan(x) or math.isnan(y):
        return math.nan
    if x == 0.0 == y:
        return x if math.copysign(1.0, x) < 0.0 else y
    return x if x < y else y


def _hundredths(name: str, value: float) -> int:
    """Go's `int64(value * 100)`."""
    scaled = _real(name, value) * 100.0
    if not -INT64_LIMIT <= scaled < INT64_LIMIT:
        raise GoConversionError(f"{name} {value!r} times 100 is no int64, and Go leaves the conversion to the machine")
    return int(scaled)


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not hasattr(type(value), "__index__"):
        raise TypeError(f"{name} must be a whole number, not {type(value).__name__} {value!r}")
    return operator.index(value)


def _real(name: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} must be a float, not {type(value).__name__} {value!r}")
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _share(name: str, value: Any) -> Fraction:
    if name == PROVIDER:
        raise ReceiptError(f"no share may be named {PROVIDER!r}, who takes the remainder")
    if isinstance(value, bool) or not isinstance(value, Fraction | Decimal | int | str):
        raise TypeError(f"share {name!r} must be a Fraction, Decimal, int or text, not {type(value).__name__}")
    try:
        share = Fraction(value)
    except (ArithmeticError, ValueError) as error:
        raise ReceiptError(f"share {name!r} is not a finite number: {value!r}") from error
    if share < 0:
        raise ReceiptError(f"share {name!r} must not be negative, got {value!r}")
    return share


def _times(fee: FeeT, factor: str) -> FeeT:
    """The exact product, in a decimal context wide enough that nothing is rounded."""
    if isinstance(fee, Fraction):
        return fee * Fraction(factor)
    if not fee.is_finite():
        raise ValueError(f"fee must be finite, got {fee!r}")
    with localcontext() as context:
        context.prec = len(fee.as_tuple().digits) + len(factor)
        return fee * Decimal(factor)
