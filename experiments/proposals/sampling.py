"""Which runs of a pack are simulated again, and the chance that a forgery of its verdicts goes unseen.

Half of the sample are the runs that carry verdicts, those first that the fewest forged runs beside them would change;
the other half is drawn from the rest. A forger who knows this rule leaves the first half alone. The fewest runs of the
rest that change a verdict, $k$ of $m$, escape $r$ drawn ones with the hypergeometric chance

$$\\binom{m - k}{r} / \\binom{m}{r},$$

and a forgery of more runs with a smaller one.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.proposals.verdicts import NEVER, Rows, Verdict

Pick = Callable[[Sequence[Any], int], Sequence[Any]]
"""Draws some of a sequence."""

ENOUGH = 0.05
"""The default sample makes the chance smaller than this."""


@dataclass(frozen=True)
class Sample:
    """Rows of outcomes to simulate again: `first` by rule and `drawn` by chance, of `total`.

    At least `fewest` rows of the others must be forged to change a verdict, None if no number of them does; `chance` is
    that of such a forgery to go unseen.
    """

    first: tuple[int, ...]
    drawn: tuple[int, ...]
    total: int
    fewest: int | None
    chance: float

    @property
    def rows(self) -> list[int]:
        """All rows, in their order."""
        return sorted((*self.first, *self.drawn))


@dataclass(frozen=True)
class Carriers:
    """What carries a table's verdicts: of `total` rows those of `order`, the most urgent first.

    The rows at the front are those of which, with the rows after them, the fewest change a verdict.
    """

    verdicts: Sequence[Verdict]
    order: Rows
    total: int

    @classmethod
    def of(cls, verdicts: Sequence[Verdict], total: int) -> Carriers:
        """The carriers of some verdicts on a table."""
        return cls(sorted(verdicts, key=lambda verdict: verdict.least), _order(verdicts, total), total)

    def draw(self, size: int, pick: Pick) -> Sample:
        """A sample of some size."""
        first, rest, fewest = self._split(size)
        drawn = pick(rest.tolist(), size - len(first))
        known = None if fewest == NEVER else fewest
        chance = unseen_chance(len(rest), len(drawn), fewest)
        return Sample(tuple(first.tolist()), tuple(drawn), self.total, known, chance)

    def enough(self) -> int:
        """The smallest sample whose chance is below `ENOUGH`, by bisection."""
        low, high = 0, self.total
        while high - low > 1:
            size = (low + high) // 2
            first, rest, fewest = self._split(size)
            if unseen_chance(len(rest), size - len(first), fewest) < ENOUGH:
                high = size
            else:
                low = size
        return high

    def first(self, size: int) -> Rows:
        """The rows that a sample of some size has by rule."""
        return self.order[: size // 2]

    def _split(self, size: int) -> tuple[Rows, Rows, int]:
        """The rows to look at first, the others, and how few of those change a verdict."""
        first, fewest = self.first(size), NEVER
        seen = np.zeros(self.total, dtype=bool)
        seen[first] = True
        for verdict in self.verdicts:
            if verdict.least >= fewest:
                break
            fewest = min(fewest, verdict.fewest(seen))
        return first, np.flatnonzero(~seen), fewest


def unseen_chance(rest: int, drawn: int, forged: int) -> float:
    """The chance that none of `forged` rows of `rest` is among `drawn` ones."""
    if forged > rest - drawn:
        return 0.0
    return math.prod((rest - drawn - place) / (rest - place) for place in range(forged))


def _order(verdicts: Sequence[Verdict], total: int) -> Rows:
    """The rows that carry any verdict, the most urgent first."""
    urgency = np.full(total, NEVER)
    place = np.full(total, total)
    for verdict in verdicts:
        order, fewest = verdict.urgency()
        for column in verdict.rows.T:
            rows, ranks = column[order], np.arange(len(order))
            sooner = (fewest < urgency[rows]) | ((fewest == urgency[rows]) & (ranks < place[rows]))
            urgency[rows[sooner]], place[rows[sooner]] = fewest[sooner], ranks[sooner]
    ordered: Rows = np.lexsort((place, urgency))
    return ordered[urgency[ordered] < NEVER]
