r"""Voting power, and when a proposal passes.

$$w = \ell + \lambda s, \qquad w_{\text{go}} = (\ell + s)\,\lambda, \qquad
  \text{passes} \iff \frac{F}{F + A} > \theta \;(\theta = \tfrac12) \;\text{ or }\; \frac{F}{F + A} \ge \theta
  \;(\theta \ne \tfrac12)$$

with liquid $\ell$ and staked $s$, staking weight $\lambda$ (1.5; 2 after a year), votes for $F$ and against $A$.
Units: nano-QUIV in, votes in the same unit as `float64`, so that no weight overflows.

Source: SPEC, Voting Mechanism (the second form); WHITEPAPER, governance (the first form and the thresholds).
Assumptions: the first form is the default, since in the second one staked token multiplies any liquid balance; a simple
majority needs more than half, a stated share is enough when reached; a proposal without votes fails.
"""

from __future__ import annotations

from model.arrays import Array, namespace
from model.formulas.panel import binomial_chance

STAKED_WEIGHT = 1.5
"""Votes of a staked token. Source: WHITEPAPER, voting power."""

SIMPLE_MAJORITY = 0.5


def voting_power(liquid: Array, staked: Array, staked_weight: Array = STAKED_WEIGHT) -> Array:
    """Votes: liquid + weight * staked, elementwise, `float64` in the unit given. Source: WHITEPAPER, voting power."""
    xp = namespace(liquid, staked)
    return xp.astype(liquid, xp.float64) + staked_weight * xp.astype(staked, xp.float64)


def voting_power_go(liquid: Array, staked: Array, multiplier: Array) -> Array:
    """Votes by the spec's code: (liquid + staked) * multiplier, elementwise, `float64` in the unit given.

    Balances are `int64`, the multiplier a whole number. Equal to `exact.calculate_voting_power` below 2**53, to a
    float's rounding above. Source: SPEC, Voting Mechanism.
    """
    xp = namespace(liquid, staked)
    return xp.astype(liquid + staked, xp.float64) * multiplier


def veto_chance(signers: int, signatures: int, daily: Array, honesty: Array, days: Array) -> Array:
    r"""The chance that enough signers sign a veto within some days, elementwise.

    Each is reached with probability $1 - (1 - a)^T$ in $T$ days and then signs with probability $h$; the veto needs
    `signatures` of `signers`. Source: WHITEPAPER, treasury (multisig 5 of 9); reach and honesty are assumptions.
    """
    xp = namespace(daily)
    signs = honesty * (1.0 - xp.pow(1.0 - daily, 1.0 * days))
    terms = [binomial_chance(signers, count, signs) for count in range(signatures, signers + 1)]
    return sum(terms, start=xp.zeros_like(signs))


def passes(for_votes: Array, against_votes: Array, threshold: Array) -> Array:
    """Whether a vote carries, elementwise, as booleans: strictly above a threshold of 0.5, at or above any other.

    Votes are not negative, the threshold is in (0, 1]. No votes: False. Source: WHITEPAPER, approval thresholds.
    """
    xp = namespace(for_votes, against_votes)
    favour = xp.astype(for_votes, xp.float64)
    cast = favour + xp.astype(against_votes, xp.float64)
    share = favour / xp.where(cast > 0.0, cast, 1.0)
    bar = xp.asarray(threshold, dtype=xp.float64)
    reached = xp.where(bar == SIMPLE_MAJORITY, share > bar, share >= bar)
    return reached & (cast > 0.0)
