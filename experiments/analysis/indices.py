r"""Sobol indices: share of a KPI's variance over the factors' ranges that each factor explains.

With inputs independent and even over their places, the first-order index is $S_i = V(E(Y | x_i)) / V(Y)$, what would
be settled by fixing $x_i$, and the total one $T_i = E(V(Y | x_{-i})) / V(Y)$, what is left open by all but $x_i$;
$T_i - S_i$ is interaction. Estimated by Saltelli's scheme on a scrambled Sobol sequence (Saltelli 2010), with intervals
from a bootstrap over its rows. Estimates are noisy: they can lie below zero, and their intervals beyond one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from SALib.analyze import sobol as analysis
from SALib.sample import sobol as sampling

from experiments.analysis.evaluate import Evaluate, means
from experiments.analysis.factors import Factor, points_at
from experiments.analysis.problem import library_seed, problem
from experiments.errors import RequestError

RESAMPLES = 200
CONSTANT = 1e-12
"""Spread over size at or below which a KPI counts as the same at every point."""


def sobol_evaluations(factors: Sequence[Factor], samples: int) -> int:
    """Number of points that Sobol indices evaluate."""
    return samples * (len(factors) + 2)


def indices(
    factors: Sequence[Factor],
    evaluate: Evaluate,
    kpis: Sequence[str],
    samples: int = 64,
    seed: int = 1,
) -> pd.DataFrame:
    """One row a KPI and factor, the largest total first: `first`, `total` and the ends of their 95 % intervals.

    `samples` is a power of two. RequestError for a KPI that no factor moves: it has no variance to share out.
    """
    if samples < 2 or samples & (samples - 1):
        raise RequestError(f"samples: found {samples}; allowed: a power of two from 2, such as 64 or 128")
    asked = problem(factors)
    places = sampling.sample(asked, samples, calc_second_order=False, seed=library_seed(seed))
    points = pd.DataFrame(points_at(factors, places))
    outcomes = evaluate(points)
    frames = []
    for kpi in kpis:
        values = means(points, outcomes, kpi)
        if values.std() <= CONSTANT * np.abs(values).max():
            raise RequestError(f"KPI {kpi}: the same at every point ({values[0]:g}), so no factor has a share in it")
        found = analysis.analyze(
            asked, values, calc_second_order=False, num_resamples=RESAMPLES, seed=library_seed(seed)
        )
        frame = pd.DataFrame({"kpi": kpi, "factor": [factor.name for factor in factors]})
        for name, key in (("first", "S1"), ("total", "ST")):
            frame[name], reach = found[key], found[f"{key}_conf"]
            frame[f"{name}_low"], frame[f"{name}_high"] = found[key] - reach, found[key] + reach
        frames.append(frame.sort_values("total", ascending=False, kind="stable"))
    return pd.concat(frames, ignore_index=True)
