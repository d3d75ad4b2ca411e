"""Paired differences: every design point against one of them, KPI by KPI, on the runs that both completed.

Run k meets the same shocks at every point (common random numbers), so the differences of runs are free of what they
share. Means have Student's interval; quantiles the percentile interval of a bootstrap that draws whole pairs (Efron and
Tibshirani 1993, chapter 13). Each interval is at 95 % by itself, not all of them together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from experiments.statistics import LEVEL, change, estimate

RESAMPLES = 1000
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
    quantiles: Sequence[float] = (),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> pd.DataFrame:
    """One row a design point, KPI and statistic: `value` and `reference` in the KPI's unit, and their `difference`.

    `better` is the share of pairs in which the point is better by the KPI's direction. `paired_sd` is the standard
    deviation of the pairs' differences, `marginal_sd` what it would be if runs were not paired: the root of the sum of
    both variances. `quantiles` adds the difference of each quantile of the KPI over runs.
    """
    rows = []
    for spec in specs:
        wide = kpis.pivot(index="run", columns="design", values=spec["name"]).astype(float)
        for design in (d for d in wide.columns if d != reference):
            pairs = wide[[design, reference]]
            both = pairs[np.isfinite(pairs).all(axis=1)].to_numpy()
            key = {"design": design, "kpi": spec["name"], "n": len(both)}
            shared = key | _spread(both, str(spec.get("direction", "none")))
            rows.append(shared | _mean(both))
            rows += [shared | _quantile(both, share, resamples, seed) for share in quantiles]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _spread(both: np.ndarray, direction: str) -> dict[str, float]:
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


def _mean(both: np.ndarray) -> dict[str, Any]:
    found, ends = estimate(change(both[:, 0], both[:, 1])), [estimate(both[:, side]).mean for side in (0, 1)]
    values = {"statistic": "mean", "value": ends[0], "reference": ends[1]}
    return values | {"difference": found.mean, "low": found.low, "high": found.high}


def _quantile(both: np.ndarray, share: float, resamples: int, seed: int) -> dict[str, Any]:
    """The difference of a quantile; its interval needs two pairs."""
    name = {"statistic": f"p{100.0 * share:g}"}
    if len(both) < 2:
        return name
    value, reference = np.quantile(both, share, axis=0)
    drawn = np.random.default_rng(seed).integers(len(both), size=(resamples, len(both)))
    found = np.quantile(both[drawn], share, axis=1)
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(found[:, 0] - found[:, 1], [tail, 1.0 - tail])
    return name | {"value": value, "reference": reference, "difference": value - reference, "low": low, "high": high}
