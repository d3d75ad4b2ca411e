"""One synthetic store for the room's tests; those that damage a store write their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from dashboards.labels import Labels
from dashboards.source import Store, load_store
from tests.dashboards.synthetic import write_store


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of nine settings, twelve runs and sixty days. Read only."""
    return write_store(tmp_path_factory.mktemp("store") / "burn")


@pytest.fixture(scope="session")
def store(folder: Path) -> Store:
    """The same store in memory."""
    return load_store(folder)


@pytest.fixture(scope="session")
def labels(store: Store) -> Labels:
    """Its names."""
    return Labels.of(store.manifest, store.design)
