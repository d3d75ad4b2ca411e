"""Forgers of outcomes who know how a check chooses its runs: each changes a verdict and leaves alone what is looked at.

A forger takes the honest table, picks a verdict, and changes as many runs as it takes, by its own strategy, avoiding
the runs that the check of the forged table will look at first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from experiments.analysis.goals import chance_verdict
from experiments.proposals.case import Case
from experiments.proposals.sampling import Carriers
from experiments.proposals.verdicts import Counted, Signed, Verdict, verdicts_of
from experiments.statistics import estimate, wilson_interval

Values = NDArray[np.float64]
Rows = NDArray[np.int64]
TRIES = 60
THRESHOLD = "threshold"


@dataclass(frozen=True)
class Forgery:
    """A forged case, the rows that were changed, and how many rows its check simulates."""

    case: Case
    rows: frozenset[int]
    size: int
    carriers: Carriers


def word(verdict: Verdict) -> object:
    """What a verdict comes to."""
    if isinstance(verdict, Counted):
        n, hits = len(verdict.beyond), int((verdict.beyond >= 0.0).sum())
        return chance_verdict(*wilson_interval(hits, n), verdict.chance)
    assert isinstance(verdict, Signed)
    return estimate(verdict.apart).sign


def few_big(apart: Values, order: Rows) -> Iterator[Values]:
    """The largest plausible changes, one run after the other."""
    width = np.ptp(apart)
    for end in (apart.min() - width, apart.max() + width):
        forged = apart.copy()
        for place in order:
            forged[place] = end
            yield forged


def many_small(apart: Values, order: Rows) -> Iterator[Values]:
    """Half the runs, each a little, and more and more of it."""
    some = order[: max(1, len(order) // 2)]
    for sense in (-1.0, 1.0):
        for step in np.linspace(0.1, 4.0, 40):
            forged = apart.copy()
            forged[some] += sense * step * apart.std()
            yield forged


def absurd(apart: Values, order: Rows) -> Iterator[Values]:
    """One run far beyond all others."""
    for place in order[:3]:
        for factor in (-30.0, 30.0):
            forged = apart.copy()
            forged[place] = factor * np.ptp(apart)
            yield forged


def just_enough(apart: Values, order: Rows) -> Iterator[Values]:
    """One run, by as little as turns a verdict that is near its margin."""
    for step in np.linspace(0.05, 2.0, 40):
        for place in order[:5]:
            for sense in (-1.0, 1.0):
                forged = apart.copy()
                forged[place] += sense * step * apart.std()
                yield forged


def calmed(apart: Values, order: Rows) -> Iterator[Values]:
    """The runs that are farthest from the mean, or that speak against the sign, put to the mean."""
    far = np.argsort(-np.abs(apart - apart.mean()))
    forged = apart.copy()
    for place in far:
        forged[place] = apart.mean()
        yield forged


STRATEGIES = {
    "few big": few_big,
    "many small": many_small,
    "absurd": absurd,
    "just enough": just_enough,
    "calmed": calmed,
}


def forge(case: Case, strategy: str, rng: np.random.Generator) -> Forgery | None:
    """A forgery of some verdict by a strategy; None where the strategy finds none."""
    honest = [verdict for verdict in verdicts_of(case) if isinstance(verdict, (Counted, Signed))]
    counted = [verdict for verdict in honest if isinstance(verdict, Counted)]
    pool = counted if strategy == THRESHOLD else [verdict for verdict in honest if isinstance(verdict, Signed)]
    for _ in range(TRIES):
        verdict = pool[rng.integers(len(pool))]
        best: Forgery | None = None
        avoid: set[int] = set()
        for _ in range(3):
            made = _changed(case, verdict, strategy, avoid, rng)
            if made is None:
                break
            forged, rows = made
            carriers = Carriers.of(verdicts_of(forged), len(forged.outcomes))
            size = carriers.enough()
            first = set(carriers.first(size).tolist())
            best = Forgery(forged, frozenset(rows), size, carriers)
            if not first & rows:
                return best
            avoid = first
        if best is not None:
            return best
    return None


def _changed(
    case: Case, verdict: Verdict, strategy: str, avoid: set[int], rng: np.random.Generator
) -> tuple[Case, set[int]] | None:
    """A forged case and its forged rows, `avoid` only where there is no other way."""
    if strategy == THRESHOLD:
        return _counted(case, verdict, avoid)
    return _signed(case, verdict, STRATEGIES[strategy], avoid, rng)


def _column(verdict: Verdict) -> str:
    return verdict.name.split(": ", 1)[1].split(", ")[0]


def _with(case: Case, column: str, values: dict[int, float]) -> Case:
    outcomes = case.outcomes.copy()
    for row, value in values.items():
        outcomes.loc[row, column] = value
    return replace(case, outcomes=outcomes)


def _counted(case: Case, verdict: Verdict, avoid: set[int]) -> tuple[Case, set[int]] | None:
    """Runs moved just across the threshold, the nearest first, until the verdict changes."""
    assert isinstance(verdict, Counted)
    rows = verdict.rows[:, 0]
    sense = 1.0 if _kpi(case, _column(verdict)) == "up" else -1.0
    was = word(verdict)
    for hits in (True, False):
        beyond, moved = verdict.beyond.copy(), {}
        order = sorted(
            np.flatnonzero((beyond >= 0.0) == hits), key=lambda place: (rows[place] in avoid, abs(beyond[place]))
        )
        for place in order:
            old = case.outcomes.loc[rows[place], _column(verdict)]
            shift = -beyond[place] * 1.01 + (-1e-9 if hits else 1e-9) * abs(old)
            beyond[place] += shift
            moved[int(rows[place])] = float(old + sense * shift)
            if word(replace(verdict, beyond=beyond)) != was:
                return _with(case, _column(verdict), moved), set(moved)
    return None


def _signed(
    case: Case,
    verdict: Verdict,
    changes: Callable[[Values, Rows], Iterator[Values]],
    avoid: set[int],
    rng: np.random.Generator,
) -> tuple[Case, set[int]] | None:
    assert isinstance(verdict, Signed)
    free = np.array([min(int(row) in avoid for row in pair) for pair in verdict.rows])
    order = np.lexsort((rng.random(len(free)), free))
    column = case.outcomes[_column(verdict)]
    was = word(verdict)
    for forged in changes(verdict.apart, order):
        if word(replace(verdict, apart=forged)) == was:
            continue
        values = {}
        for (today, setting), apart, old in zip(verdict.rows, forged, verdict.apart, strict=True):
            if apart == old:
                continue
            if int(setting) in avoid and int(today) not in avoid:
                values[int(today)] = float(column[setting] - apart)
            else:
                values[int(setting)] = float(column[today] + apart)
        return _with(case, _column(verdict), values), set(values)
    return None


def _kpi(case: Case, name: str) -> str:
    return next(kpi.direction for kpi in case.proposal.kpis if kpi.name == name)
