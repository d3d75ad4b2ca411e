"""A Ray of our own on this machine, for as long as it is needed.

It listens on loopback only, with a secret that is never on disk. Its files are in a new folder with a short name, as a
socket's path has at most 107 bytes, and its shared memory is there too where `/dev/shm` is too small or read only; no
home is needed. It is started from the folder that this code was imported from, since Ray puts the folder where it is
started first on its workers' path: what lies in the user's folder is never imported in our place. It counts as started
when a worker has answered.
"""

from __future__ import annotations

import contextlib
import logging
import os
import resource
import secrets
import socket
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from experiments.errors import first_line
from experiments.storage.scratch import scratch
from experiments.words import size

SHARED_BYTES = 256 * 2**20
"""Shared memory for a plan (about 1 kB a design point) and results; what does not fit goes to the disk."""

START_S = 60.0
"""Seconds that the first worker has to answer, after the 30 that Ray gives itself."""

ADDRESSES_BYTES = 4 * 2**30
"""Address space without which Ray is not started: it would end this process where a thread finds none."""

LONGEST = "session_2026-01-01_00-00-00_000000_4194304/sockets/plasma_store.1"
"""A socket in Ray's folder, at its longest."""

ROOT = Path(__file__).resolve().parents[2]
"""The folder of our packages: a checkout, or where packages are installed."""


class NoRayError(RuntimeError):
    """Ray did not start; the message says after how many seconds, and why."""


@contextlib.contextmanager
def local_ray(workers: int) -> Iterator[None]:
    """A Ray with some workers, which is shut down at the end; NoRayError where it does not start."""
    begun = time.monotonic()
    with contextlib.ExitStack() as stack:
        try:
            _start(workers, stack)
        except Exception as error:
            raise NoRayError(f"Ray did not start in {time.monotonic() - begun:.0f} s ({first_line(error)})") from error
        yield


def _start(workers: int, stack: contextlib.ExitStack) -> None:
    """Start Ray, and have the stack undo it."""
    limit = resource.getrlimit(resource.RLIMIT_AS)[0]
    if 0 <= limit < ADDRESSES_BYTES:
        raise MemoryError(f"its address space may have {size(limit)}, and Ray needs {size(ADDRESSES_BYTES)}")
    folder = stack.enter_context(short_folder())
    own = {"RAY_AUTH_MODE": None, "RAY_AUTH_TOKEN": secrets.token_hex(32), "RAY_USAGE_STATS_ENABLED": "0"}
    with _environment(own), started_from(folder):
        import ray
        from ray._private import ray_constants

        raylet: Any = ray._raylet
        secret = raylet.AuthenticationTokenLoader.instance()
        secret.reset_cache()
        for undo in (secret.reset_cache, partial(_end_all, str(folder)), ray.shutdown):
            stack.callback(undo)
        with _loopback(ray_constants):
            ray.init(
                address="local",
                num_cpus=workers,
                include_dashboard=False,
                object_store_memory=SHARED_BYTES,
                log_to_driver=False,
                logging_level=logging.ERROR,
                _plasma_directory=_shared_memory(folder),
                _temp_dir=str(folder),
            )
        ray.get(ray.remote(num_cpus=1)(_answer).remote(), timeout=START_S)


def _answer() -> int:
    """A worker's first task."""
    return os.getpid()


@contextlib.contextmanager
def short_folder() -> Iterator[Path]:
    """A new folder in which Ray's sockets can be: among temporary files, or elsewhere; OSError where there is none."""
    places = (None, "/tmp", "/var/tmp", os.environ.get("XDG_RUNTIME_DIR"), "/dev/shm", os.curdir)
    with contextlib.ExitStack() as stack:
        for place in places:
            with contextlib.suppress(OSError):
                folder = stack.enter_context(scratch("qs", Path(place).absolute() if place else None))
                if _holds_sockets(folder):
                    break
        else:
            raise OSError("no folder for its sockets can be written to; TMPDIR may name one, with at most 24 bytes")
        yield folder


def _holds_sockets(folder: Path) -> bool:
    """Whether the longest of Ray's sockets could be in a folder: its path is short enough, and its disk has sockets."""
    path = folder / ("s" * len(LONGEST))
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.bind(str(path))
        path.unlink()
    except OSError:
        return False
    return True


def _shared_memory(folder: Path) -> str:
    """The folder of shared memory."""
    shm = "/dev/shm"
    with contextlib.suppress(OSError):
        found = os.statvfs(shm)
        if os.access(shm, os.W_OK) and found.f_bavail * found.f_frsize > SHARED_BYTES:
            return shm
    return str(folder)


@contextlib.contextmanager
def started_from(neutral: Path) -> Iterator[None]:
    """This process in the folder of our packages, which Ray has its workers search before any other.

    Where packages are installed their workers find them, and the folder is `neutral`.
    """
    installed = ROOT.name in ("site-packages", "dist-packages")
    with contextlib.chdir(neutral if installed else ROOT):
        yield


@contextlib.contextmanager
def _environment(values: dict[str, str | None]) -> Iterator[None]:
    """Variables of the environment, for processes that are started inside the `with` block; None takes one away."""
    before = {name: os.environ.get(name) for name in values}

    def put(those: dict[str, str | None]) -> None:
        for name, value in those.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value

    put(values)
    try:
        yield
    finally:
        put(before)


@contextlib.contextmanager
def _loopback(constants: object) -> Iterator[None]:
    """Ray as on a desktop system, where it opens no port to other machines."""
    name = "ENABLE_RAY_CLUSTER"
    before = getattr(constants, name)
    setattr(constants, name, False)
    try:
        yield
    finally:
        setattr(constants, name, before)


def _end_all(folder: str) -> None:
    """End what is left of a Ray that did not start; psutil is Ray's own, found once Ray is imported."""
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if any(folder in word for word in process.cmdline()):
                process.kill()
