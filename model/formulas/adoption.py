r"""Adoption: how use grows on a curve that everybody knows.

$$ a(t) = \frac{M}{1 + (M - 1) e^{-\lambda t}} $$

with $M$ the multiple of today's use in the limit and $\lambda$ the rate a year: logistic, as new goods spread
(Griliches 1957). Source: assumption; the documents have no demand side.
"""

from __future__ import annotations

from model.arrays import Array, namespace

YEAR_DAYS = 365.0


def logistic(multiple: Array, rate: Array, day: Array) -> Array:
    """Use over that of day 0, elementwise: one on day 0, `multiple` in the limit; `rate` is per year."""
    left = namespace(multiple).exp(-rate * (day / YEAR_DAYS))
    return multiple / (1.0 + (multiple - 1.0) * left)
