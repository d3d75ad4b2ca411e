"""Factors as SALib has them: every factor is sampled evenly over its places, from 0 to 1."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from experiments.analysis.factors import Factor
from experiments.errors import RequestError


def problem(factors: Sequence[Factor]) -> dict[str, Any]:
    """SALib's description of the factors; RequestError for fewer than two, which it cannot tell apart."""
    if len(factors) < 2:
        names = ", ".join(factor.name for factor in factors) or "none"
        raise RequestError(f"controls: found {names} with more than one value; allowed: at least two to compare")
    return {
        "num_vars": len(factors),
        "names": [factor.name for factor in factors],
        "bounds": [[0.0, 1.0]] * len(factors),
    }


def library_seed(seed: int) -> int:
    """A seed that SALib takes: not zero, which it reads as none, and within 32 bits."""
    return seed % (2**32 - 1) + 1
