"""What all tests share: how they are given to workers, and what a worker does not do twice."""

from __future__ import annotations

import gc
import os

import pytest

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # before NumPy is imported: a worker a core, and arrays too small to share out

GROUPS = {"browser": "browser", "cluster": "ray", "both": "compiled"}
"""Fixtures that are dear to make, and the group of tests that one worker runs for their sake."""

APART = "structure/test_docs.py"
"""Each test of this file is dear by itself, and shares nothing."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A file's tests are one worker's, as they share what they simulate; so are all that share a dear fixture."""
    for item in items:
        shared = [GROUPS[name] for name in getattr(item, "fixturenames", ()) if name in GROUPS]
        file = item.path.as_posix()
        if not file.endswith(APART):
            item.add_marker(pytest.mark.xdist_group(shared[0] if shared else file))


def pytest_collection_finish() -> None:
    """Modules and tests stay for good, so the collector need not look at a million objects again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """What was set aside is let go, so that libraries that count what is left at the end find nothing."""
    gc.unfreeze()
