"""Whether settings differ in a KPI, judged by paired runs; the answer, the table and the figures all ask this.

A setting is compared with every other that has a value, at Bonferroni's level for that many comparisons, so that the
intervals hold together. Two settings are told apart if the interval of their difference excludes zero.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

import pandas as pd

from experiments.statistics import Estimate, change, estimate, family_level, kpi_estimate


class Verdict(Enum):
    """What paired runs say about all settings of one KPI."""

    ALONE = "fewer than two settings have a value"
    SAME = "every run has the same value in every setting"
    SINGLE = "one run a setting, so there is no interval"
    NOISE = "differences are within Monte Carlo noise"
    REAL = "at least two settings are told apart"


@dataclass(frozen=True)
class Comparison:
    """The settings that have a value, best (or highest) first, and their differences from the first and the reference.

    Differences are other minus first, and other minus reference, at ``level``.
    """

    means: Mapping[int, Estimate]
    from_top: Mapping[int, Estimate]
    from_reference: Mapping[int, Estimate]
    level: float
    verdict: Verdict

    @property
    def spread(self) -> float:
        """The largest mean minus the smallest, or NaN where it is known to be none or noise: it asks for no digits."""
        values = [found.mean for found in self.means.values()]
        return max(values) - min(values) if self.verdict in {Verdict.REAL, Verdict.SINGLE} else math.nan


def compare(kpis: pd.DataFrame, kpi: str, reference: int, sense: int) -> Comparison:
    """Compare all settings in one KPI; ``sense`` is +1 or 0 if higher comes first, -1 if lower does."""
    found = {d: kpi_estimate(kpis, kpi, d) for d in comparable(kpis, kpi)}
    known = list(found)
    known.sort(key=lambda d: ((sense or 1) * found[d].mean, -d), reverse=True)
    means = {d: found[d] for d in known}
    from_top = contrasts(kpis, kpi, known[0], known) if known else {}
    from_reference = contrasts(kpis, kpi, reference, known)
    return Comparison(means, from_top, from_reference, level(known), _verdict(from_top, from_reference))


def contrasts(kpis: pd.DataFrame, kpi: str, base: int, known: list[int]) -> dict[int, Estimate]:
    """Every other setting of ``known`` minus ``base``, at the level that makes the intervals hold together."""
    wide = kpis.pivot(index="run", columns="design", values=kpi).astype(float)
    if base not in wide:
        return {d: Estimate(math.nan, math.nan, 0) for d in known if d != base}
    theirs = wide[base].to_numpy()
    apart = {d: change(wide[d].to_numpy(), theirs) for d in known if d != base}
    return {d: estimate(values, level(known)) for d, values in apart.items()}


def comparable(kpis: pd.DataFrame, kpi: str) -> list[int]:
    """The design points with a value of ``kpi`` in at least one run."""
    values = kpis[kpi].to_numpy(dtype=float)
    return sorted(int(d) for d in kpis.loc[abs(values) < math.inf, "design"].unique())


def level(known: list[int]) -> float:
    """The level of each interval when one of ``known`` is compared with all the others."""
    return family_level(len(known) - 1)


def _verdict(from_top: Mapping[int, Estimate], from_reference: Mapping[int, Estimate]) -> Verdict:
    """The verdict on all settings; a difference of exactly zero in every run is no difference, not noise."""
    pairs = [*from_top.values(), *from_reference.values()]
    if not from_top:
        return Verdict.ALONE
    if all(found.mean == 0 and not found.half > 0 for found in from_top.values()):
        return Verdict.SAME
    if all(found.n < 2 for found in pairs):
        return Verdict.SINGLE
    return Verdict.REAL if any(found.sign for found in pairs) else Verdict.NOISE
