"""Scenario discovery: the box of settings and environments in which a goal fails (PRIM; Friedman and Fisher 1999).

The box starts around all cases. Each step peels off the thinnest slice, about a twentieth of the cases left, at that
end of that column which leaves the largest share of failures behind. The path of boxes trades coverage (the share of
all failures inside) against density (the share of the inside that fails); Bryant and Lempert (2010) use it so for
policies. Words and switches become 0/1 columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.errors import RequestError

PEEL = 0.05
"""The share of the cases inside that a step peels off."""

SMALLEST = 0.05
"""The share of all cases below which a box says too little."""

COVERAGE = 0.6
"""The least coverage of the box that is chosen."""


@dataclass(frozen=True)
class Box:
    """Limits by column, inclusive, for those that are restricted; shares and counts of the cases inside."""

    limits: Mapping[str, tuple[float, float]]
    coverage: float
    density: float
    mass: float
    cases: int

    def holds(self, columns: pd.DataFrame) -> NDArray[np.bool_]:
        """Rows inside the box."""
        inside = np.ones(len(columns), dtype=bool)
        for name, (low, high) in self.limits.items():
            inside &= columns[name].to_numpy().astype(float) >= low
            inside &= columns[name].to_numpy().astype(float) <= high
        return inside

    def __str__(self) -> str:
        parts = [_words(name, low, high) for name, (low, high) in self.limits.items()]
        return " and ".join(parts) or "everywhere"


def cases(design: pd.DataFrame, kpis: pd.DataFrame, environment: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row a trajectory, as in `kpis`: the columns of its design point and of its run's environment."""
    settings = kpis[["design", "run"]].merge(design.drop(columns=["today"], errors="ignore"), on="design", how="left")
    if environment is not None and len(environment.columns) > 1:
        settings = settings.merge(environment, on="run", how="left")
    return settings.drop(columns=["design", "run"])


def numbers(columns: pd.DataFrame) -> pd.DataFrame:
    """Columns that vary, as floats; each word of a column of words becomes a 0/1 column."""
    varied = columns[[name for name in columns if columns[name].nunique() > 1]]
    words = [name for name in varied if not pd.api.types.is_numeric_dtype(varied[name])]
    if words:
        varied = pd.get_dummies(varied, columns=words, prefix_sep=" = ", dtype=float)
    return varied.astype(float)


def peel(columns: pd.DataFrame, fails: NDArray[np.bool_]) -> list[Box]:
    """Peeling trajectory: boxes from all cases to the smallest allowed; `fails` is a boolean a case.

    RequestError unless some cases fail and some do not, and something varies.
    """
    table, outcome = numbers(columns), np.asarray(fails, dtype=bool)
    if outcome.all() or not outcome.any():
        raise RequestError(f"{'all' if outcome.any() else 'none'} of {len(outcome)} cases fail: no box sets them apart")
    if not len(table.columns):
        raise RequestError("no control and no environment varies, so there is nothing to bound a box by")
    inside = np.ones(len(table), dtype=bool)
    limits: dict[str, tuple[float, float]] = {}
    path = [_box(limits, inside, outcome)]
    while path[-1].density < 1.0 and (slices := _slices(table, inside)):
        name, low_end, inside = max(slices, key=lambda slice_: (outcome[slice_[2]].mean(), slice_[2].sum()))
        within, (low, high) = table[name].to_numpy()[inside], limits.get(name, (-np.inf, np.inf))
        limits = limits | {name: (float(within.min()), high) if low_end else (low, float(within.max()))}
        path.append(_box(limits, inside, outcome))
    return path


def select_box(path: Sequence[Box], coverage: float = COVERAGE) -> Box:
    """The densest box that still covers enough; of those alike the one that covers most."""
    enough = [box for box in path if box.coverage >= coverage]
    return max(enough, key=lambda box: (box.density, box.coverage))


def path_table(path: Sequence[Box]) -> pd.DataFrame:
    """Table of boxes: `step`, `coverage`, `density`, `mass`, `cases`, `restricted` (columns), `box` in words."""
    rows: list[dict[str, Any]] = [
        {
            "step": step,
            "coverage": box.coverage,
            "density": box.density,
            "mass": box.mass,
            "cases": box.cases,
            "restricted": len(box.limits),
            "box": str(box),
        }
        for step, box in enumerate(path)
    ]
    return pd.DataFrame(rows)


def _slices(table: pd.DataFrame, inside: NDArray[np.bool_]) -> list[tuple[str, bool, NDArray[np.bool_]]]:
    """Slices that can be peeled off: column, whether at its low end, and the cases left inside."""
    left = []
    for name in table.columns:
        column = table[name].to_numpy()
        within = column[inside]
        low, high = np.quantile(within, [PEEL, 1.0 - PEEL])
        if within.min() == within.max():
            continue
        for low_end in (True, False):
            kept = _above(column, low, within.min()) if low_end else _below(column, high, within.max())
            remains = inside & kept
            if remains.sum() >= max(1.0, SMALLEST * len(table)):
                left.append((str(name), low_end, remains))
    return left


def _above(column: NDArray[np.float64], cut: float, least: float) -> NDArray[np.bool_]:
    """Values from the cut on; where many share the least value, all but those."""
    return column > least if cut <= least else column >= cut


def _below(column: NDArray[np.float64], cut: float, most: float) -> NDArray[np.bool_]:
    return column < most if cut >= most else column <= cut


def _box(limits: Mapping[str, tuple[float, float]], inside: NDArray[np.bool_], fails: NDArray[np.bool_]) -> Box:
    count = int(inside.sum())
    return Box(
        limits,
        coverage=float(fails[inside].sum() / fails.sum()),
        density=float(fails[inside].mean()),
        mass=count / len(fails),
        cases=count,
    )


def _words(name: str, low: float, high: float) -> str:
    if " = " in name:
        return name if low > 0.0 else f"not {name}"
    if np.isfinite(low) and np.isfinite(high):
        return f"{name} from {low:.4g} to {high:.4g}"
    return f"{name} at least {low:.4g}" if np.isfinite(low) else f"{name} at most {high:.4g}"
