"""How people read what is printed: numbers, units, durations, sizes; and text made safe to show.

The one place where numbers are formatted, for commands, pages, figures and documents. Importing it loads nothing heavy.
"""

from experiments.words.numbers import (
    MISSING,
    counted,
    decimals_for,
    duration,
    exact,
    figure,
    mean_interval,
    number,
    percent,
    signed,
    size,
)
from experiments.words.text import UNSEEN, UNSEEN_IN_NAMES, UNSEEN_IN_PATHS, escaped, named, plain_data, visible
from experiments.words.units import Scale, scale_for, value_interval, value_text, with_unit

__all__ = [
    "MISSING",
    "UNSEEN",
    "UNSEEN_IN_NAMES",
    "UNSEEN_IN_PATHS",
    "Scale",
    "counted",
    "decimals_for",
    "duration",
    "escaped",
    "exact",
    "figure",
    "mean_interval",
    "named",
    "number",
    "percent",
    "plain_data",
    "scale_for",
    "signed",
    "size",
    "value_interval",
    "value_text",
    "visible",
    "with_unit",
]
