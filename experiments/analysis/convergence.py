"""Convergence: estimates and intervals by number of runs, and which are still wide.

The first 10, 20, 40 ... runs are used, then all. A difference is called wide if the half-width of its interval is
more than half of it: then its size, if not its sign, is still open. Half-widths fall with the root of the number of
runs, which gives the number at which one would be half of the difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.statistics import change, estimate

FIRST = 10
"""Runs of the first estimate; each later one has twice as many."""

WIDE = 0.5
"""The half-width over the difference from which an estimate is wide."""


def sizes(runs: int) -> list[int]:
    """10, 20, 40 ... and all `runs`; those alone where there are at most ten."""
    doubled = [FIRST * 2**step for step in range(64) if FIRST * 2**step < runs]
    return [*doubled, runs]


def convergence(kpis: pd.DataFrame, specs: Iterable[Mapping[str, Any]], reference: int | None = None) -> pd.DataFrame:
    """One row a design point, KPI and number of runs: `mean` and `half` (width of the 95 % interval, one side).

    With a `reference` they are of the paired difference from that point, and the last row of each has `wide` and
    `needed`, the runs at which it would be narrow enough; without a sign to claim (a difference of zero) there is none.
    """
    rows: list[dict[str, Any]] = []
    for spec in specs:
        wide = kpis.pivot(index="run", columns="design", values=spec["name"]).astype(float).sort_index()
        for design in (d for d in wide.columns if d != reference):
            found = wide[design].to_numpy()
            values = found if reference is None else change(found, wide[reference].to_numpy())
            rows += _by_runs(design, str(spec["name"]), values[np.isfinite(values)], reference is not None)
    return pd.DataFrame(rows, columns=["design", "kpi", "n", "mean", "half", "wide", "needed"])


def needed_runs(mean: float, half: float, n: int) -> float:
    """Runs at which the half-width would be half of the mean; infinite for a mean of zero with an interval."""
    if not np.isfinite(half) or half == 0.0:
        return float(n) if half == 0.0 else np.nan
    return float(np.ceil(n * (half / (WIDE * abs(mean))) ** 2)) if mean else np.inf


def _by_runs(design: int, kpi: str, values: NDArray[np.float64], judged: bool) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for n in sizes(len(values)) if len(values) else []:
        found = estimate(values[:n])
        rows.append({"design": design, "kpi": kpi, "n": n, "mean": found.mean, "half": found.half})
    if rows and judged:
        last = rows[-1]
        last["needed"] = needed_runs(last["mean"], last["half"], last["n"])
        last["wide"] = not last["half"] <= WIDE * abs(last["mean"])
    return rows
