"""Array operations whose form depends on the library or on who owns the array.

Every other module is written against the array API standard: a function asks `namespace` for the library of its
inputs and reduces over its own axes (`axis=-1`), so the same source serves one trajectory, shape `(*own)`, and an
ensemble, shape `(trajectories, *own)`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import array_api_compat.numpy
import numpy as np
import scipy.special
from array_api_compat import array_namespace

from model import traced

Array = Any
"""A NumPy array, a NumPy scalar (an array of shape `()`), or an array of another library with the standard API."""

Values = Mapping[str, Array]
"""A state, or constant parameters: arrays by name."""

Signals = dict[str, Array]
"""What a policy emits: flows' amounts and new figures, by name."""

Unread = Any
"""The arguments `substep` and `state_history`, which engines fill differently and no function reads."""

NQUIV_PER_QUIV = 1_000_000_000
"""Ledger units in a QUIV: amounts are `int64` nano-QUIV, so the whole supply of 1e9 QUIV is 1e18 and fits."""

RATE_PARTS = 1_000_000_000
"""Rates that split an amount are taken as whole parts in 1e9, as a contract would store them."""


_NUMPY = (np.ndarray, np.generic)
_MARGIN = 1.0 - 2.0**-46


class NumberError(ArithmeticError):
    """A number that is not finite, or that is no whole number of 64 bits; `values` are those that were to be one."""

    def __init__(self, message: str, values: Any = None) -> None:
        super().__init__(message)
        self.values = values


class Consumable(np.ndarray[Any, np.dtype[Any]]):
    """An array whose engine keeps no older state, so that a ring buffer may be written in place.

    The reference engines never use it: they keep every substep, and a write into an old state would rewrite history.
    """


def namespace(*of: Array | Values) -> Any:
    """The array-API namespace of arrays, or of a state, all of whose arrays are of one library.

    NumPy is recognised at once: the general look-up costs more than many of the operations that follow it.
    """
    arrays = (of[0]["price_usd"],) if isinstance(of[0], Mapping) else of
    return array_api_compat.numpy if _is_numpy(*arrays) else array_namespace(*arrays)


def _is_numpy(*arrays: Array) -> bool:
    return all(isinstance(array, _NUMPY) for array in arrays)


def to_whole(values: Array) -> Array:
    """Floats without a fraction as `int64`: the one way in which amounts become whole numbers.

    Raises NumberError where one is not finite or does not fit, under the settings of NumPy in which policies run
    (`experiments/engines/guard.py`); a compiled program notes the trajectory.
    """
    if not _is_numpy(values):
        return traced.to_whole(values)
    try:
        return values.astype(np.int64)
    except FloatingPointError:
        raise NumberError("no whole number of 64 bits", values) from None


def to_nquiv(amount_quiv: Array) -> Array:
    """QUIV as decided (float) to nano-QUIV as moved (`int64`), rounded down, never below zero."""
    xp = namespace(amount_quiv)
    return to_whole(xp.floor(xp.maximum(amount_quiv, 0.0) * float(NQUIV_PER_QUIV)))


def to_quiv(amount_nquiv: Array) -> Array:
    """Nano-QUIV (`int64`) to QUIV (float), for decisions and metrics, never for moving tokens."""
    xp = namespace(amount_nquiv)
    return xp.astype(amount_nquiv, xp.float64) / float(NQUIV_PER_QUIV)


def rate_parts(rate: Array) -> Array:
    """A rate in [0, 1] to whole parts in 1e9 (`int64`), rounded to nearest."""
    xp = namespace(rate)
    return to_whole(xp.round(rate * float(RATE_PARTS)))


def take_rate(amount_nquiv: Array, rate: Array) -> Array:
    r"""$\lfloor \text{amount} \cdot \text{rate} \rfloor$ in whole numbers, without overflow below $2^{63}$.

    `amount_nquiv` is `int64`, `rate` a float in [0, 1] read in parts of 1e9.
    """
    return product(amount_nquiv, rate_parts(rate))[0]


