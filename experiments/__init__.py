"""Sweeps, scenarios and results of the QUIVer token-economy simulator: `simulate`, `sweep`, `load`, and experiments
for cadCAD and radCAD as they come: `cadcad_experiment`, `radcad_experiment`.

The names are loaded on first use, so that importing the package, and `quiver-sim --help`, stay light.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.api import cadcad_experiment, load, radcad_experiment, simulate, sweep

__all__ = ["cadcad_experiment", "load", "radcad_experiment", "simulate", "sweep"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from experiments import api

        return getattr(api, name)
    raise AttributeError(f"module 'experiments' has no attribute {name!r}")
