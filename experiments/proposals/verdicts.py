r"""The verdicts of a pack, the runs that carry each, and how few forged runs would change one.

A verdict is a word that a table of outcomes comes to: whether a goal is met, whether an effect is above zero, below it
or neither, whether a scenario has runs enough. Somebody who forged outcomes left honest ones elsewhere; the question is
how many listed runs, at least, must be false for the honest table to come to another word.

For the sign of a mean difference of $n$ pairs with the sum $S$ and the sum of squares $Q$, Student's interval lies
above zero if $S > a \sqrt{Q}$, $a = t \sqrt{n / (n - 1 + t^2)}$. As $\sqrt{Q} = \min_s (Q / s + s) / 2$, this is

$$\max_s \sum_i f_s(d_i) - a s / 2 > 0, \qquad f_s(d) = d - a d^2 / (2 s),$$

and for each $s$ the pairs count one by one: to replace pair $i$ changes the sum by what is best for $f_s$ within the
plausible range, and the $k$ pairs with the largest gains do most. A word that holds falls only if it falls for every
$s$, a word that does not hold is reached if it is for one, so the number found is never above the true one, to the
step of the grid. The plausible range of an honest difference is that of the listed ones, widened by its own width on
either side. A goal counts its runs, and needs no range.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from experiments.analysis.goals import chance_verdict
from experiments.proposals.case import Case
from experiments.proposals.simulate import all_kpis
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import PROPOSED, THIRDS, TODAY, draws_of, third_of
from experiments.statistics import LEVEL, change, wilson_interval

Rows = NDArray[np.int64]
Values = NDArray[np.float64]

NEVER = 10**9
"""More forged runs than there are: no forgery of what is left changes the verdict."""

MOST = 64
"""Forged runs that are told apart; so many are not missed by any sample that is worth its time."""

WIDER = 1.0
"""How far honest differences may lie beyond the listed ones, in widths of their range."""

GRID = np.geomspace(1e-3, 1.0, 96)
SLACK = 1e-3
"""Step of the root of the sum of squares, relative to the largest that it can have, and more than a step can miss."""


class Levers(NamedTuple):
    """What forging each unit does: `gains` `(ways, units)` towards what each way `needs`.

    The verdict changes if `k` gains add up to what is needed in `every` way, or else in one.
    """

    gains: Values
    needs: Values
    every: bool


@dataclass(frozen=True)
class Verdict(ABC):
    """A verdict. `rows` `(units, 1 or 2)` are the rows of outcomes; to forge a unit, one of its rows must be forged."""

    name: str
    rows: Rows

    @abstractmethod
    def levers(self) -> Levers:
        """What forging each unit does."""

    def nearness(self) -> Values:
        """What tells units of the same gain apart: the smaller, the sooner one is looked at."""
        return np.zeros(len(self.rows))

    def fewest(self, seen: NDArray[np.bool_]) -> int:
        """The fewest forged rows that change the verdict, none of them `seen`; at most `MOST`, or `NEVER`."""
        unseen = ~seen[self.rows].all(axis=1)
        levers = self.levers()
        counts = _counts(np.where(unseen, levers.gains, 0.0), levers.needs)
        return int(counts.max() if levers.every else counts.min())

    @cached_property
    def least(self) -> int:
        """The fewest of all rows; those that are seen only make it more."""
        return self.fewest(np.zeros(int(self.rows.max()) + 1, dtype=bool))

    def urgency(self) -> tuple[Rows, Rows]:
        """Units in the order in which they carry the verdict, and for each the fewest, those before it being seen."""
        gains, needs, every = self.levers()
        counts = _counts(gains, needs)
        way = int(counts.argmax() if every else counts.argmin())
        order = np.lexsort((self.nearness(), -gains[way]))
        total = np.concatenate([[0.0], np.cumsum(gains[way][order])])
        reached = np.searchsorted(total, total[:-1] + needs[way] * (1.0 - 1e-12))
        fewest = np.maximum(reached - np.arange(len(order)), 1)
        return order, np.where(reached <= len(order), fewest, NEVER)


def _counts(gains: Values, needs: Values) -> Rows:
    """By way, how many of the largest gains add up to what is needed."""
    most = min(MOST, gains.shape[1])
    top = -np.sort(np.partition(-gains, most - 1, axis=1)[:, :most], axis=1)
    enough = np.cumsum(top, axis=1) >= needs[:, None]
    found = np.where(enough.any(axis=1), enough.argmax(axis=1) + 1, NEVER)
    if most < gains.shape[1]:
        found = np.where(enough.any(axis=1) | (gains.sum(axis=1) < needs), found, MOST)
    return np.where(needs <= 0.0, 1, found)


@dataclass(frozen=True)
class Fragile(Verdict):
    """A verdict that any one run may change: some value is missing, all are the same, or a rule ends the runs."""

    def levers(self) -> Levers:
        """Each unit is enough."""
        return Levers(np.ones((1, len(self.rows))), np.ones(1), every=False)


@dataclass(frozen=True)
class Counted(Verdict):
    """How often a goal is met, against the chance asked for; `beyond` is by how much each run meets it."""

    beyond: Values
    chance: float

    def levers(self) -> Levers:
        """A run that meets the goal can have missed it, and the other way round."""
        hits = self.beyond >= 0.0
        ways = [(hits.astype(float), self._steps(-1)), ((~hits).astype(float), self._steps(1))]
        return Levers(np.array([gains for gains, _ in ways]), np.array([steps for _, steps in ways]), every=False)

    def nearness(self) -> Values:
        """Runs near the threshold first."""
        return np.abs(self.beyond)

    def _steps(self, sense: int) -> float:
        """How many hits more or fewer make another verdict."""
        n, hits = len(self.beyond), int((self.beyond >= 0.0).sum())
        now = chance_verdict(*wilson_interval(hits, n), self.chance)
        others = range(hits + sense, n + 1 if sense > 0 else -1, sense)
        found = (h for h in others if chance_verdict(*wilson_interval(h, n), self.chance) != now)
        return float(abs(next(found, hits + sense * NEVER) - hits))


@dataclass(frozen=True)
class Signed(Verdict):
    """The sign of a mean difference: `apart` by pair, and the range `low` to `high` of what one may honestly be."""

    apart: Values
    low: float
    high: float

    def levers(self) -> Levers:
        """See the module's equations."""
        n = len(self.apart)
        t = float(stdtrit(n - 1, 0.5 + LEVEL / 2))
        a = t * float(np.sqrt(n / (n - 1 + t * t)))
        scale = max(abs(self.low), abs(self.high))
        apart, low, high = self.apart / scale, self.low / scale, self.high / scale
        if abs(apart.sum()) > a * np.linalg.norm(apart):
            up = _replaced(apart, low, high, a) if apart.sum() > 0.0 else _replaced(-apart, -high, -low, a)
            return Levers(up.fall, np.maximum(up.now, 0.0), every=True)
        ways = [_replaced(apart, low, high, a), _replaced(-apart, -high, -low, a)]
        slack = SLACK * a * GRID * np.sqrt(n)
        needs = [-way.now - slack for way in ways]
        return Levers(np.concatenate([way.rise for way in ways]), np.concatenate(needs), every=False)


