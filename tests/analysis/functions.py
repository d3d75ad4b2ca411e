"""Functions with known sensitivity, as evaluations of points: what a sweep would have given."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from experiments.analysis.factors import Factor

ISHIGAMI = [Factor(f"x{i}", -np.pi, np.pi) for i in (1, 2, 3)]
"""Ishigami and Homma (1990), a = 7, b = 0.1: shares known in closed form."""

G_WEIGHTS = (0.0, 1.0, 4.5, 9.0, 99.0)
G_FUNCTION = [Factor(f"x{i}", 0.0, 1.0) for i in range(1, 6)]
"""Saltelli and Sobol (1995): the smaller a weight, the larger the share."""


def evaluated(function: Callable[[pd.DataFrame], np.ndarray], runs: int = 2) -> Callable[[pd.DataFrame], pd.DataFrame]:
    """The function as KPI `y`, the runs scattering evenly around it by a shock of their own."""

    def evaluate(points: pd.DataFrame) -> pd.DataFrame:
        value = function(points)
        shocks = np.linspace(-1.0, 1.0, runs) if runs > 1 else np.zeros(1)
        return pd.DataFrame(
            {
                "design": np.repeat(np.arange(len(points)), runs),
                "run": np.tile(np.arange(runs), len(points)),
                "y": np.repeat(value, runs) + np.tile(shocks, len(points)),
                "other": 0.0,
            }
        )

    return evaluate


def ishigami(points: pd.DataFrame) -> np.ndarray:
    x1, x2, x3 = (points[f"x{i}"].to_numpy() for i in (1, 2, 3))
    return np.asarray(np.sin(x1) + 7.0 * np.sin(x2) ** 2 + 0.1 * x3**4 * np.sin(x1))


def g_function(points: pd.DataFrame) -> np.ndarray:
    parts = [
        (abs(4.0 * points[factor.name].to_numpy() - 2.0) + weight) / (1.0 + weight)
        for factor, weight in zip(G_FUNCTION, G_WEIGHTS, strict=True)
    ]
    return np.asarray(np.prod(parts, axis=0))


def ishigami_shares() -> tuple[list[float], list[float]]:
    """First-order and total shares: V1 = (1 + bπ⁴/5)²/2, V2 = a²/8, V13 = 8b²π⁸/225."""
    first = [0.5 * (1.0 + 0.1 * np.pi**4 / 5.0) ** 2, 49.0 / 8.0, 0.0]
    both = 8.0 * 0.01 * np.pi**8 / 225.0
    whole = sum(first) + both
    return [v / whole for v in first], [(first[0] + both) / whole, first[1] / whole, both / whole]


def g_shares() -> tuple[list[float], list[float]]:
    """V_i = 1 / (3 (1 + a_i)²); whole variance Π(1 + V_i) - 1; total V_i Π_{j≠i}(1 + V_j)."""
    own = np.asarray([1.0 / (3.0 * (1.0 + weight) ** 2) for weight in G_WEIGHTS])
    whole = np.prod(1.0 + own) - 1.0
    return (own / whole).tolist(), (own * np.prod(1.0 + own) / (1.0 + own) / whole).tolist()
