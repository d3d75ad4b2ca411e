r"""Emission of provider rewards: a table of years, then a halving tail, under a cap.

$$C(t) = \min\Big(\sum_{y=1}^{Y} \Big\lfloor E_y \frac{d_y(t)}{365} \Big\rfloor
  + \sum_{k \ge 0} \Big\lfloor \Big\lfloor \frac{R}{2^k} \Big\rfloor \frac{d_k(t)}{365} \Big\rfloor,\; P\Big)$$

with $E_y$ the table's emission in year $y$, $d_y(t)$ the days of that year over by day $t$, $R$ the yearly rate
when the tail starts, $d_k(t)$ the days over of its $k$-th block of `halving_years` years, and $P$ the pool.
Units: nano-QUIV (`int64`), days, years of 365 days. Everything is exact in whole numbers.

Source: SPEC, Emission Rate Control; WHITEPAPER 2.3 for the table (70, 52.5, 35, 35, six times 21 M) and the halving.
Assumptions: year = floor(day / 365) + 1, uniform per day within a year; the tail starts at the first halved rate,
10.5 M a year, so that the pool of 350 M is spent at 13.0 years, when emission stops.
"""

from __future__ import annotations

from model.arrays import Array, namespace, take_rate

DAYS_PER_YEAR = 365
TAIL_BLOCKS = 63
"""Halvings after which no `int64` rate is left."""


def scheduled_uncapped(day: Array, yearly: Array, tail_first_rate_nquiv: Array, halving_years: Array) -> Array:
    """Nano-QUIV that the schedule alone calls for by the end of `day` days, shape `(*batch)`, `int64`.

    `day` `(*batch)` counts days that are over (0 before the first); `yearly` `(*batch, years)` in nano-QUIV a year, of
    any length, also none; `tail_first_rate_nquiv` `(*batch)` is the yearly rate in the first `halving_years`
    (`(*batch)`, whole, at least 1) after the table. Its daily differences are the base that a growth multiplier
    scales. Sums must stay under 2**63: a hundred years at 90 M QUIV a year do. Source: WHITEPAPER 2.3.
    """
    xp = namespace(yearly)
    day, rate, block = (xp.asarray(x, dtype=xp.int64)[..., None] for x in (day, tail_first_rate_nquiv, halving_years))
    years = yearly.shape[-1]
    in_year = _clip(day - DAYS_PER_YEAR * xp.arange(years, dtype=xp.int64), DAYS_PER_YEAR)
    halvings = xp.arange(TAIL_BLOCKS, dtype=xp.int64)
    block_days = DAYS_PER_YEAR * block
    in_block = _clip(day - DAYS_PER_YEAR * years - block_days * halvings, block_days)
    tail = xp.bitwise_right_shift(rate, halvings)
    return xp.sum(_accrued(yearly, in_year), axis=-1) + xp.sum(_accrued(tail, in_block), axis=-1)


def scheduled_cumulative(
    day: Array, yearly: Array, tail_first_rate_nquiv: Array, halving_years: Array, pool_nquiv: Array
) -> Array:
    """Nano-QUIV emitted by the end of `day` days at growth multiplier 1, never above `pool_nquiv`, shape `(*batch)`.

    Arguments as in `scheduled_uncapped`. With another multiplier the pool lasts longer or shorter: scale the
    differences of `scheduled_uncapped` by `adjusted` instead. Source: WHITEPAPER 2.3.
    """
    xp = namespace(yearly)
    return xp.minimum(scheduled_uncapped(day, yearly, tail_first_rate_nquiv, halving_years), pool_nquiv)


def adjusted(base_nquiv: Array, multiplier: Array, remaining_nquiv: Array) -> Array:
    """A step's emission: base times multiplier, rounded down, at most what the pool still holds; `int64`.

    Elementwise. The multiplier, in [0, 2], is read in parts of 1e9; given one from `growth_multiplier_go` the
    product equals `exact.calculate_emission_rate`. Source: SPEC, Emission Rate Control.
    """
    xp = namespace(base_nquiv)
    return xp.minimum(take_rate(base_nquiv, xp.asarray(multiplier, dtype=xp.float64)), remaining_nquiv)


def growth_multiplier(growth: Array, low: Array = 0.0, high: Array = 2.0) -> Array:
    """Growth (a ratio, 1 = no change) held within [low, high], elementwise. Source: SPEC, Emission Rate Control.

    The spec has the upper bound only; the lower one keeps emission from turning negative (assumption).
    """
    xp = namespace(growth)
    return xp.minimum(xp.maximum(growth, low), high)


def growth_multiplier_go(growth: Array) -> Array:
    """`int64(min(growth, 2) * 100) / 100`, elementwise: Go's truncation, and no lower bound.

    A NaN stays NaN here, unseen, so that the function can be traced; `exact.calculate_emission_rate` refuses it.
    Source: SPEC, Emission Rate Control.
    """
    xp = namespace(growth)
    return xp.trunc(xp.minimum(growth, 2.0) * 100.0) / 100.0


def pure_halving_yearly(pool_nquiv: Array, halving_years: Array) -> Array:
    r"""First yearly rate $H_0 = P / 2h$ of a halving schedule without a table that spends the pool in the limit.

    Nano-QUIV a year, rounded down: 43.75 M QUIV for 350 M and 4 years. Use it as `tail_first_rate_nquiv` beside an
    empty `yearly`. Source: SPEC, Core Contracts ("Handles halving events").
    """
    return pool_nquiv // (2 * halving_years)


def _clip(days: Array, most: Array) -> Array:
    xp = namespace(days)
    return xp.minimum(xp.maximum(days, 0), most)


def _accrued(yearly_nquiv: Array, days: Array) -> Array:
    """floor(yearly * days / 365); the amount is split first, so that no product overflows."""
    whole = yearly_nquiv // DAYS_PER_YEAR
    rest = yearly_nquiv - whole * DAYS_PER_YEAR
    return whole * days + rest * days // DAYS_PER_YEAR
