"""A row of the check: a limiting case with an answer known on paper, and what a run of it gives.

A figure is one number of a case: what theory expects, what was measured, and how far apart they may be. Where the model
has a documented convention that differs from theory, `instead` is what the convention gives, and the row has the
sentence.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from numpy.typing import NDArray

MET, BY_CONVENTION, NOT_MET = "met", "by convention", "not met"
ERRORS = 4.0
"""Standard errors within which an estimate must be."""


@dataclass(frozen=True)
class Figure:
    """Expected and measured; `tolerance` is in the unit, `error` the standard error if it is an estimate."""

    what: str
    expected: float
    measured: float
    tolerance: float
    unit: str = ""
    error: float | None = None
    instead: float | None = None

    @property
    def status(self) -> str:
        """Whether it is as theory says, or as the convention does."""
        if self._near(self.expected):
            return MET
        return BY_CONVENTION if self.instead is not None and self._near(self.instead) else NOT_MET

    def _near(self, value: float) -> bool:
        return abs(self.measured - value) <= self.tolerance


@dataclass(frozen=True)
class TheoryRow:
    """`case` is the limiting case in words, `source` who is known for the answer, `measure` runs the case."""

    id: str
    title: str
    case: str
    source: str
    measure: Callable[[], list[Figure]]
    convention: str = ""


@dataclass(frozen=True)
class RowResult:
    """A row and its figures; `failure` says what stopped the case, if it was stopped."""

    row: TheoryRow
    figures: tuple[Figure, ...]
    failure: str = ""

    @property
    def status(self) -> str:
        """The worst of its figures; a row with a convention is met by it."""
        found = {figure.status for figure in self.figures}
        if self.failure or not found or NOT_MET in found:
            return NOT_MET
        return BY_CONVENTION if self.row.convention else MET


def exactly(what: str, expected: float, measured: Any, unit: str = "") -> Figure:
    """Not a digit apart."""
    return Figure(what, float(expected), float(measured), 0.0, unit)


def near(
    what: str, expected: float, measured: Any, relative: float = 1e-9, absolute: float = 0.0, unit: str = ""
) -> Figure:
    """Within the larger of a part of what is expected and an amount."""
    return Figure(what, float(expected), float(measured), max(relative * abs(expected), absolute), unit)


def estimated(
    what: str,
    expected: float,
    measured: Any,
    error: Any,
    unit: str = "",
    allowance: float = 0.0,
    instead: float | None = None,
) -> Figure:
    """Within four standard errors; `allowance` is what a discrete day adds."""
    tolerance = ERRORS * float(error) + allowance
    return Figure(what, float(expected), float(measured), tolerance, unit, float(error), instead)


def mean(what: str, expected: float, sample: NDArray[Any], unit: str = "", allowance: float = 0.0) -> Figure:
    """The mean of independent values."""
    return estimated(what, expected, sample.mean(), sample.std() / math.sqrt(sample.size), unit, allowance)


def share(what: str, expected: float, events: NDArray[Any]) -> Figure:
    """The share of independent events of a known chance."""
    error = math.sqrt(expected * (1.0 - expected) / events.size)
    return estimated(what, expected, events.mean(), error, "share")


def holds(what: str, found: Any, expected: bool = True) -> Figure:
    """A statement that is true (1) or not (0)."""
    return Figure(what, float(expected), float(bool(found)), 0.0, "1 yes, 0 no")
