"""Paired differences: every design point against one of them, KPI by KPI, on the runs that both completed.

Run k meets the same shocks at every point (common random numbers), so the differences of runs are free of what they
share. Means have Student's interval, each at 95 % by itself, not all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from experiments.statistics import change, estimate

COLUMNS = (
    "design",
    "kpi",
    "statistic",
    "n",
    "reference",
    "value",
    "difference",
    "low",
    "high",
    "better",
    "paired_sd",
    "marginal_sd",
)


def paired_differences(
    kpis: pd.DataFrame,
    specs: Iterable[Mapping[str, Any]],
    reference: int,
) -> pd.DataFrame:
    """One row a design point and KPI: `value` and `reference` in the KPI's unit, and their `difference`.

    `better` is the share of pairs in which the point is better by the KPI's direction. `paired_sd` is the standard
    deviation of the pairs' differences, `marginal_sd` what it would be if runs were not paired: the root of the sum of
    both variances.
    """
    rows = []
    for spec in specs:
        wide = kpis.pivot(index="run", columns="design", values=spec["name"]).astype(float)
        for design in (d for d in wide.columns if d != reference):
            pairs = wide[[design, reference]]
            both = pairs[np.isfinite(pairs).all(axis=1)].to_numpy()
            key = {"design": design, "kpi": spec["name"], "n": len(both)}
            rows.append(key | _spread(both, str(spec.get("direction", "none"))) | _mean(both))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _spread(both: NDArray[np.float64], direction: str) -> dict[str, float]:
    apart = change(both[:, 0], both[:, 1])
    sense = {"up": 1.0, "down": -1.0}.get(direction, np.nan)
    better = float(np.mean(sense * apart > 0.0)) if len(both) and np.isfinite(sense) else np.nan
    if len(both) < 2:
        return {"better": better, "paired_sd": np.nan, "marginal_sd": np.nan}
    return {
        "better": better,
        "paired_sd": float(apart.std(ddof=1)),
        "marginal_sd": float(np.sqrt(both.var(axis=0, ddof=1).sum())),
    }


def _mean(both: NDArray[np.float64]) -> dict[str, Any]:
    found, ends = estimate(change(both[:, 0], both[:, 1])), [estimate(both[:, side]).mean for side in (0, 1)]
    values = {"statistic": "mean", "value": ends[0], "reference": ends[1]}
    return values | {"difference": found.mean, "low": found.low, "high": found.high}