def product(amount: Array, parts: Array) -> tuple[Array, Array]:
    r"""$\text{amount} \cdot \text{parts}$ exactly, as whole multiples of 1e9 and the rest, both `int64`.

    Neither factor is negative, `parts` at most 9e9, and the product below $2^{63} 10^9$. The amount is split as
    $a = q\,10^9 + r$, so that no intermediate product passes 9e18.
    """
    whole = quotient(amount, RATE_PARTS)
    low = (amount - whole * RATE_PARTS) * parts
    carried = quotient(low, RATE_PARTS)
    return whole * parts + carried, low - carried * RATE_PARTS


def quotient(amount: Array, by: Array | int) -> Array:
    r"""$\lfloor \text{amount} / \text{by} \rfloor$ exactly, of whole numbers (`int64`); `by` is positive."""
    return amount // by if isinstance(amount, int) or _is_numpy(amount) else traced.quotient(amount, by)


def scale_down(amount_nquiv: Array, weight: Array) -> Array:
    """Each amount times a weight in [0, 1], rounded down with a margin of 2**-46: parts never exceed the whole."""
    xp = namespace(amount_nquiv)
    return to_whole(xp.floor(xp.astype(amount_nquiv, xp.float64) * weight * _MARGIN))


def share_out(total_nquiv: Array, weights: Array) -> Array:
    """Divide a total, shape `(*batch)`, over agents by weight, shape `(*batch, n)`, each part rounded down.

    The parts never sum to more than the total (a relative margin of 2**-46 absorbs the rounding of the float
    quotient); what is left, a few thousandths of a QUIV at most for the largest totals, stays with the payer.
    No weight, no payment: where all weights are zero every part is zero.
    """
    xp = namespace(total_nquiv, weights)
    total_weight = xp.sum(weights, axis=-1)
    positive = total_weight > 0.0
    scale = xp.astype(total_nquiv, xp.float64) / xp.where(positive, total_weight, 1.0)
    scale = xp.where(positive, scale, 0.0) * _MARGIN
    return to_whole(xp.floor(weights * scale[..., None]))


def share_within(totals_nquiv: Array, weights: Array, summed: Array, spread: Callable[[Array], Array]) -> Array:
    """`share_out` within groups: the totals and the weights' sums have shape `(*batch, groups)`.

    `spread` gives each agent what its group has, `(*batch, n)`.
    """
    xp = namespace(totals_nquiv, weights)
    positive = summed > 0.0
    scale = xp.astype(totals_nquiv, xp.float64) / xp.where(positive, summed, 1.0)
    return to_whole(xp.floor(weights * spread(xp.where(positive, scale, 0.0) * _MARGIN)))


def part_of(whole_nquiv: Array, share: Array) -> Array:
    """A share in [0, 1] of whole amounts, rounded down; all of them at a share of one. Shapes broadcast."""
    xp = namespace(whole_nquiv)
    return xp.where(share >= 1.0, whole_nquiv, scale_down(whole_nquiv, share))


def ratio(part: Array, whole: Array) -> Array:
    """A part over a whole that is not negative; zero where the whole is. Shapes broadcast."""
    xp = namespace(whole)
    return xp.where(whole > 0.0, part, 0.0) / xp.where(whole > 0.0, whole, 1.0)


def pick(values: Array, index: Array) -> Array:
    """Value of each agent's counterpart: `values` `(*batch, m)` at `index` `(*batch, n)`, as `(*batch, n)`."""
    xp = namespace(values)
    lead = index.shape[:-1]
    return xp.take_along_axis(xp.broadcast_to(values, lead + values.shape[-1:]), index, axis=-1)


def sum_by(values: Array, index: Array, count: int) -> Array:
    """Sums over the agents that share a counterpart: `values` and `index` `(*batch, n)` give `(*batch, count)`.

    Whole amounts are summed exactly.
    """
    if not _is_numpy(values, index):
        return traced.sum_by(values, index, count)
    lead = index.shape[:-1]
    rows = int(np.prod(lead, dtype=np.int64))
    place = index.reshape(rows, -1) + count * np.arange(rows, dtype=np.int64)[:, None]
    summed = np.zeros(rows * count, dtype=values.dtype)
    np.add.at(summed, place.reshape(-1), np.broadcast_to(values, index.shape).reshape(-1))
    return summed.reshape(*lead, count)


