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


def draw_sample(verdicts: Sequence[Verdict], total: int, size: int, pick: Pick) -> Sample:
    """A sample of some size."""
    first, rest, fewest = _split(verdicts, urgent_rows(verdicts, total), total, size)
    drawn = pick(rest.tolist(), size - len(first))
    known = None if fewest == NEVER else fewest
    return Sample(tuple(first.tolist()), tuple(drawn), total, known, unseen_chance(len(rest), len(drawn), fewest))


def enough_rows(verdicts: Sequence[Verdict], total: int) -> int:
    """The smallest sample whose chance is below `ENOUGH`, by bisection."""
    order = urgent_rows(verdicts, total)
    low, high = 0, total
    while high - low > 1:
        size = (low + high) // 2
        first, rest, fewest = _split(verdicts, order, total, size)
        if unseen_chance(len(rest), size - len(first), fewest) < ENOUGH:
            high = size
        else:
            low = size
    return high


def urgent_rows(verdicts: Sequence[Verdict], total: int) -> Rows:
    """The rows that carry any verdict: those first of which, with the rows after them, the fewest change one."""
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


def unseen_chance(rest: int, drawn: int, forged: int) -> float:
    """The chance that none of `forged` rows of `rest` is among `drawn` ones."""
    if forged > rest - drawn:
        return 0.0
    return math.comb(rest - forged, drawn) / math.comb(rest, drawn)


def _split(verdicts: Sequence[Verdict], order: Rows, total: int, size: int) -> tuple[Rows, Rows, int]:
    """The rows to look at first, the others, and how few of those change a verdict."""
    first = order[: size // 2]
    seen = np.zeros(total, dtype=bool)
    seen[first] = True
    fewest = min((verdict.fewest(seen) for verdict in verdicts), default=NEVER)
    return first, np.flatnonzero(~seen), fewest
