"""One driver at a time: a lock in a store, held by the process that works on it.

Locally the system holds it (`flock`), so it is gone with its process, however that ended. At another address it is a
file with the process and the host, which is as good as the check that the process is still there.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import json
import os
import socket
import time
from collections.abc import Callable, Iterator
from typing import Any

from experiments.errors import RequestError, StoppedError
from experiments.storage.folder import NO_FILE, REFUSED, Folder, reason

NAME = ".lock"


def nothing(_: str) -> None:
    """Nobody is told."""


@contextlib.contextmanager
def locked(folder: Folder, workers: int | None = None, tell: Callable[[str], None] = nothing) -> Iterator[None]:
    """Hold the store for as long as the block lasts; RequestError where another process does, or it cannot be."""
    mine = {"pid": os.getpid(), "host": socket.gethostname(), "since": time.time(), "workers": workers}
    if not folder.local:
        if other := holder(folder):
            raise RequestError(_busy(folder, other))
        folder.write(NAME, json.dumps(mine))
        try:
            yield
        finally:
            folder.remove(NAME)
        return
    handle = _held(folder)
    try:
        left = os.read(handle, 4096)
        if left:
            tell(f"{folder}: the process that worked on it before ended without a word; going on where it was")
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps(mine).encode(), 0)
        yield
    finally:
        (folder.path / NAME).unlink(missing_ok=True)
        os.close(handle)


def _held(folder: Folder) -> int:
    """The lock's file, open and locked."""
    path = folder.path / NAME
    while True:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NONBLOCK, 0o644)
        except OSError as error:
            if error.errno not in REFUSED:
                raise StoppedError(f"{path} could not be written: {reason(error)}") from error
            if error.errno == errno.EISDIR:
                raise RequestError(f"{path} {NO_FILE}; move it away") from None
            raise RequestError(
                f"{folder} cannot be written to ({reason(error)}); allowed: a folder that can be written to"
            ) from None
        if not _flocked(handle):
            other = _read(os.read(handle, 4096))
            os.close(handle)
            raise RequestError(_busy(folder, other))
        if path.exists() and path.stat().st_ino == os.fstat(handle).st_ino:
            return handle
        os.close(handle)


def _flocked(handle: int) -> bool:
    """Whether the lock is ours; who only looks at it, as `holder` does, has let go of it a moment later."""
    for pause in (0.05, 0.05, 0.0):
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except OSError:
            time.sleep(pause)
    return False


def holder(folder: Folder) -> dict[str, Any] | None:
    """Who works on a store: `pid`, `host`, `since` and `workers`; None where nobody does."""
    if not folder.local:
        try:
            other = _read(folder.read(NAME))
        except FileNotFoundError:
            return None
        return None if other.get("host") == socket.gethostname() and not _alive(other.get("pid")) else other
    try:
        handle = os.open(folder.path / NAME, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return _read(os.read(handle, 4096))
    finally:
        os.close(handle)
    return None


def _alive(pid: Any) -> bool:
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, TypeError, ValueError, OverflowError):
        return False
    except PermissionError:
        return True
    return True


KINDS: dict[str, Any] = {"pid": int, "host": str, "since": (int, float), "workers": (int, type(None))}


def _read(found: bytes) -> dict[str, Any]:
    """What a lock says, as far as it is what a lock can say."""
    try:
        data = json.loads(found)
    except (ValueError, RecursionError):
        return {}
    return {key: data[key] for key in KINDS if isinstance(data.get(key), KINDS[key])} if isinstance(data, dict) else {}


def _busy(folder: Folder, other: dict[str, Any]) -> str:
    who = f"process {other['pid']} on {other['host']}" if {"pid", "host"} <= set(other) else "another process"
    remedy = "" if folder.local else f", or remove {folder / NAME} if that has ended"
    return f"{folder}: {who} is working on it; wait until it is done{remedy}"
