"""Paired difference of a metric at two settings: quantiles over runs, by day."""

from __future__ import annotations

import numpy as np
import pandas as pd

from dashboards.source import QUANTILES

LEVELS = (0.05, 0.25, 0.50, 0.75, 0.95)


def paired_bands(ours: pd.DataFrame, theirs: pd.DataFrame, metric: str, design: int) -> pd.DataFrame:
    """Quantiles over runs of ``ours - theirs``, one row a day, in the columns of a store's summary.

    Both have one row a day and one column a run; runs that only one of them has are left out.
    """
    runs = ours.columns.intersection(theirs.columns)
    apart = (ours[runs] - theirs[runs]).dropna(how="all")
    values = apart.to_numpy(dtype=float)
    found = pd.DataFrame({"design": design, "day": apart.index.to_numpy(), "metric": metric})
    found["n"] = np.isfinite(values).sum(axis=1)
    found["mean"] = np.nanmean(values, axis=1) if values.size else np.empty(0)
    if values.size:
        found[list(QUANTILES)] = np.nanquantile(values, LEVELS, axis=1).T
    return found