def with_columns(array: Array, columns: Mapping[int, Array]) -> Array:
    """A copy of `(*batch, n)` in which some places of the last axis are replaced, each by `(*batch)`."""
    if not _is_numpy(array):
        return traced.with_columns(array, columns)
    written = array.copy()
    for place, column in columns.items():
        written[..., place] = column
    return written


def power(x: Array, exponent: int) -> Array:
    """A whole power, elementwise; a compiler multiplies."""
    return np.power(x, float(exponent)) if _is_numpy(x) else traced.power(x, exponent)


def in_turn(step: Callable[..., tuple[Any, Array]], carried: Any, *arrays: Array) -> Array:
    """Results of `step(carried, *columns)` for each column of the last axis in turn, `(*batch, n)`.

    It returns what the next column's step is handed, arrays in the same shapes, and this column's result.
    """
    if not _is_numpy(*arrays):
        return traced.in_turn(step, carried, *arrays)
    found = []
    for place in range(arrays[0].shape[-1]):
        carried, result = step(carried, *(array[..., place] for array in arrays))
        found.append(result)
    return np.stack(found, axis=-1)


def repeat(step: Callable[[Any], Any], carried: Any, times: int) -> Any:
    """The result of `step(step(...step(carried)))`, a fixed number of times; arrays keep their shapes."""
    if not _is_numpy(*(carried if isinstance(carried, tuple) else (carried,))):
        return traced.repeat(step, carried, times)
    for _ in range(times):
        carried = step(carried)
    return carried


def once(values: Any) -> Any:
    """The same arrays, or containers of them, which a compiler works out here, not again wherever they are read.

    It is for what many figures are made of: a compiler makes one loop of each, and would do there all that leads to it.
    """
    return traced.once(values)


def ascending(x: Array) -> Array:
    """The values along the last axis, smallest first; none of them is NaN."""
    return np.sort(x, axis=-1) if _is_numpy(x) else traced.ascending(x)


def log_gamma(x: Array) -> Array:
    """The logarithm of the gamma function, elementwise."""
    return scipy.special.gammaln(x) if _is_numpy(x) else traced.log_gamma(x)


def upper_gamma(a: Array, x: Array) -> Array:
    """The regularised upper incomplete gamma function: the Poisson distribution function of `a - 1` at mean `x`."""
    return scipy.special.gammaincc(a, x) if _is_numpy(a, x) else traced.upper_gamma(a, x)


def gamma_quantile(a: Array, u: Array, most: int) -> Array:
    """The quantile of a sum of `a` standard exponentials, elementwise: the inverse of the gamma distribution at `u`.

    A compiler takes `a` to be whole and at most `most`.
    """
    return scipy.special.gammaincinv(a, u) if _is_numpy(a, u) else traced.gamma_quantile(a, u, most)


def refuse(wrong: Array, error: Exception) -> None:
    """Raise the error if any element of a mask `(*batch, ...)` holds.

    What a compiler traces has no values and cannot raise: there the mask is noted, and the engine raises afterwards.
    """
    if not _is_numpy(wrong):
        traced.refuse(wrong)
    elif bool(np.any(wrong)):
        raise error


def read_slot(ring: Array, slot: Array) -> Array:
    """The entry of a ring buffer `(*batch, slots, n)` at `slot`, as `(*batch, n)`, safe to keep.

    Of a `traced.Ring` only the entry of the day is read.
    """
    if isinstance(ring, traced.Ring):
        return ring.due
    xp = namespace(ring)
    return xp.asarray(ring[..., slot, :], copy=True) if isinstance(ring, Consumable) else ring[..., slot, :]


def write_slot(ring: Array, slot: Array, value: Array) -> Array:
    """The ring buffer with `value` at `slot`: a new array, or the same one where its owner gave it up."""
    if isinstance(ring, Consumable):
        ring[..., slot, :] = value
        return ring
    if not _is_numpy(ring):
        return traced.write_slot(ring, slot, value)
    written = ring.copy()
    written[..., slot, :] = value
    return written
