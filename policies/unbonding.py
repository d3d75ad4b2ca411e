r"""Unbonding: what is unstaked waits, stays slashable, and is released in parts or at the end.

An agent's unbonding tokens $V$ are divided into shares $N$, one a nano-QUIV as long as nothing is slashed. A slash
takes tokens and leaves the shares, so a share is worth $V/N$: whoever unbonds more later gets $N/V$ shares a token,
and nobody's release comes sooner or larger for another's loss. Of $r$ shares due today $\lfloor r V / N \rfloor$
tokens leave, and all that is left with the last shares. Linear release has $1/U$ of each exit due on each of the next
$U$ days, a cliff all of it after $U$ days. Source: SPEC, Staking Security (gradual stake unlock periods); slashing
while unbonding is an assumption.
"""

from __future__ import annotations

from dataclasses import dataclass

from model.arrays import Array, Values, namespace, part_of, quotient, read_slot, to_whole


@dataclass(frozen=True)
class Exit:
    """A day of unbonding, by agent: what leaves stake, what is released (nano-QUIV), and the shares behind them."""

    unstaked: Array
    released: Array
    entry: Array
    rate: Array
    shares: Array


def linear(state: Values, who: str, unstaked: Array) -> Exit:
    """Equal daily parts from tomorrow on; what is unstaked is rounded down to a multiple of the days."""
    ring, rate = state[f"{who}_released_nquiv"], state[f"{who}_release_rate_nquiv"]
    days = ring.shape[-2]
    instalment = quotient(unstaked, days)
    released, held, shares = _released(state, who, rate)
    entry = _shares_of(instalment, held, shares)
    next_rate = rate + entry - read_slot(ring, state["day"] % days)
    return Exit(instalment * days, released, entry, next_rate, shares + entry * days)


def cliff(state: Values, who: str, unstaked: Array) -> Exit:
    """All of it after the ring's days."""
    ring = state[f"{who}_released_nquiv"]
    due = read_slot(ring, state["day"] % ring.shape[-2])
    released, held, shares = _released(state, who, due)
    entry = _shares_of(unstaked, held, shares)
    return Exit(unstaked, released, entry, state[f"{who}_release_rate_nquiv"], shares + entry)


def _released(state: Values, who: str, due: Array) -> tuple[Array, Array, Array]:
    """Worth of the shares that are due today, and the tokens and shares that remain."""
    xp = namespace(due)
    held, shares = state[f"{who}_unbonding_nquiv"], state[f"{who}_unbonding_shares_nquiv"]
    worth = xp.minimum(part_of(due, _ratio(held, shares)), held)
    worth = xp.where(due == shares, held, worth)
    return worth, held - worth, shares - due


def _shares_of(tokens: Array, held: Array, shares: Array) -> Array:
    """The shares that tokens get at what a share is worth now."""
    xp = namespace(tokens)
    scaled = to_whole(xp.floor(xp.astype(tokens, xp.float64) / _ratio(held, shares)))
    return xp.where(held == shares, tokens, scaled)


def _ratio(held: Array, shares: Array) -> Array:
    """Tokens a share, at most one; one where there are no shares."""
    xp = namespace(held)
    some = xp.astype(xp.maximum(shares, 1), xp.float64)
    return xp.where(held >= shares, 1.0, xp.astype(held, xp.float64) / some)
