"""Folders that a store may lie in: local ones, and any address that fsspec knows (`memory://x`, `s3://bucket/x`).

A file is written whole or not at all. Locally it is written under another name, flushed to the disk and renamed;
elsewhere it is made on the local disk and put in one go, and whether a reader may see half of it is up to that file
system (object stores show an object once it is complete).
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import fsspec

from experiments.errors import RequestError, StoppedError

REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR)
"""What the system says where a folder cannot be written to."""

WHY = {
    errno.ENOSPC: "the disk is full (once there is room, give the same command again)",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk can only be read",
}


@dataclass(frozen=True)
class Folder:
    """A folder by its address; names of files in it are relative, with `/` between parts."""

    address: str

    @staticmethod
    def at(address: str | Path) -> Folder:
        """The folder of a path or an address; `file://` is a path."""
        text = str(address)
        protocol, found, rest = text.partition("://")
        if not found:
            return Folder(text)
        if protocol in ("file", "local"):
            return Folder(str(Path(rest)))
        try:
            fsspec.get_filesystem_class(protocol)
        except (ValueError, ImportError) as error:
            raise RequestError(f"{text}: no file system for {protocol}:// ({error})") from None
        return Folder(text.rstrip("/"))

    @property
    def local(self) -> bool:
        """Whether it is a path of this machine."""
        return "://" not in self.address

    @property
    def shared(self) -> bool:
        """Whether other processes see the same files; what is in memory they do not."""
        return not self.address.startswith("memory://")

    @property
    def path(self) -> Path:
        """The path of a local folder."""
        return Path(self.address)

    @property
    def place(self) -> Path | str:
        """What a caller is given: a path, or the address."""
        return self.path if self.local else self.address

    @property
    def system(self) -> Any:
        """Its fsspec file system."""
        return fsspec.filesystem("file") if self.local else fsspec.core.url_to_fs(self.address)[0]

    def __str__(self) -> str:
        return self.address

    def __truediv__(self, name: str) -> Folder:
        return Folder(str(self.path / name)) if self.local else Folder(f"{self.address}/{name}")

    def absolute(self) -> Folder:
        """The same folder, wherever a process was started."""
        return Folder(str(self.path.resolve())) if self.local else self

    def full(self, name: str) -> str:
        """A file's path in its file system."""
        return str(self.path / name) if self.local else f"{self._root}/{name}"

    def url(self, name: str) -> str:
        """A file as DuckDB takes it."""
        return self.full(name) if self.local else f"{self.address.partition('://')[0]}://{self._root}/{name}"

    @property
    def _root(self) -> str:
        return str(fsspec.core.url_to_fs(self.address)[1]).rstrip("/")

    def exists(self, name: str = "") -> bool:
        """Whether there is such a file, or the folder itself."""
        if self.local:
            return (self.path / name).exists()
        return bool(self.system.exists(self.full(name) if name else self._root))

    def names(self, below: str = "") -> list[str]:
        """The files below a folder, in order, without those that are being written."""
        root = self.full(below) if below else (self.address if self.local else self._root)
        if not self.system.exists(root):
            return []
        start = Path(self.address).absolute().as_posix() if self.local else self._root
        found = [PurePosixPath(path).relative_to(start).as_posix() for path in self.system.find(root)]
        return sorted(name for name in found if not name.rsplit("/", 1)[-1].startswith("."))

    def read(self, name: str) -> bytes:
        """A file's bytes; FileNotFoundError where there is none."""
        if self.local:
            return (self.path / name).read_bytes()
        return bytes(self.system.cat_file(self.full(name)))

    def text(self, name: str) -> str:
        """A file's text."""
        return self.read(name).decode("utf-8")

    def write(self, name: str, text: str) -> str:
        """Write a small text file whole; its SHA-256."""
        with self.create(name) as file:
            file.write(text.encode("utf-8"))
        return file.digest()

    @contextlib.contextmanager
    def create(self, name: str) -> Iterator[Hashed]:
        """A file to write bytes to, there once the block ends without an error; StoppedError where it cannot be."""
        try:
            with self._partial(name) as (partial, put):
                try:
                    with partial.open("wb") as raw:
                        yield (file := Hashed(raw))
                        file.flush()
                        os.fsync(raw.fileno())
                    put(partial)
                finally:
                    partial.unlink(missing_ok=True)
        except OSError as error:
            raise StoppedError(f"{self / name} could not be written: {reason(error)}") from error

    @contextlib.contextmanager
    def _partial(self, name: str) -> Iterator[tuple[Path, Any]]:
        """Where a file is written at first, and what puts it into its place."""
        if self.local:
            target = self.path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            yield target.with_name(f".{target.name}.{os.getpid()}.tmp"), lambda partial: _rename(partial, target)
            return
        with tempfile.TemporaryDirectory() as folder:
            self.system.makedirs(self.full(name).rpartition("/")[0], exist_ok=True)
            yield Path(folder) / "part", lambda partial: self.system.put_file(str(partial), self.full(name))

    def remove(self, name: str = "") -> None:
        """Remove a file, a folder with all in it, or, without a name, the folder itself."""
        path = self.full(name) if name else (self.address if self.local else self._root)
        if self.system.exists(path):
            self.system.rm(path, recursive=True)

    def sweep_up(self) -> None:
        """Remove what a process that was killed had begun to write."""
        for partial in self.path.rglob(".*.tmp") if self.local else ():
            partial.unlink(missing_ok=True)

    def sha256(self, name: str) -> str:
        """The digest of a file, read piece by piece."""
        digest = hashlib.sha256()
        with self.open(name) as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()

    def open(self, name: str) -> BinaryIO:
        """A file to read from; FileNotFoundError where there is none."""
        found: BinaryIO = (self.path / name).open("rb") if self.local else self.system.open(self.full(name), "rb")
        return found


class Hashed(io.RawIOBase):
    """A file to write to, whose digest is worked out on the way."""

    def __init__(self, raw: BinaryIO) -> None:
        self._raw, self._digest, self._size = raw, hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Write bytes; how many."""
        self._digest.update(data)
        count = self._raw.write(data)
        self._size += count
        return count

    def flush(self) -> None:
        """Hand what was written to the system."""
        if not self._raw.closed:
            self._raw.flush()

    def tell(self) -> int:
        """Bytes written."""
        return self._size

    def digest(self) -> str:
        """SHA-256 of all that was written."""
        return self._digest.hexdigest()


def _rename(partial: Path, target: Path) -> None:
    """Rename, and see to it that the new name outlives a loss of power."""
    partial.replace(target)
    handle = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def reason(error: OSError) -> str:
    """Why something could not be written, in words."""
    return WHY.get(error.errno or 0, error.strerror or str(error))
