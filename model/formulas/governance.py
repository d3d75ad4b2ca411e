r"""Voting power, and when a proposal passes.

$$w = \ell + \lambda s, \qquad w_{\text{go}} = (\ell + s)\,\lambda, \qquad
  \text{passes} \iff \frac{F}{F + A} > \theta \;(\theta = \tfrac12) \;\text{ or }\; \frac{F}{F + A} \ge \theta
  \;(\theta \ne \tfrac12)$$

with liquid $\ell$ and staked $s$, staking weight $\lambda$ (1.5; 2 after a year), votes for $F$ and against $A$.
Units: nano-QUIV in, votes in the same unit as `int64`: no weight is above 8, so those of the whole supply and of a loan
of it fit. A vote is decided in whole numbers, as a contract decides it.

Source: SPEC, Voting Mechanism (the second form); WHITEPAPER, governance (the first form and the thresholds).
Assumptions: the first form is the default, since in the second one staked token multiplies any liquid balance; a simple
majority needs more than half, a stated share is enough when reached; a proposal without votes fails.
"""

from __future__ import annotations

from model.arrays import RATE_PARTS, Array, namespace, product, rate_parts
from model.formulas.panel import binomial_chance

STAKED_WEIGHT = 1.5
"""Votes of a staked token. Source: WHITEPAPER, voting power."""

SIMPLE_MAJORITY = 0.5

MOST_WEIGHT = 8
"""Votes of a token at most."""


def voting_power(liquid: Array, staked: Array, staked_weight: Array = STAKED_WEIGHT) -> Array:
    """Votes: liquid + weight * staked, elementwise, `int64` in the unit given; a staker's are rounded down.

    The weight is read in parts of 1e9. Source: WHITEPAPER, voting power.
    """
    xp = namespace(liquid, staked)
    return liquid + product(staked, rate_parts(xp.asarray(staked_weight, dtype=xp.float64)))[0]


def voting_power_go(liquid: Array, staked: Array, multiplier: Array) -> Array:
    """Votes by the spec's code: (liquid + staked) * multiplier, elementwise, `int64` in the unit given.

    Balances are `int64`, the multiplier a whole number of at most `MOST_WEIGHT`. Equal to
    `exact.calculate_voting_power`. Source: SPEC, Voting Mechanism.
    """
    return (liquid + staked) * multiplier


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
    r"""Whether a vote carries, elementwise, as booleans: strictly above a threshold of 0.5, at or above any other.

    Votes are `int64` and not negative, the threshold is in (0, 1] and read in parts of 1e9, so that both sides of
    $F (1 - \theta) \ge A \theta$ are whole numbers. No votes: False. Source: WHITEPAPER, approval thresholds.
    """
    xp = namespace(for_votes, against_votes)
    bar = rate_parts(xp.asarray(threshold, dtype=xp.float64))
    favour, against = product(for_votes, RATE_PARTS - bar), product(against_votes, bar)
    same = (favour[0] == against[0]) & (favour[1] == against[1])
    above = (favour[0] > against[0]) | ((favour[0] == against[0]) & (favour[1] > against[1]))
    return (above | (same & (bar != RATE_PARTS // 2))) & ((for_votes > 0) | (against_votes > 0))


def reaches(part: Array, whole: Array, share: Array) -> Array:
    """Whether a part is at least a share of a whole, elementwise, as booleans; both `int64` and not negative.

    The share is in [0, 1] and read in parts of 1e9. It decides quorums and whether a deposit comes back.
    """
    xp = namespace(part, whole)
    least, rest = product(whole, rate_parts(xp.asarray(share, dtype=xp.float64)))
    return part >= least + (rest > 0)


def likely(share: Array, threshold: Array) -> Array:
    """Whether an expected share of the votes cast would carry, elementwise, as booleans: `passes` for floats."""
    xp = namespace(share)
    bar = xp.asarray(threshold, dtype=xp.float64)
    return xp.where(bar == SIMPLE_MAJORITY, share > bar, share >= bar)
