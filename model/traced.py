"""The forms of `model/arrays.py` for arrays that a compiler traces (JAX's): no value is read, no array is written.

Nothing here is called with NumPy arrays, and JAX is imported by the functions that need it: the model runs without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

from array_api_compat import array_namespace

Array = Any

_NEWTON_STEPS = 6
"""Steps to the quantile of a gamma distribution."""

_TERMS = 32
"""Terms of a series that one pass of a loop adds."""

_refused: list[Array] | None = None
_never: Array | None = None


class Ring(NamedTuple):
    """A ring buffer `(*batch, slots, n)`, and its entry of the day, kept by itself.

    A program that read and wrote one slot on the same day would copy the whole buffer; so it is read a day ahead.
    """

    slots: Array
    due: Array

    @property
    def shape(self) -> tuple[int, ...]:
        """The buffer's."""
        shape: tuple[int, ...] = self.slots.shape
        return shape


def ring(slots: Array, day: Array) -> Ring:
    """A ring buffer on a day."""
    return Ring(slots, slots[..., day % slots.shape[-2], :])


@contextmanager
def program(never: Array | None = None) -> Iterator[list[Array]]:
    """The masks that `refuse` is given inside the `with` block, in order.

    `never` is for `once`: an array `()` that is False whenever the program runs, which no compiler can tell.
    """
    global _refused, _never
    before = _refused, _never
    _refused, _never = [], never
    try:
        yield _refused
    finally:
        _refused, _never = before


def refuse(wrong: Array) -> None:
    """Note where a function could not go on; outside of `program` that would be lost, so it is an error there."""
    if _refused is None:
        raise RuntimeError("a traced function refuses its input, and nobody collects refusals")
    _refused.append(wrong)


def to_whole(values: Array) -> Array:
    """`arrays.to_whole`; where nobody collects refusals nothing is refused."""
    xp = array_namespace(values)
    if _refused is not None:
        _refused.append(~(xp.abs(values) < 2.0**63))
    return xp.astype(values, xp.int64)


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


def once(values: Any) -> Any:
    """`arrays.once`: the values go through a loop that `never` keeps from turning, beyond which no compiler looks.

    In the loop each would become the next one of its kind, so that none is known to be what went in.
    """
    if _never is None:
        return values
    from jax import tree
    from jax.lax import while_loop

    leaves, form = tree.flatten(values)
    kinds: dict[Any, list[int]] = {}
    for place, value in enumerate(leaves):
        kinds.setdefault((value.shape, str(value.dtype)), []).append(place)

    def turn(carried: tuple[Array, list[Array]]) -> tuple[Array, list[Array]]:
        going, now = carried
        turned = list(now)
        for places in kinds.values():
            for place, other in zip(places, places[1:] + places[:1], strict=True):
                turned[place] = now[other] if other != place else _another(now[place])
        return ~going, turned

    return tree.unflatten(form, while_loop(lambda carried: carried[0], turn, (_never, leaves))[1])


def _another(value: Array) -> Array:
    """A value that is not this one."""
    xp = array_namespace(value)
    return ~value if xp.isdtype(value.dtype, "bool") else value + xp.ones_like(value)


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
    if isinstance(ring, Ring):
        return Ring(write_slot(ring.slots, slot, value), ring.due)
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


def repeat(step: Callable[[Any], Any], carried: Any, times: int) -> Any:
    """`arrays.repeat`: a loop of the program, which is one step long."""
    from jax.lax import fori_loop

    return fori_loop(0, times, lambda _, now: step(now), carried)


def ascending(x: Array) -> Array:
    """`arrays.ascending`: floats by their bits, which as whole numbers have the same order and are compared sooner."""
    from jax.lax import bitcast_convert_type

    xp = array_namespace(x)
    if not xp.isdtype(x.dtype, "real floating"):
        return xp.sort(x, axis=-1)
    ordered = xp.sort(_as_ordered(xp, bitcast_convert_type(x, xp.int64)), axis=-1)
    return bitcast_convert_type(_as_ordered(xp, ordered), x.dtype)


def _as_ordered(xp: Any, bits: Array) -> Array:
    """A double's bits as a whole number in the same order, and back: of a negative one all but the sign are turned."""
    return bits ^ ((bits >> 63) & xp.asarray(2**63 - 1))


def log_gamma(x: Array) -> Array:
    """`arrays.log_gamma`."""
    from jax.scipy.special import gammaln

    return gammaln(x)


def upper_gamma(a: Array, x: Array) -> Array:
    r"""`arrays.upper_gamma` by a series, one less $x^a e^{-x} / \Gamma(a + 1) \sum_k x^k / ((a + 1) \cdots (a + k))$.

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

    one = xp.ones_like(a + x)
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
        term = summed = last = xp.ones_like(x)
        for k in range(1, most):
            term = term * x / k
            summed = xp.where(k < a, summed + term, summed)
            last = xp.where(k < a, term, last)
        return xp.maximum(x + (xp.log(summed) - x - above) * summed / last, 0.5 * x)

    return xp.where(u < 1.0, fori_loop(0, _NEWTON_STEPS, step, first), xp.inf)
