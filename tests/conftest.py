"""What all tests share: how they are given to workers, and what a worker does not do twice."""

from __future__ import annotations

import gc
import os

for threads in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(threads, "1")  # before NumPy is imported: a worker a core, and arrays too small to share out


def pytest_collection_finish() -> None:
    """Modules and tests stay for good, so the collector need not look at a million objects again and again."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure() -> None:
    """What was set aside is let go, so that libraries that count what is left at the end find nothing."""
    gc.unfreeze()
