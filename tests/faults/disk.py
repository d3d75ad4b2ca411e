"""A disk that fails on demand: every operation on files below a folder is counted, and the n-th ends as a `Fault` says.

What Python does to files goes through `os`, `fcntl.flock` and `open`, pathlib, shutil, tempfile, fsspec and pyarrow's
Parquet writer included, so that is where it is counted; DuckDB opens files itself, so each of its queries is one
operation. A write that fails has written half of its bytes, as a full disk leaves it.
"""

from __future__ import annotations

import builtins
import errno
import fcntl
import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

ROOT = str(Path(__file__).parents[2])
OURS = ("experiments", "dashboards")

WRITING = {"create", "write", "mkdir", "rename", "replace", "fsync", "ftruncate", "sendfile"}
"""Operations that a full disk refuses."""

BY_PATH = {
    *("create", "open", "stat", "lstat", "access", "mkdir", "rmdir", "unlink", "remove", "rename", "replace"),
    *("listdir", "scandir", "chmod", "utime"),
}
"""Operations that permissions refuse; what is open can be read and written whatever they are."""

CALLS = (BY_PATH - {"create", "open"}) | {"fsync", "ftruncate", "read", "write", "pwrite", "sendfile"}
"""Functions of `os` that are counted under their own names; `os.open` is `open` or `create`."""

REAL: dict[str, Callable[..., Any]] = {name: getattr(os, name) for name in (*CALLS, "open")}
OPEN, FLOCK, CONNECT = io.open, fcntl.flock, duckdb.connect


@dataclass(frozen=True)
class Fault:
    """What becomes of operation `at`, counted from 1: the process is killed, or an error, once or from then on."""

    at: int
    code: int = 0
    lasting: bool = False

    @property
    def kill(self) -> bool:
        """Whether the process is killed."""
        return not self.code

    def strikes(self, number: int, operation: str) -> bool:
        """Whether an operation fails; lasting errors spare those that such a disk would still do."""
        if number == self.at:
            return True
        return self.lasting and number > self.at and fits(self.code, operation)

    @property
    def kind(self) -> str:
        """What happens, in words."""
        return "killed" if self.kill else f"{errno.errorcode[self.code]} {'from then on' if self.lasting else 'once'}"

    def __str__(self) -> str:
        return f"operation {self.at} {self.kind}"


def fits(code: int, operation: str) -> bool:
    """Whether an operation can end with an error."""
    return {errno.ENOSPC: operation in WRITING, errno.EACCES: operation in BY_PATH}.get(code, True)


