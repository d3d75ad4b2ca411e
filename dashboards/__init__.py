"""Figures and pages made from a sweep's store, or from the evidence of a proposal. Never simulates.

Importing this package imports nothing heavy: names are resolved when they are first used (PEP 562).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dashboards.site.images import NoImagesError
    from dashboards.site.publish import publish
    from dashboards.source import Store, StoreError, load_store

__all__ = ["NoImagesError", "Store", "StoreError", "load_store", "publish"]

_HOME = {
    "NoImagesError": "dashboards.site.images",
    "Store": "dashboards.source",
    "StoreError": "dashboards.source",
    "load_store": "dashboards.source",
    "publish": "dashboards.site.publish",
}


def __getattr__(name: str) -> Any:
    """Import the module that holds ``name`` on first use."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """Public names, whether or not they have been imported yet."""
    return sorted(__all__)
