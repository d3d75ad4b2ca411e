"""Subsets of a sweep by cadCAD or radCAD: subset k takes the k-th value of every parameter, as in both of them.

A value that stands alone holds for all subsets. What would change nothing is refused, as a sweep of it would look like
a finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from experiments.engines import stock
from experiments.errors import RequestError, UnfitError, show
from experiments.inputs.scenario import override
from model.economy import Economy

GRID = "radcad.utils.generate_cartesian_product_parameter_sweep(sweep) makes the grid of all combinations"


def swept(
    base: Economy, sweep: Mapping[str, Sequence[Any]], seed: int, runs: Sequence[int], metrics: Sequence[str]
) -> list[Economy]:
    """The economy of each subset; `RequestError` for a value or a length that cannot be, and for a key without effect.

    Keys are those of overrides: parameters by dotted name, `mechanisms.X`, `exogenous.X`, `noise`, `go_literal`.
    """
    values = {key: _listed(key, found) for key, found in sweep.items()}
    count = max(map(len, values.values()), default=1)
    for key, found in values.items():
        if len(found) not in (1, count):
            rule = UnfitError(f"{len(found)} values beside {count} of another key", f"as many of each, or one; {GRID}")
            raise RequestError(f"sweep: {key}: {rule}")
    points = [{key: found[k % len(found)] for key, found in values.items()} for k in range(count)]
    subsets = [override(base, point, "sweep") for point in points]
    for key, found in values.items():
        if len(found) > 1 and _idle(key, found, subsets[0], seed, runs, metrics):
            rule = UnfitError(f"{show(found)}, all of which give the same runs", "values of a parameter that they read")
            raise RequestError(f"sweep: {key}: {rule}")
    return subsets


def _listed(key: str, found: Any) -> list[Any]:
    found = found.tolist() if isinstance(found, np.ndarray) else found
    if not isinstance(found, (list, tuple)) or not found:
        rule = UnfitError(show(found), "a list with the value of each subset, such as [0.25, 0.5]")
        raise RequestError(f"sweep: {key}: {rule}")
    return list(found)


def _idle(
    key: str, values: Sequence[Any], first: Economy, seed: int, runs: Sequence[int], metrics: Sequence[str]
) -> bool:
    """Whether all values of a key give the same runs, the first subset's values of other keys kept."""
    try:
        others = [override(first, {key: value}) for value in values]
    except RequestError:
        return False  # a value that goes only with others of its own subset
    return all(stock.same(first, other, seed, runs, metrics) for other in others)
