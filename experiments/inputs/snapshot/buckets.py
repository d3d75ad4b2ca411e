"""Holders of a snapshot as the model's: each alone, or, of very many, the largest alone and the small ones in buckets.

A bucket has the sum of its holders' tokens, to the wei, and delegates to the one provider to whom all of them do. So
every total, and what is delegated to each provider, is as it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

MOST_HOLDERS = 1000
"""Holders who are simulated one by one; of more, half as many are, and the others share the other half."""


@dataclass
class Agent:
    """An entry of a list: amounts in wei by column, releases of unbonding tokens in wei by day."""

    name: str
    amounts: dict[str, int]
    provider: str = ""
    releases: dict[int, int] = field(default_factory=dict)

    @property
    def rank(self) -> tuple[int, str]:
        """Largest first, and by name where two are as large."""
        return -sum(self.amounts.values()) - sum(self.releases.values()), self.name


def bucketed(holders: Sequence[Agent], most: int = MOST_HOLDERS) -> list[Agent]:
    """At most `most` agents, or one a provider if these are more, the largest first."""
    ranked = sorted(holders, key=lambda holder: holder.rank)
    if len(ranked) <= most:
        return ranked
    alone, small = ranked[: most // 2], ranked[most // 2 :]
    by_provider = sorted(small, key=lambda holder: (holder.provider, *holder.rank))
    groups = [list(members) for _, members in groupby(by_provider, lambda holder: holder.provider)]
    room = max(most - len(alone) - len(groups), 1)
    size = -(-len(small) // room)
    merged = [_merged(group[place : place + size]) for group in groups for place in range(0, len(group), size)]
    return sorted(alone + merged, key=lambda holder: holder.rank)


def _merged(members: Sequence[Agent]) -> Agent:
    first = members[0]
    amounts = {column: sum(member.amounts[column] for member in members) for column in first.amounts}
    releases: dict[int, int] = {}
    for member in members:
        for day, amount in member.releases.items():
            releases[day] = releases.get(day, 0) + amount
    others = f" and {len(members) - 1} more" if len(members) > 1 else ""
    return Agent(first.name + others, amounts, first.provider, releases)
