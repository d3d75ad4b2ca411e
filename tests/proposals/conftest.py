"""A pack as the command writes it, made once a file of tests, and copies of it to change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.proposals.packs import propose


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack as the command writes it; some files make one of their own."""
    return propose(tmp_path_factory.mktemp("proposals"))


@pytest.fixture
def copied(made: Path, tmp_path: Path) -> Path:
    """A copy to change."""
    return Path(shutil.copytree(made, tmp_path / "pack"))
