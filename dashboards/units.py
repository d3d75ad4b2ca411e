"""The formatter of numbers under its old name."""

from experiments.words import (
    MISSING,
    Scale,
    counted,
    decimals_for,
    mean_interval,
    number,
    scale_for,
    value_text,
    with_unit,
)

__all__ = [
    "MISSING",
    "Scale",
    "counted",
    "decimals_for",
    "mean_interval",
    "number",
    "scale_for",
    "value_text",
    "with_unit",
]
