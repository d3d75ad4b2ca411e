"""How the report writes amounts: a value, its interval and its unit, in digits that the interval supports."""

from __future__ import annotations

import math

from dashboards.site.grids import Cell
from dashboards.units import MISSING, decimals_for, number, scale_for, with_unit
from experiments.words import figure

SMALL = 1e-4
"""Shown values below it are written with a power of ten."""


def amounts(mean: float, low: float, high: float, unit: str, difference: bool = False) -> list[Cell]:
    """Cells of a value with its unit, and of its interval in the same unit."""
    scale = scale_for(unit, [mean, low, high])
    shown = [value * scale.factor for value in (mean, low, high)]
    half = (shown[2] - shown[1]) / 2.0
    places = decimals_for(shown[0], half)
    tiny = 0.0 < max(map(abs, shown)) < SMALL if math.isfinite(shown[0]) else False
    texts = [_power(value) if tiny else number(value, places) for value in shown]
    span = f"{texts[1]} to {texts[2]}" if math.isfinite(half) else MISSING
    return [Cell(with_unit(texts[0], scale.change if difference else scale.unit)), Cell(span)]


def percent(share: float, places: int = 0) -> str:
    """A share in percent."""
    return with_unit(number(100.0 * share, places), "%")


def _power(value: float) -> str:
    return figure(value).replace("-", "\N{MINUS SIGN}")
