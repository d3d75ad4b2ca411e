"""Constraints between parameters, checked when a file is read, and when a vote would break one."""

from __future__ import annotations

from collections.abc import Mapping

SUMS: tuple[tuple[tuple[str, ...], float | str], ...] = (
    (("fees.burn_share", "fees.stakers_share", "fees.network_treasury_share"), 1.0),
    (("fees.treasury_share", "fees.referral_share", "fees.base_burn_share"), "fees.take_limit"),
    (("staking.direct_share", "staking.delegator_share"), 1.0),
    (("slashing.burn_share", "slashing.challenger_share"), 1.0),
)
"""Sums: parameters whose sum may not exceed a number or another parameter."""

ORDERS: tuple[tuple[str, str], ...] = (("fees.congestion_low", "fees.congestion_high"),)
"""Orders: pairs of parameters of which the first may not be above the second."""


def broken(values: Mapping[str, float]) -> str | None:
    """The first constraint that the values break, as a sentence; those with parameters not given are skipped."""
    for parts, most in SUMS:
        limit = values.get(most) if isinstance(most, str) else most
        if limit is None or not set(parts) <= set(values):
            continue
        total = sum(values[name] for name in parts)
        if total > limit + 1e-9:
            bound = f"{most} ({limit:g})" if isinstance(most, str) else f"{limit:g}"
            return f"{', '.join(parts[:-1])} and {parts[-1]} sum to {total:.6g}; they may sum to at most {bound}"
    for low, high in ORDERS:
        if {low, high} <= set(values) and values[low] > values[high]:
            return f"{low} ({values[low]:g}) is above {high} ({values[high]:g})"
    return None
