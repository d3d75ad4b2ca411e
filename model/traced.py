"""The forms of `model/arrays.py` for arrays that a compiler traces (JAX's): no value is read, no array is written.

Nothing here is called with NumPy arrays, and JAX is imported by the functions that need it: the model runs without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from array_api_compat import array_namespace

Array = Any

_HALLEY_STEPS = 8
"""Steps to the quantile of a gamma distribution: the first are within a few percent, each trebles the digits."""

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
    """`arrays.upper_gamma`."""
    from jax.scipy.special import gammaincc

    return gammaincc(a, x)


def gamma_quantile(a: Array, u: Array) -> Array:
    """`arrays.gamma_quantile` by Halley's method, from Wilson and Hilferty's normal approximation.

    In the lower tail, where the approximation fails, it begins with the first term of the series of the distribution.
    """
    from jax.scipy.special import gammainc, gammaln, ndtri

    xp = array_namespace(u)
    inside = xp.minimum(u, 1.0 - 2.0**-53)
    normal = 1.0 - 1.0 / (9.0 * a) + ndtri(inside) / (3.0 * xp.sqrt(a))
    first = xp.exp((xp.log(inside) + gammaln(a + 1.0)) / a)
    x = xp.where(normal > 0.3, a * normal**3, xp.minimum(first, a))
    for _ in range(_HALLEY_STEPS):
        density = xp.exp((a - 1.0) * xp.log(x) - x - gammaln(a))
        newton = (gammainc(a, x) - inside) / xp.maximum(density, 1e-300)
        bend = xp.clip(newton * ((a - 1.0) / x - 1.0), -1.0, 1.0)
        x = xp.maximum(x - newton / (1.0 - 0.5 * bend), 0.25 * x)
    return xp.where(u < 1.0, x, xp.inf)
