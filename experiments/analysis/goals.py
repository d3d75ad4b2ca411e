"""Goals: probability that each is met at a design point, with Wilson's interval, against the chance asked for.

A KPI with a threshold is a condition: at least the threshold where up is better, at most where down is. The KPIs that
name the same goal make one, which is met in a run if all of them hold. Of m runs out of n the share m / n has Wilson's
interval (1927), which stays within 0 and 1. A goal's chance is the strictest that its KPIs ask for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from experiments.errors import RequestError
from experiments.statistics import LEVEL, wilson_interval
from experiments.words import figure

MET, NOT_MET, UNDECIDED, NO_CHANCE = "met", "not met", "undecided", ""
"""Verdicts: the interval lies above, below or around the chance asked for; or none is asked for."""


@dataclass(frozen=True)
class Condition:
    """A KPI against a threshold in its own unit; `direction` is up (at least) or down (at most)."""

    kpi: str
    direction: str
    threshold: float

    def holds(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Whether each value is good enough; one that is missing is not."""
        return values >= self.threshold if self.direction == "up" else values <= self.threshold

    def __str__(self) -> str:
        return f"{self.kpi} {'at least' if self.direction == 'up' else 'at most'} {figure(self.threshold)}"


@dataclass(frozen=True)
class Goal:
    """Conditions that must hold together; `chance` is the probability asked for, or None."""

    name: str
    conditions: tuple[Condition, ...]
    chance: float | None

    def __str__(self) -> str:
        asked = "" if self.chance is None else f", in {100.0 * self.chance:g} % of runs"
        return " and ".join(map(str, self.conditions)) + asked


def goals_of(kpis: Iterable[Mapping[str, Any]]) -> list[Goal]:
    """The goals that KPIs make, as a manifest or an experiment has them; a KPI without a threshold is none."""
    parts: dict[str, list[Condition]] = {}
    chances: dict[str, list[float]] = {}
    for kpi in kpis:
        if kpi.get("threshold") is None:
            continue
        if kpi["direction"] not in ("up", "down"):
            raise RequestError(f"KPI {kpi['name']} has a threshold and direction none; allowed: up or down")
        name = str(kpi.get("goal") or kpi["name"])
        parts.setdefault(name, []).append(Condition(kpi["name"], kpi["direction"], float(kpi["threshold"])))
        chances.setdefault(name, []).extend([] if kpi.get("chance") is None else [float(kpi["chance"])])
    return [Goal(name, tuple(found), max(chances[name], default=None)) for name, found in parts.items()]


def met(kpis: pd.DataFrame, goal: Goal) -> pd.Series:
    """Whether a goal is met, by row of outcomes."""
    held = [condition.holds(kpis[condition.kpi].to_numpy(dtype=float)) for condition in goal.conditions]
    return pd.Series(np.logical_and.reduce(held), index=kpis.index)


def goal_table(kpis: pd.DataFrame, goals: Sequence[Goal]) -> pd.DataFrame:
    """One row a goal and design point: `met` of `n` runs, `share` with `low` and `high`, `chance`, `verdict`.

    `n` counts the runs with a value of each KPI; `without_value` those that lack one and say nothing.
    """
    rows = []
    for goal in goals:
        known = np.logical_and.reduce([np.isfinite(kpis[c.kpi].to_numpy(dtype=float)) for c in goal.conditions])
        frame = pd.DataFrame({"design": kpis["design"], "known": known, "met": met(kpis, goal) & known})
        for design, part in frame.groupby("design"):
            rows.append({"goal": goal.name, "design": design} | _row(part, goal.chance))
    columns = ["goal", "design", "met", "n", "without_value", "share", "low", "high", "chance", "verdict"]
    return pd.DataFrame(rows, columns=columns).astype({"chance": float})


def chance_verdict(low: float, high: float, chance: float | None) -> str:
    """Verdict on a share's interval against the chance asked for."""
    if chance is None:
        return NO_CHANCE
    if low >= chance:
        return MET
    return NOT_MET if high < chance else UNDECIDED


def runs_needed(chance: float) -> int | None:
    """The fewest runs whose interval can lie above a chance, which it does if all of them meet the goal.

    Wilson's lower end of n out of n is n / (n + z²). None for a chance of one, which no number of runs shows.
    """
    if chance >= 1.0:
        return None
    z = float(norm.ppf(0.5 + LEVEL / 2.0))
    return max(1, int(np.ceil(z * z * chance / (1.0 - chance) - 1e-9)))


def _row(part: pd.DataFrame, chance: float | None) -> dict[str, Any]:
    n, hits = int(part["known"].sum()), int(part["met"].sum())
    row = {"met": hits, "n": n, "without_value": len(part) - n, "chance": chance}
    if n == 0:
        return row | {
            "share": np.nan,
            "low": np.nan,
            "high": np.nan,
            "verdict": NO_CHANCE if chance is None else UNDECIDED,
        }
    low, high = wilson_interval(hits, n, LEVEL)
    return row | {"share": hits / n, "low": low, "high": high, "verdict": chance_verdict(low, high, chance)}
