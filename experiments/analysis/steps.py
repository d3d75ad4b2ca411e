"""Distance of a setting from today's, and the quarters that governance needs to reach it.

Distance is Euclid's in units of each control's range, by logarithm where its scale is. A quarter moves a parameter by
at most the limit on change, of its value at the quarter's start (of its range where that is zero), so a rise is at most
to 1.2 times and a fall to 0.8 times; all parameters move in the same quarters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from experiments.analysis.factors import Factor
from model.parameters import GOVERNED, REGISTRY

MOST = 400
"""Quarters, a century, after which a value counts as out of reach: zero, for one."""


def distance(factors: Sequence[Factor], point: Mapping[str, Any], today: Mapping[str, Any]) -> float:
    """Euclidean distance of two settings, in units of each control's range."""
    return math.sqrt(sum(factor.distance(point[factor.name], today[factor.name]) ** 2 for factor in factors))


def quarters(today: float, wanted: float, limit: float, width: float) -> int | None:
    """Quarters from one value to another in steps of at most `limit` (a share); None where it is out of reach."""
    value = float(today)
    for count in range(MOST):
        if value == wanted:
            return count
        reach = limit * (abs(value) if value != 0.0 else width)
        if abs(wanted - value) <= reach * (1.0 + 1e-12):
            return count + 1
        value += math.copysign(reach, wanted - value)
    return None


def road(today: Mapping[str, Any], point: Mapping[str, Any], limit: float) -> tuple[int | None, list[str]]:
    """Quarters until every changed parameter is there, and why that cannot be, a sentence a parameter."""
    most, why = 0, []
    for name, wanted in point.items():
        if wanted == today[name]:
            continue
        if name not in GOVERNED:
            why.append(f"{name} is not governed: no vote changes it")
            continue
        entry = REGISTRY[name]
        width = float(entry.high - entry.low) if entry.low is not None and entry.high is not None else math.inf
        needed = quarters(float(today[name]), float(wanted), limit, width)
        if needed is None:
            why.append(f"{name} does not get from {today[name]:g} to {wanted:g} in steps of {100.0 * limit:g} %")
        else:
            most = max(most, needed)
    return (None if why else most), why
