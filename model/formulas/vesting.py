r"""Vesting: what a locked allocation has released by a given day.

With total $A$, part at genesis $G$, cliff $c$, vesting period $v$ and $d = \min(t, v)$:

$$V_{\text{accrue}}(t) = G + [t \ge c] \Big\lfloor (A - G) \frac{d}{v} \Big\rfloor, \qquad
  V_{\text{after}}(t) = G + [t \ge c] \Big\lfloor (A - G) \frac{d - c}{v - c} \Big\rfloor$$

Accrue at cliff: the time before the cliff counts, and is paid out on the day of the cliff (25 % after one year of
four). Linear after cliff: nothing has accrued on that day, and both readings end on day $v$.
Units: nano-QUIV (`int64`), days since genesis. Exact in whole numbers.

Source: WHITEPAPER, token allocation and vesting. Assumptions: accrue at cliff is the default, the industry's usual
reading, because the text names none; a year has 365 days and six months 182; a period of zero days releases
everything on the day of the cliff.
"""

from __future__ import annotations

from model.arrays import Array, namespace, quotient


def vested(total_nquiv: Array, tge_nquiv: Array, cliff_days: Array, vesting_days: Array, day: Array) -> Array:
    """Released by the end of `day`, accrue at cliff: `int64` nano-QUIV, shape `(*batch, allocations)`.

    The first four are `(*batch, allocations)`, `day` is `(*batch)`, at least 0. `tge_nquiv` is within `total_nquiv`.
    Source: WHITEPAPER, token allocation and vesting.
    """
    xp = namespace(total_nquiv)
    day = xp.asarray(day, dtype=xp.int64)[..., None]
    accrued = _linear(total_nquiv - tge_nquiv, day, vesting_days)
    return tge_nquiv + xp.where(day >= cliff_days, accrued, 0)


def vested_after_cliff(
    total_nquiv: Array, tge_nquiv: Array, cliff_days: Array, vesting_days: Array, day: Array
) -> Array:
    """Released by the end of `day`, linear after cliff: shapes and units as in `vested`.

    A cliff at or beyond the vesting period releases everything on its day.
    """
    xp = namespace(total_nquiv)
    day = xp.asarray(day, dtype=xp.int64)[..., None]
    accrued = _linear(total_nquiv - tge_nquiv, day - cliff_days, vesting_days - cliff_days)
    return tge_nquiv + xp.where(day >= cliff_days, accrued, 0)


def _linear(amount_nquiv: Array, days: Array, period: Array) -> Array:
    """floor(amount * days / period) up to the whole amount; split first, so that no product overflows.

    Negative `days` count as 0; a period that is not positive has ended.
    """
    xp = namespace(amount_nquiv)
    span = xp.maximum(period, 1)
    elapsed = xp.where(period > 0, xp.minimum(xp.maximum(days, 0), span), span)
    whole = quotient(amount_nquiv, span)
    rest = amount_nquiv - whole * span
    return whole * elapsed + quotient(rest * elapsed, span)
