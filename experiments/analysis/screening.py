"""Morris screening: elementary effects of factors on a KPI, from few evaluations (Morris 1991; Campolongo et al. 2007).

A trajectory moves one factor at a time by two thirds of its range, from a random start. The change of the KPI, divided
by that step, is an elementary effect: KPI units for the whole range. `mu_star` is the mean of its size, by which
factors are ranked; `mu` keeps the sign; `sigma` is large where the effect depends on where one stands or on other
factors. Of a factor with few values (words, small whole numbers) the step is the whole one, so that its effect is
overstated by at most half.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from SALib.analyze import morris as analysis
from SALib.sample import morris as sampling

from experiments.analysis.evaluate import Evaluate, means
from experiments.analysis.factors import Factor, points_at
from experiments.analysis.problem import library_seed, problem

LEVELS = 4
"""Places of a factor that trajectories visit: 0, 1/3, 2/3 and 1."""


def morris_evaluations(factors: Sequence[Factor], trajectories: int) -> int:
    """Number of points that a Morris screening evaluates."""
    return trajectories * (len(factors) + 1)


def screen(
    factors: Sequence[Factor], evaluate: Evaluate, kpis: Sequence[str], trajectories: int = 10, seed: int = 1
) -> pd.DataFrame:
    """One row a KPI and factor, most important first: `mu`, `mu_star` with `low` and `high` (bootstrap), `sigma`."""
    asked = problem(factors)
    places = sampling.sample(asked, trajectories, num_levels=LEVELS, seed=library_seed(seed))
    points = pd.DataFrame(points_at(factors, places))
    outcomes = evaluate(points)
    rows = []
    for kpi in kpis:
        values = means(points, outcomes, kpi)
        found = analysis.analyze(asked, places, values, num_levels=LEVELS, seed=library_seed(seed))
        star, reach = np.asarray(found["mu_star"], float), np.asarray(found["mu_star_conf"], float)
        frame = pd.DataFrame({"kpi": kpi, "factor": [factor.name for factor in factors]})
        frame["mu"], frame["mu_star"] = np.asarray(found["mu"], float), star
        frame["low"], frame["high"] = np.maximum(star - reach, 0.0), star + reach
        frame["sigma"] = np.asarray(found["sigma"], float)
        rows.append(frame.sort_values("mu_star", ascending=False, kind="stable"))
    return pd.concat(rows, ignore_index=True)


def most_important(screened: pd.DataFrame, count: int) -> list[str]:
    """The factors with the largest effects: each counts by its largest `mu_star` over KPIs, relative to the KPI's."""
    largest = screened.groupby("kpi")["mu_star"].transform("max")
    relative = (screened["mu_star"] / largest.where(largest > 0.0)).fillna(0.0)
    best = relative.groupby(screened["factor"]).max().sort_values(ascending=False, kind="stable")
    return [str(name) for name in best.index[:count]]