class Terms(NamedTuple):
    """The sum `now` `(roots,)`, and by root and pair the most by which a pair's term can `rise` and `fall`."""

    now: Values
    rise: Values
    fall: Values


def _replaced(apart: Values, low: float, high: float, a: float) -> Terms:
    """What replacing each pair's difference does, for each root of the sum of squares."""
    root = (GRID * np.sqrt(len(apart)))[:, None]

    def term(value: Values) -> Values:
        found: Values = value - a * value**2 / (2.0 * root)
        return found

    terms = term(apart[None, :])
    best = term(np.clip(root / a, low, high))
    worst = np.minimum(term(np.full_like(root, low)), term(np.full_like(root, high)))
    now = terms.sum(axis=1) - a * root[:, 0] / 2.0
    return Terms(now, np.maximum(best - terms, 0.0), np.maximum(terms - worst, 0.0))


def verdicts_of(case: Case) -> list[Verdict]:
    """Every verdict that a case's outcomes come to."""
    return [verdict for stress in case.proposal.stress for verdict in _of_scenario(case, stress.name)]


def _of_scenario(case: Case, scenario: str) -> Iterator[Verdict]:
    part = case.outcomes[case.outcomes["scenario"] == scenario]
    settings = list(case.proposal.settings)
    place = part.index.to_numpy().reshape(len(settings), -1)
    if case.proposal.stopping:
        yield Fragile(f"{scenario}: number of runs", part.index.to_numpy()[:, None])
    for kpi in all_kpis(case.proposal):
        values = part[kpi.name].to_numpy(dtype=float).reshape(place.shape)
        for at, setting in enumerate(settings):
            name = f"{scenario}: {kpi.name}, {setting}"
            if kpi.threshold is not None and kpi.chance is not None:
                sense = 1.0 if kpi.direction == "up" else -1.0
                yield _counted(f"{name}, goal", place[at][:, None], sense * (values[at] - kpi.threshold), kpi.chance)
            if setting != TODAY:
                rows, apart = place[[settings.index(TODAY), at]].T, change(values[at], values[settings.index(TODAY)])
                yield _signed(f"{name}, effect", rows, apart, apart)
                if setting == PROPOSED and scenario == BASELINE and kpi in case.proposal.kpis:
                    yield from _thirds(case, name, rows, apart)


def _thirds(case: Case, name: str, rows: Rows, apart: Values) -> Iterator[Verdict]:
    """The effect in each third of the runs along each parameter of the environment."""
    draws = draws_of(case.proposal, case.proposal.runs)[: len(rows)]
    for parameter in draws:
        for third in range(len(THIRDS)):
            chosen = third_of(draws[parameter].to_numpy(), third)
            if len(chosen) > 1:
                yield _signed(f"{name}, {THIRDS[third]} of {parameter}", rows[chosen], apart[chosen], apart)


def _counted(name: str, rows: Rows, beyond: Values, chance: float) -> Verdict:
    if not np.isfinite(beyond).all():
        return Fragile(name, rows)
    return Counted(name, rows, beyond, chance)


def _signed(name: str, rows: Rows, apart: Values, like: Values) -> Verdict:
    """The sign of a mean; `like` are the differences that say what is plausible."""
    if len(apart) < 2 or not np.isfinite(like).all() or not np.any(like):
        return Fragile(name, rows)
    width = WIDER * float(np.ptp(like))
    return Signed(name, rows, apart, float(like.min()) - width, float(like.max()) + width)
