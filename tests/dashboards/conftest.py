"""One synthetic store for the room's tests; those that damage a store write their own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from dashboards import publish
from dashboards.explorer.data import Library
from dashboards.labels import Labels
from dashboards.source import Store, load_store
from tests.dashboards.sites import with_goals
from tests.dashboards.swept import write_sweep
from tests.dashboards.synthetic import write_store

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of nine settings, twelve runs and sixty days. Read only."""
    return write_store(tmp_path_factory.mktemp("store") / "burn")


@pytest.fixture
def pair(tmp_path: Path) -> Path:
    """A store of two settings, four runs and five days: enough where a test asks how a site is written."""
    return write_store(tmp_path / "store", days=5, runs=4, designs=(3, 4))


@pytest.fixture(scope="session")
def store(folder: Path) -> Store:
    """The same store in memory."""
    return load_store(folder)


@pytest.fixture(scope="session")
def labels(store: Store) -> Labels:
    """Its names."""
    return Labels.of(store.manifest, store.design)


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of stores: one of arithmetic, one that was swept. Read only."""
    folder = tmp_path_factory.mktemp("shelf")
    write_store(folder / "burn")
    write_sweep(folder)
    return folder


@pytest.fixture(scope="session")
def library(shelf: Path) -> Library:
    """Those stores as the explorer opens them."""
    return Library(shelf)


@pytest.fixture(scope="session")
def swept(library: Library) -> str:
    """The name of the swept store."""
    return next(name for name in library.names if name.startswith("small"))


def chromium() -> str | None:
    """Where the system's Chromium is, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium without a window, one for all tests."""
    found = chromium()
    if found is None:
        pytest.skip("no Chromium on this machine; install it with: apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="session")
def site(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The synthetic store, published. Read only."""
    return publish(folder, tmp_path_factory.mktemp("site") / "site")


@pytest.fixture(scope="session")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A published store with goals and with metrics of most chapters. Read only."""
    folder = with_goals(tmp_path_factory.mktemp("rich") / "store")
    return publish(folder, tmp_path_factory.mktemp("richsite") / "site")