class Disk:
    """Counts operations below `root` and lets a fault strike; `log` has each operation, its file and its place."""

    def __init__(self, root: Path, fault: Fault | None = None) -> None:
        self.root, self.fault = str(root), fault
        self.log: list[tuple[str, str, str]] = []
        self._busy = False

    def install(self) -> None:
        """Stand between this process and its files, for good: meant for a process of its own."""
        for name in CALLS:
            setattr(os, name, self._counted(name))
        os.open = self._os_open
        fcntl.flock = self._flock
        io.open = builtins.open = self._open  # type: ignore[assignment]
        duckdb.connect = self._connect  # type: ignore[assignment]

    def touch(self, operation: str, path: str, before: Callable[[], object] | None = None) -> None:
        """Count an operation on a file that is watched; end it if the fault strikes, doing `before` first."""
        if self._busy or not (path == self.root or path.startswith(self.root + "/")):
            return
        self.log.append((operation, path[len(self.root) + 1 :], "" if self.fault and self.fault.at else place()))
        if self.fault is None or not self.fault.strikes(len(self.log), operation):
            return
        if before is not None:
            before()
        if self.fault.kill:
            os.kill(os.getpid(), signal.SIGKILL)
        if operation == "query":
            raise duckdb.IOException(f'IO Error: Could not read file "{path}": {os.strerror(self.fault.code)}')
        raise OSError(self.fault.code, os.strerror(self.fault.code), path)

    def _counted(self, name: str) -> Callable[..., Any]:
        real = REAL[name]

        def call(*given: Any, **options: Any) -> Any:
            path = where(given[0] if given else ".", options.get("dir_fd") or options.get("src_dir_fd"))
            half = None
            if name in ("write", "pwrite"):
                half = lambda: real(given[0], given[1][: len(given[1]) // 2], *given[2:])  # noqa: E731
            try:
                self.touch(name, path, half)
            except OSError:
                if name != "access":
                    raise
                return False
            return real(*given, **options)

        return call

    def _os_open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        self.touch("create" if flags & os.O_CREAT else "open", where(path, dir_fd))
        found: int = REAL["open"](path, flags, mode, dir_fd=dir_fd)
        return found

    def _flock(self, handle: Any, operation: int) -> None:
        self.touch("flock", where(handle if isinstance(handle, int) else handle.fileno(), None))
        FLOCK(handle, operation)

    def _open(
        self,
        file: Any,
        mode: str = "r",
        buffering: int = -1,
        encoding: str | None = None,
        errors: str | None = None,
        newline: str | None = None,
        closefd: bool = True,
        opener: Any = None,
    ) -> Any:
        path, writing = where(file, None), any(letter in mode for letter in "wax+")
        if not path.startswith(self.root):
            return OPEN(file, mode, buffering, encoding, errors, newline, closefd, opener)
        if not isinstance(file, int):
            self.touch("create" if writing else "open", path)
        raw = _File(self, path, file, mode.replace("b", "").replace("t", ""), closefd, opener)
        if buffering == 0:
            return raw
        kind = io.BufferedRandom if "+" in mode else io.BufferedWriter if writing else io.BufferedReader
        buffer = kind(raw)  # type: ignore[operator]
        return buffer if "b" in mode else io.TextIOWrapper(buffer, encoding, errors, newline)

    def _connect(self, *given: Any, **options: Any) -> _Connection:
        return _Connection(self, CONNECT(*given, **options))


class _File(io.FileIO):
    """A file whose reads and writes are counted, as the system sees them: behind the buffer."""

    def __init__(self, disk: Disk, path: str, file: Any, mode: str, closefd: bool, opener: Any) -> None:
        super().__init__(file, mode, closefd, opener)
        self._disk, self._path = disk, path

    def write(self, data: Any) -> int:
        half = memoryview(data)[: len(data) // 2]
        self._disk.touch("write", self._path, lambda: super(_File, self).write(half))
        return super().write(data)

    def read(self, size: int | None = -1) -> bytes:
        self._disk.touch("read", self._path)
        return super().read(-1 if size is None else size)

    def readall(self) -> bytes:
        self._disk.touch("read", self._path)
        return super().readall()

    def readinto(self, buffer: Any) -> int:
        self._disk.touch("read", self._path)
        return super().readinto(buffer)


class _Connection:
    """A connection of DuckDB whose queries are counted."""

    def __init__(self, disk: Disk, real: Any) -> None:
        self._disk, self._real = disk, real

    def __enter__(self) -> _Connection:
        return self

    def __exit__(self, *error: object) -> None:
        self._real.close()

    def sql(self, query: str, *more: Any, **options: Any) -> Any:
        self._disk.touch("query", f"{self._disk.root}/")
        return self._real.sql(query, *more, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)


def where(path: Any, folder: Any) -> str:
    """The absolute path of what a call names: a path, or the number of an open file."""
    if isinstance(path, int):
        try:
            return os.readlink(f"/proc/self/fd/{path}")
        except OSError:
            return ""
    text = os.fsdecode(path)
    above = where(folder, None) if isinstance(folder, int) else os.getcwd()
    return os.path.normpath(os.path.join(above, text))


def place() -> str:
    """Where in the program an operation comes from: its innermost line in our packages."""
    frame = sys._getframe(2)
    while frame is not None:
        name = os.path.relpath(frame.f_code.co_filename, ROOT)
        if name.split("/", 1)[0] in OURS:
            return f"{name}:{frame.f_lineno}"
        frame = frame.f_back  # type: ignore[assignment]
    return ""
