r"""The price oracle: one price from several reports, and the circuit breaker.

With $x_{(1)} \le \dots \le x_{(n)}$ the reports in use, the median is $x_{((n+1)/2)}$, or the mean of the two in the
middle. A report is left out where

$$ |x_i - \mathrm{med}(x)| > z \cdot 1.4826\, \mathrm{med}_j |x_j - \mathrm{med}(x)| $$

but the `fewest` nearest to the median always stay. The price is the median of what is left. The median is bounded as
long as fewer than half of the reports are corrupt. Units: USD per QUIV. Source: SPEC, Oracle Security (multiple price
feeds, outlier detection, circuit breakers), which has no numbers; the rule is an assumption. Theory: Huber, "Robust
Statistics" (breakdown point); 1.4826 makes the median absolute deviation of normal reports their standard deviation.
"""

from __future__ import annotations

from typing import Any

from model.arrays import Array, ascending, namespace

NORMAL = 1.4826


def median(reports: Array, used: Array) -> Array:
    """Median along the last axis of the reports where `used` is true, of which there is at least one; `(*batch)`."""
    xp = namespace(reports)
    ordered = ascending(xp.where(used, reports, xp.inf))
    count = xp.sum(xp.astype(used, xp.int64), axis=-1, keepdims=True)
    places = xp.arange(reports.shape[-1])
    middle = xp.astype((places == (count - 1) // 2) | (places == count // 2), xp.float64)
    finite = xp.where(middle > 0.0, ordered, 0.0)
    return xp.sum(finite, axis=-1) / xp.sum(middle, axis=-1)


def aggregate_reports(reports: Array, fresh: Array, z: Array, fewest: Array) -> Array:
    """One price from reports `(*batch, feeds)`; `fresh` says which are recent; `z` and `fewest` are `(*batch)`."""
    xp = namespace(reports)
    everyone = xp.ones_like(fresh)
    fresh = xp.where(xp.sum(xp.astype(fresh, xp.int64), axis=-1, keepdims=True) >= fewest[..., None], fresh, everyone)
    centre = median(reports, fresh)[..., None]
    distance = xp.abs(reports - centre)
    spread = NORMAL * median(distance, fresh)[..., None]
    near = _rank(xp, xp.where(fresh, distance, xp.inf)) < fewest[..., None]
    return median(reports, fresh & ((distance <= z[..., None] * spread) | near))


def _rank(xp: Any, values: Array) -> Array:
    """The place of each value in rising order along the last axis, from 0; ties keep their order."""
    return xp.argsort(xp.argsort(values, axis=-1, stable=True), axis=-1, stable=True)


def breaker(candidate: Array, last: Array, held: Array, width: Array, days: Array) -> tuple[Array, Array, Array]:
    """The price after the circuit breaker, the days that it still holds, and whether it tripped; elementwise.

    `held` are the days left of a hold: on its last one the candidate is taken, however far it is.
    """
    xp = namespace(candidate)
    far = xp.abs(candidate / last - 1.0) > width
    tripped = (held == 0) & far
    after = xp.where(tripped, days, xp.maximum(held - 1, 0))
    return xp.where(after > 0, last, candidate), after, tripped
