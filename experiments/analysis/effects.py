"""Main effects of varied parameters in a store's own runs: mean KPI where one is high less the mean where it is low.

High and low are the upper and the lower third of the trajectories by the parameter's value, or the highest and the
lowest value where it takes three or fewer. The interval is Welch's (1947) for the difference of two means. Runs are
not paired here, so it is wide for controls, whose paired differences say more; and what goes with a parameter in a
small design is counted as its effect. It costs no further run, and covers the environment, which screening does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import ttest_ind

from experiments.analysis.discovery import numbers
from experiments.statistics import LEVEL

FEW_VALUES = 3
FEWEST = 5
"""Fewest runs on each side for an effect."""

COLUMNS = ("kpi", "factor", "low_value", "high_value", "n_low", "n_high", "effect", "low", "high")


def main_effects(settings: pd.DataFrame, kpis: pd.DataFrame, specs: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """One row a KPI and varied parameter, the largest effect first: `effect` with `low` and `high`, in the KPI's unit.

    `settings` has a row a trajectory, as `discovery.cases` makes it, in the order of `kpis`. `low_value` and
    `high_value` are the mean values of the parameter on the two sides, `n_low` and `n_high` their runs.
    """
    table = numbers(settings)
    rows = []
    for spec in specs:
        outcome = kpis[str(spec["name"])].to_numpy(dtype=float)
        known = np.isfinite(outcome)
        for factor in table:
            found = _effect(table[factor].to_numpy()[known], outcome[known])
            if found is not None:
                rows.append({"kpi": str(spec["name"]), "factor": str(factor), **found})
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    order = frame["kpi"].map({str(spec["name"]): i for i, spec in enumerate(specs)})
    size = -frame["effect"].abs()
    return frame.iloc[np.lexsort((frame["factor"], size, order))].reset_index(drop=True)


def _effect(values: NDArray[np.float64], outcome: NDArray[np.float64]) -> dict[str, float] | None:
    """Main effect of one parameter with Welch's interval; None where a side has too few runs."""
    distinct = np.unique(values)
    if len(distinct) < 2:
        return None
    ends = (distinct[0], distinct[-1]) if len(distinct) <= FEW_VALUES else np.quantile(values, [1 / 3, 2 / 3])
    below, above = values <= ends[0], values >= ends[1]
    if min(below.sum(), above.sum()) < FEWEST:
        return None
    apart = float(outcome[above].mean() - outcome[below].mean())
    low = high = apart
    if max(np.ptp(outcome[above]), np.ptp(outcome[below])) > 0.0:
        interval = ttest_ind(outcome[above], outcome[below], equal_var=False).confidence_interval(LEVEL)
        low, high = float(interval.low), float(interval.high)
    return {
        "low_value": float(values[below].mean()),
        "high_value": float(values[above].mean()),
        "n_low": int(below.sum()),
        "n_high": int(above.sum()),
        "effect": apart,
        "low": low,
        "high": high,
    }
