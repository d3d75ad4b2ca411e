"""Folders that are put in their place whole, and temporary ones that do not outlive their process for long."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from experiments.errors import StoppedError
from experiments.storage.scratch import replacing, scratch

NAMES = ["pack", "star*", "[1]", "a b=7", ".hidden", "ends.tmp"]
KILLED = """
import os, sys
from pathlib import Path
from experiments.storage.scratch import replacing
with replacing(Path(sys.argv[1])) as made:
    (made / "half").write_text("half")
    os.kill(os.getpid(), 9)
"""


def fill(folder: Path, text: str) -> None:
    with replacing(folder) as made:
        (made / "inside").mkdir()
        (made / "inside" / "file").write_text(text, encoding="utf-8")


def read(folder: Path) -> str:
    return (folder / "inside" / "file").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_made_and_replaced_and_nothing_is_beside_it(name: str, tmp_path: Path) -> None:
    fill(tmp_path / "new" / name, "one")
    fill(tmp_path / "new" / name, "two")
    assert read(tmp_path / "new" / name) == "two"
    assert os.listdir(tmp_path / "new") == [name]


def test_an_error_leaves_what_was_there(tmp_path: Path) -> None:
    fill(tmp_path / "pack", "one")
    with pytest.raises(UnicodeEncodeError):
        fill(tmp_path / "pack", "\ud800")
    assert read(tmp_path / "pack") == "one"
    assert os.listdir(tmp_path) == ["pack"]


def test_a_folder_that_cannot_be_put_there_gives_its_place_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "pack", "one")
    real = Path.rename

    def rename(path: Path, target: Any) -> Any:
        if path.name == "made":
            raise OSError(28, os.strerror(28), str(path))
        return real(path, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(StoppedError, match=r"pack could not be written: the disk is full \(once there is room"):
        fill(tmp_path / "pack", "two")
    assert read(tmp_path / "pack") == "one"
    assert os.listdir(tmp_path) == ["pack"]


def test_what_was_moved_aside_comes_back(tmp_path: Path) -> None:
    """Killed between the two renames, the older folder lies beside its place."""
    fill(tmp_path / "pack", "one")
    (tmp_path / "pack").rename(tmp_path / ".pack.before")
    with pytest.raises(UnicodeEncodeError):
        fill(tmp_path / "pack", "\ud800")
    assert read(tmp_path / "pack") == "one"
    assert os.listdir(tmp_path) == ["pack"]


def test_what_a_killed_process_left_goes_with_the_next_and_what_is_in_use_stays(tmp_path: Path) -> None:
    (tmp_path / ".pack.mine.txt").touch()
    with scratch(".pack", tmp_path) as other:
        killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "pack")], check=False)
        assert killed.returncode == -9
        left = {*os.listdir(tmp_path)} - {other.name, ".pack.mine.txt"}
        assert len(left) == 1
        fill(tmp_path / "pack", "two")
        assert {*os.listdir(tmp_path)} == {other.name, ".pack.mine.txt", "pack"}
    assert {*os.listdir(tmp_path)} == {".pack.mine.txt", "pack"}


def test_a_link_named_as_what_is_left_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").mkdir()
    (tmp_path / "spill.x.tmp").symlink_to(tmp_path / "precious")
    with scratch("spill", tmp_path):
        pass
    assert (tmp_path / "precious").is_dir()


def test_a_machine_without_a_temporary_folder_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    def none() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", none)
    with pytest.raises(StoppedError, match="set TMPDIR to one that can"), scratch("x"):
        pass
