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
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

import fsspec

from experiments.errors import RequestError, StoppedError

REFUSED = (
    *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR),
    *(errno.EISDIR, errno.EEXIST, errno.ENAMETOOLONG, errno.ELOOP),
)
"""What the system says where the place itself is at fault: whoever named it can mend that, and trying again cannot."""

NO_FILE = "is no file"
"""What is said of a folder or a device that stands where a file should."""

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
        """The folder of a path or an address; `file://` is a path. RequestError where there can be none."""
        text = str(address)
        if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
            raise RequestError(f"{text!r}: found characters that no folder here can have; allowed: text in UTF-8")
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

    def full(self, name: str = "") -> str:
        """A file's path in its file system; the folder's own without a name."""
        if self.local:
            return str(self.path / name)
        root = str(fsspec.core.url_to_fs(self.address)[1]).rstrip("/")
        return f"{root}/{name}" if name else root

    def exists(self, name: str = "") -> bool:
        """Whether there is such a file, or the folder itself."""
        with self._said(name, "read"):
            return (self.path / name).exists() if self.local else bool(self.system.exists(self.full(name)))

    def is_file(self, name: str) -> bool:
        """Whether there is such a file, and it is neither a folder nor a device."""
        with self._said(name, "read"):
            return (self.path / name).is_file() if self.local else bool(self.system.isfile(self.full(name)))

    def names(self, below: str = "") -> list[str]:
        """The files below a folder, in order, without hidden ones: those are being written."""
        with self._said(below, "read"):
            return sorted(name for name in self._every(below) if not name.rsplit("/", 1)[-1].startswith("."))

    def _every(self, below: str = "") -> Iterator[str]:
        """The files below a folder that is there, in no order, but for those in hidden folders.

        A path is walked and not matched, for `*` and `[1]` may stand in the name of a folder.
        """
        if not self.local:
            root = self.full()
            for path in self.system.find(self.full(below)):
                yield PurePosixPath(path).relative_to(root).as_posix()
            return
        if not (self.path / below).is_dir():
            return
        for folder, inside, files in os.walk(self.path / below, onerror=_raise):
            inside[:] = [name for name in inside if not name.startswith(".")]
            for name in files:
                yield (Path(folder) / name).relative_to(self.path).as_posix()

    def read(self, name: str) -> bytes:
        """A file's bytes; FileNotFoundError where there is none."""
        with self.open(name) as file, self._said(name, "read"):
            return file.read()

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
            raise _sentence(self / name, "written", error) from error

    @contextlib.contextmanager
    def _said(self, name: str, done: str) -> Iterator[None]:
        """Turn what the file system refuses into a sentence, but that a file is not there."""
        try:
            yield
        except FileNotFoundError:
            raise
        except OSError as error:
            raise _sentence(self / name if name else self, done, error) from error

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
        with self._said(name, "removed"):
            if not self.local:
                self._remove_below(self.full(name))
            elif (path := self.path / name).is_dir() and not path.is_symlink():
                shutil.rmtree(path, onerror=_unless_gone)
            else:
                path.unlink(missing_ok=True)

    def _remove_below(self, path: str) -> None:
        """Remove a file or folder of an address by name: fsspec's own `rm` takes a name for a pattern."""
        system = self.system
        for found in system.find(path):
            system.rm_file(found)
        for folder in sorted({*system.find(path, withdirs=True), path}, reverse=True):
            if system.isdir(folder):
                system.rmdir(folder)

    def partial(self) -> list[str]:
        """What is being written, or was when its process was killed."""
        names = self._every() if self.local else ()
        return [name for name in names if (last := name.rsplit("/", 1)[-1]).startswith(".") and last.endswith(".tmp")]

    def sweep_up(self) -> None:
        """Remove what a process that was killed had begun to write."""
        for name in self.partial():
            self.remove(name)

    def sha256(self, name: str) -> str:
        """The digest of a file, read piece by piece."""
        digest = hashlib.sha256()
        with self.open(name) as file, self._said(name, "read"):
            while piece := file.read(1 << 20):
                digest.update(piece)
        return digest.hexdigest()

    def fault(self, name: str, digest: str) -> str:
        """What is wrong with a file that should have a digest, in words; empty where nothing is."""
        if not self.exists(name):
            return "is missing"
        if not self.is_file(name):
            return NO_FILE
        return "" if self.sha256(name) == digest else "does not match its checksum"

    def open(self, name: str) -> BinaryIO:
        """A file to read from; FileNotFoundError where there is none, RequestError where it is no file."""
        if self.exists(name) and not self.is_file(name):
            raise RequestError(f"{self / name} could not be read: it {NO_FILE}")
        with self._said(name, "read"):
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
    flush(target.parent)


def flush(path: Path) -> None:
    """See to it that a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _raise(error: OSError) -> None:
    raise error


def _sentence(place: Folder, done: str, error: OSError) -> RequestError | StoppedError:
    """What could not be done at a place, and why: a wrong request where the place is at fault, else failed work."""
    kind = RequestError if error.errno in REFUSED else StoppedError
    return kind(f"{place} could not be {done}: {reason(error)}")


def reason(error: OSError) -> str:
    """Why something could not be written, in words."""
    return WHY.get(error.errno or 0, error.strerror or str(error))


def _unless_gone(_: Any, __: str, error: Any) -> None:
    """What a worker that outlived its driver takes away itself needs no removing."""
    if not isinstance(error[1], FileNotFoundError):
        raise error[1]
