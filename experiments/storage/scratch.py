"""Folders of a process's own: temporary ones, and those that are made beside their place and put there whole.

A process holds its folder by a lock that the system drops with the process, however that ended; so the next one that
makes a folder of the same name removes what killed processes left.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from experiments.errors import StoppedError
from experiments.storage.folder import flush, reason

END = ".tmp"


@contextlib.contextmanager
def scratch(name: str, above: Path | None = None) -> Iterator[Path]:
    """An empty folder `NAME.….tmp`, gone when the block ends; in the system's temporary folder, or below `above`."""
    above = _temporary() if above is None else above
    with contextlib.suppress(OSError):
        _remove_left(name, above)
    folder, handle = _made(name, above)
    try:
        yield folder
    finally:
        for _ in range(2):  # what a disk refuses once it may do when asked again
            shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _temporary() -> Path:
    """The system's temporary folder; StoppedError where it has none."""
    try:
        return Path(tempfile.gettempdir())
    except FileNotFoundError:
        raise StoppedError("no temporary folder can be written to; set TMPDIR to one that can") from None


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """An empty folder to fill, which is put in the place of `folder` when the block ends without an error.

    What was there stays until then, and stays for good where the new one cannot be put there: StoppedError says why.
    """
    above = folder.absolute().parent
    before = above / f".{folder.name}.before"
    try:
        above.mkdir(parents=True, exist_ok=True)
        _recover(folder, before)
        with scratch(f".{folder.name}", above) as beside:
            made = beside / "made"
            made.mkdir()
            yield made
            for root, _, names in os.walk(made):
                for path in (*(Path(root) / name for name in names), Path(root)):
                    flush(path)
            _exchange(made, folder, before)
        shutil.rmtree(before, ignore_errors=True)
    except OSError as error:
        raise StoppedError(f"{folder} could not be written: {reason(error)}") from error


def _exchange(made: Path, folder: Path, before: Path) -> None:
    """Put a folder in the place of another, which is `before` from then on."""
    if folder.exists():
        folder.rename(before)
    try:
        made.rename(folder)
    except OSError:
        _recover(folder, before)
        raise
    flush(folder.absolute().parent)


def _recover(folder: Path, before: Path) -> None:
    """Put back what was moved aside by a process that then could not put a new one there."""
    if before.exists() and not folder.exists():
        before.rename(folder)
    elif before.exists():
        shutil.rmtree(before)


def _made(name: str, above: Path) -> tuple[Path, int]:
    """A new folder and a handle that holds its lock."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=f"{name}.", suffix=END, dir=above))
        handle = os.open(folder, os.O_RDONLY)
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if folder.exists():
            return folder, handle
        os.close(handle)


def _remove_left(name: str, above: Path) -> None:
    """Remove the folders of this name, and of this user, whose process is gone."""
    for folder in sorted(above.iterdir()):
        if not (folder.name.startswith(f"{name}.") and folder.name.endswith(END)):
            continue
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if os.fstat(handle).st_uid == os.getuid():
                shutil.rmtree(folder)
        except OSError:
            continue
        finally:
            os.close(handle)
