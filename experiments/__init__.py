"""Sweeps, scenarios and results of the QUIVer token-economy simulator: `simulate`, `sweep`, `load`, and experiments
for cadCAD and radCAD as they come: `cadcad_experiment`, `radcad_experiment`.

The names are loaded on first use, so that importing the package, and `quiver-sim --help`, stay light.

A folder of a user's may have the name of a package of ours, such as `model`. Once this package is imported, those names
mean the packages beside it, wherever Python was started.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.api import cadcad_experiment, load, radcad_experiment, simulate, sweep

__all__ = ["cadcad_experiment", "load", "radcad_experiment", "simulate", "sweep"]


def __getattr__(name: str) -> Any:
    if name in __all__:
        from experiments import api

        return getattr(api, name)
    raise AttributeError(f"module 'experiments' has no attribute {name!r}")


class _Beside(MetaPathFinder):
    """Finds our packages beside this one, whatever has their names elsewhere."""

    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    names = ("model", "policies", "state_updates", "dashboards")

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        """Our package of a name, with a warning where the search path has another, which a script may mean."""
        ours = PathFinder.find_spec(fullname, [self.root]) if fullname in self.names else None
        other = PathFinder.find_spec(fullname) if ours else None
        if ours and other and other.origin and not os.path.samefile(other.origin, str(ours.origin)):
            warnings.warn(
                f"in this process, {fullname} is {os.path.dirname(str(ours.origin))} of QUIVer's simulator and not "
                f"{other.origin}; give that another name to import both",
                stacklevel=2,
            )
        return ours

    def check_loaded(self) -> None:
        """ImportError where a name is taken already."""
        for name in set(self.names) & set(sys.modules):
            ours, found = os.path.join(self.root, name), sys.modules[name]
            place = found.__file__ or next(iter(found.__path__), "")
            if not os.path.realpath(place).startswith(os.path.realpath(ours)):
                raise ImportError(
                    f"QUIVer's simulator needs its own {name} ({ours}), and this process has imported another "
                    f"({place}); give that another name, or import it in another process"
                )


_beside = _Beside()
_beside.check_loaded()
sys.meta_path.insert(0, _beside)
