"""The engines: radCAD and cadCAD run the blocks unmodified, one trajectory at a time; the ensemble runs many at once,
and JAX compiles them.

Each is a function `(economies, seed, runs, metrics) -> array` of shape `(trajectories, days + 1, metrics)`: what the
metrics were at genesis and at the end of each day. The same seed gives the same ledger in all of them, bit
for bit, but for JAX, whose compiler rounds the last bits of decisions otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from numpy.typing import NDArray

from experiments.engines.compiled import run_jax
from experiments.engines.ensemble import run_ensemble
from experiments.engines.reference import run_cadcad, run_radcad
from model.economy import Economy

Engine = Callable[[Sequence[Economy], int, Sequence[int], Sequence[str]], NDArray[Any]]

ENGINES: dict[str, Engine] = {"ensemble": run_ensemble, "radcad": run_radcad, "cadcad": run_cadcad, "jax": run_jax}
"""Every engine by the name that users type."""
