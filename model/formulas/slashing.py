r"""How much a fault costs.

A slash is uniform in the band of its severity and at most the cap of the tier, $\min(U, c)$ with $U$ uniform on
$[l, h]$, which on average takes

$$ E = \begin{cases} (l + h)/2 & c \ge h \\ c - (c - l)^2 / (2 (h - l)) & l < c < h \\ c & c \le l \end{cases} $$

of the stake. Per job, who gains $g$ by cheating and is caught with probability $p$ cheats if $g > p E S$ (Becker 1968):
a stake of $g / (p E)$ deters. Source: WHITEPAPER, slash bands and tiers; SPEC, Staking Security (maximum slash
percentages).
"""

from __future__ import annotations

from model.arrays import Array, namespace


def expected_share(low: Array, high: Array, cap: Array) -> Array:
    """Mean slash of a band under a cap, share of the stake, elementwise."""
    xp = namespace(cap)
    inside = xp.clip(cap, low, high)
    width = xp.where(high > low, high - low, 1.0)
    within = inside - (inside - low) * (inside - low) / (2.0 * width)
    return xp.minimum(within, cap)


def survival(jobs: Array, chance: Array) -> Array:
    """The chance that none of so many independent events, each of a chance below one, happens."""
    xp = namespace(jobs)
    return xp.exp(jobs * xp.log1p(-xp.minimum(chance, 1.0 - 1e-15)))
