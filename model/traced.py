"""The forms of `model/arrays.py` for arrays that a compiler traces (JAX's): no value is read, no array is written.

Nothing here is called with NumPy arrays, and JAX is imported by the functions that need it: the model runs without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from array_api_compat import array_namespace

Array = Any

_TERMS = 24
"""Terms of a series that one pass of a loop adds."""

_NEWTON_STEPS = 6
"""Steps to the quantile of a gamma distribution."""

_refused: list[Array] | None = None


@contextmanager
def refusals() -> Iterator[list[Array]]:
    """The masks that `refuse` is given inside the `with` block, in order."""
    global _refused
    before, _refused = _refused, []
    try:
        yield _refused
    finally:
        _refused = before


def refuse(wrong: Array) -> None:
    """Note where a function could not go on; outside of `refusals` that would be lost, so it is an error there."""
    if _refused is None:
        raise RuntimeError("a traced function refuses its input, and nobody collects refusals")
    _refused.append(wrong)


def quotient(amount: Array, by: Array | int) -> Array:
    """`arrays.quotient` by floats, which processors divide many at a time, as they do not whole numbers.

    The first quotient is wrong by its rounding, at most some hundreds; the second, of what is left, by one at most.
    """
    xp = array_namespace(amount)
    divisor = xp.asarray(by, dtype=amount.dtype)
    parts = xp.astype(divisor, xp.float64)
    found = xp.astype(xp.floor(xp.astype(amount, xp.float64) / parts), amount.dtype)
    found = found + xp.astype(xp.floor(xp.astype(amount - found * divisor, xp.float64) / parts), amount.dtype)
    rest = amount - found * divisor
    return found + (rest >= divisor) - (rest < 0)


def sum_by(values: Array, index: Array, count: int) -> Array:
    """`arrays.sum_by`: a scatter by row."""
    xp = array_namespace(index)
    rows = xp.reshape(index, (-1, index.shape[-1]))
    flat = xp.reshape(xp.broadcast_to(values, index.shape), rows.shape)
    summed = xp.zeros((rows.shape[0], count), dtype=flat.dtype)
    summed = summed.at[xp.arange(rows.shape[0])[:, None], rows].add(flat)
    return xp.reshape(summed, (*index.shape[:-1], count))


def write_slot(ring: Array, slot: Array, value: Array) -> Array:
    """`arrays.write_slot`: in place where the compiler may reuse the ring's memory."""
    return ring.at[..., slot, :].set(value)


def with_columns(array: Array, columns: Mapping[int, Array]) -> Array:
    """`arrays.with_columns`: what lies between the columns, and they, side by side."""
    xp = array_namespace(array)
    parts, start = [], 0
    for place in sorted(columns):
        parts += [array[..., start:place]] * (place > start) + [columns[place][..., None]]
        start = place + 1
    return xp.concat([*parts, array[..., start:]], axis=-1)


def power(x: Array, exponent: int) -> Array:
    """`arrays.power`."""
    from jax.lax import integer_pow

    return integer_pow(x, exponent)


def in_turn(step: Callable[..., tuple[Any, Array]], carried: Any, *arrays: Array) -> Array:
    """`arrays.in_turn`: a loop of the program, which is one step long however many columns there are."""
    from jax.lax import scan

    xp = array_namespace(*arrays)
    columns = tuple(xp.moveaxis(array, -1, 0) for array in arrays)
    _, found = scan(lambda known, now: step(known, *now), carried, columns)
    return xp.moveaxis(found, 0, -1)


def log_gamma(x: Array) -> Array:
    """`arrays.log_gamma`."""
    from jax.scipy.special import gammaln

    return gammaln(x)


def upper_gamma(a: Array, x: Array) -> Array:
    r"""`arrays.upper_gamma` by the series $1 - \frac{x^a e^{-x}}{\Gamma(a + 1)} \sum_k \frac{x^k}{(a + 1) \cdots (a + k)}$.

    JAX's own form sums it a term at a time, and a program's loop costs more than the term; here a pass adds many. Above
    `a + 1`, where the series is no good, JAX's form is taken, if there is such an `x` at all.
    """
    from jax.lax import cond, while_loop
    from jax.scipy.special import gammaincc, gammaln

    xp = array_namespace(x)
    below = x < a + 1.0

    def goes_on(carried: tuple[Array, Array, Array]) -> Array:
        term, summed, _ = carried
        return xp.any(below & (term > 1e-17 * summed))

    def more(carried: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        term, summed, place = carried
        for _ in range(_TERMS):
            place = place + 1.0
            term = term * (x / place)
            summed = summed + term
        return term, summed, place

    one = 1.0 + 0.0 * (a + x)
    _, summed, _ = while_loop(goes_on, more, (one, one, a * one))
    series = 1.0 - xp.exp(a * xp.log(x) - x - gammaln(a + 1.0)) * summed
    return cond(xp.all(below), lambda: series, lambda: xp.where(below, series, gammaincc(a, x)))


def gamma_quantile(a: Array, u: Array, most: int) -> Array:
    r"""`arrays.gamma_quantile` by Newton's method for the logarithm of the chance to be above.

    That chance is $e^{-x} \sum_{k<a} x^k / k!$ for a whole `a`, and its logarithm is concave, so that after the first
    step the others come down to the quantile. It begins with Wilson and Hilferty's approximation, or with what the
    first term of the distribution's series gives, which is closer in the lower tail and too little elsewhere.
    """
    from jax.lax import fori_loop
    from jax.scipy.special import gammaln, ndtri

    xp = array_namespace(u)
    inside = xp.minimum(u, 1.0 - 2.0**-53)
    above = xp.log1p(-inside)
    middle = a * (1.0 - 1.0 / (9.0 * a) + ndtri(inside) / (3.0 * xp.sqrt(a))) ** 3
    first = xp.maximum(middle, xp.exp((xp.log(inside) + gammaln(a + 1.0)) / a))

    def step(_: int, x: Array) -> Array:
        term, summed, last = 1.0 + 0.0 * x, 1.0 + 0.0 * x, 1.0 + 0.0 * x
        for k in range(1, most):
            term = term * x / k
            summed = xp.where(k < a, summed + term, summed)
            last = xp.where(k < a, term, last)
        return xp.maximum(x + (xp.log(summed) - x - above) * summed / last, 0.5 * x)

    return xp.where(u < 1.0, fori_loop(0, _NEWTON_STEPS, step, first), xp.inf)
