"""What all tests share: how they are given to workers, and what a worker does not do twice."""

from __future__ import annotations

import gc
import os

import pytest

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # before NumPy is imported: a worker a core, and arrays too small to share out

GROUPS = {"browser": "browser", "cluster": "ray", "both": "compiled"}
"""Fixtures that are dear to make, and the group of tests that one worker runs for their sake."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a browser, a Ray cluster or a compiled program are one worker's (`--dist loadgroup`)."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in GROUPS:
                item.add_marker(pytest.mark.xdist_group(GROUPS[fixture]))


def pytest_collection_finish() -> None:
    """Modules and tests stay for good, so the collector need not look at a million objects again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """What was set aside is let go, so that libraries that count what is left at the end find nothing."""
    gc.unfreeze()
