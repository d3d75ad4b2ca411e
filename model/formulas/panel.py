r"""What a panel of validators decides.

Of $k$ members each votes with probability $a$, and for guilt with probability $\pi$ where it votes. With $m$ votes, at
least $q k$ of them for a quorum, the verdict is guilty if more than half are for it; a tie is for the accused:

$$ P(\text{guilty}) = \sum_{m \ge \max(qk, 1)} \binom{k}{m} a^m (1-a)^{k-m}
   \sum_{g > m/2} \binom{m}{g} \pi^g (1-\pi)^{m-g} $$

Without a quorum the case lapses. Source: SPEC, Challenge Mechanism (Resolution.ValidatorVotes); majority, quorum and
tie are assumptions.
"""

from __future__ import annotations

from math import comb

from model.arrays import Array, namespace, power


def chances_of_verdict(size: int, quorum: Array, attends: Array, guilty_vote: Array) -> tuple[Array, Array]:
    """Chances of a guilty verdict and of none at all for want of a quorum, elementwise; the rest is acquittal."""
    xp = namespace(guilty_vote)
    guilty, reached = 0.0, 0.0
    for votes in range(1, size + 1):
        present = binomial_chance(size, votes, attends)
        present = xp.where(votes >= quorum * size, present, 0.0)
        reached = reached + present
        guilty = guilty + present * _majority(votes, guilty_vote)
    return guilty, 1.0 - xp.minimum(reached, 1.0)


def binomial_chance(trials: int, successes: int, chance: Array) -> Array:
    """The chance of so many successes, elementwise."""
    return comb(trials, successes) * power(chance, successes) * power(1.0 - chance, trials - successes)


def majority_of(size: int) -> int:
    """Votes that decide a panel, `size // 2 + 1`."""
    return size // 2 + 1


def _majority(votes: int, guilty_vote: Array) -> Array:
    """The chance that more than half of the votes are for guilt."""
    least = majority_of(votes)
    terms = [binomial_chance(votes, g, guilty_vote) for g in range(least, votes + 1)]
    return sum(terms[1:], start=terms[0])


def price_of_vote(exposure: Array, slash_share: Array, stake: Array) -> Array:
    """Price of a validator's vote: the chance that it is found out times the slash, in the stake's unit."""
    return exposure * slash_share * stake
