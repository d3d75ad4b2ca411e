r"""Concentration of holdings: Gini, Nakamoto, Herfindahl.

For holdings $x_{(1)} \le \dots \le x_{(n)}$ with total $X$:

$$G = \frac{\sum_i (2i - n - 1)\, x_{(i)}}{n X}, \qquad
  N = \min\Big\{k : \sum_{i > n-k} x_{(i)} > \theta X\Big\}, \qquad H = \sum_i \Big(\frac{x_i}{X}\Big)^2$$

Units: any for holdings (`int64` or float, not negative); the results are pure numbers. Each function takes
`(*batch, holders)`, at least one holder, and returns `(*batch)`. Assumption: where nobody holds anything there is no
concentration, and all three are 0.

Source: the standard definitions; WHITEPAPER, token allocation, is the known case: Gini 0.3571, Nakamoto 2, Herfindahl
0.21.
"""

from __future__ import annotations

from model.arrays import Array, ascending, namespace


def gini(x: Array) -> Array:
    """Gini coefficient along the last axis, in [0, 1 - 1/n], in O(n log n); 0 where all are zero."""
    return gini_sorted(_ascending(x))


def gini_sorted(ordered: Array) -> Array:
    """The same of amounts (`float64`) that already rise along the last axis."""
    xp = namespace(ordered)
    holders = ordered.shape[-1]
    rank_weight = 2.0 * xp.arange(1, holders + 1, dtype=xp.float64) - (holders + 1.0)
    total = xp.sum(ordered, axis=-1)
    return xp.sum(ordered * rank_weight, axis=-1) / (holders * _positive(total))


def nakamoto(x: Array, threshold: Array = 0.5) -> Array:
    """The smallest number of largest holders with more than `threshold`, in [0, 1), of the total, `int64`.

    0 where all are zero. `threshold` is `(*batch)`.
    """
    return nakamoto_sorted(_ascending(x), threshold)


def nakamoto_sorted(ordered: Array, threshold: Array = 0.5) -> Array:
    """The same of amounts (`float64`) that already rise along the last axis."""
    xp = namespace(ordered)
    held = xp.cumulative_sum(xp.flip(ordered, axis=-1), axis=-1)
    total = held[..., -1]
    short = xp.sum(xp.astype(held <= (threshold * total)[..., None], xp.int64), axis=-1)
    return xp.where(total > 0.0, short + 1, 0)


def herfindahl(x: Array) -> Array:
    """Sum of squared shares along the last axis, from 1/n to 1; 0 where all are zero."""
    xp = namespace(x)
    amounts = xp.astype(x, xp.float64)
    shares = amounts / _positive(xp.sum(amounts, axis=-1))[..., None]
    return xp.sum(shares * shares, axis=-1)


def _ascending(x: Array) -> Array:
    xp = namespace(x)
    return ascending(xp.astype(x, xp.float64))


def _positive(total: Array) -> Array:
    xp = namespace(total)
    return xp.where(total > 0.0, total, 1.0)
