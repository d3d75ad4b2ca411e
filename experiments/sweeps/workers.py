"""Who does the work: this process, or Ray's workers, of which a lost one's task is tried again.

Only two tasks for each worker are in flight, so that neither tasks nor results pile up in the driver.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from experiments.errors import RequestError, StoppedError

RETRIES = 3
"""Times that a task is given to another worker when its own is lost."""

IN_FLIGHT = 2
"""Tasks given out for each worker: one that it does and one that waits for it."""


@dataclass(frozen=True)
class Workers:
    """Workers that do tasks, `count` of them; 0 is this process alone."""

    count: int

    def each(self, function: Callable[..., Any], items: Iterable[Any], *shared: Any) -> Iterator[Any]:
        """`function(*shared, item)` of each item, as they are done."""
        if not self.count:
            return (function(*shared, item) for item in items)
        return self._by_ray(function, items, shared)

    def _by_ray(self, function: Callable[..., Any], items: Iterable[Any], shared: tuple[Any, ...]) -> Iterator[Any]:
        import ray

        task = ray.remote(num_cpus=1, max_retries=RETRIES)(function)
        held = [ray.put(thing) for thing in shared]
        flying: list[Any] = []
        try:
            for item in items:
                if len(flying) >= IN_FLIGHT * self.count:
                    result, flying = _landed(flying)
                    yield result
                flying.append(task.remote(*held, item))
            while flying:
                result, flying = _landed(flying)
                yield result
        finally:
            for one in flying:
                ray.cancel(one)


def _landed(flying: list[Any]) -> tuple[Any, list[Any]]:
    """The result of a task that is done, and those still in flight."""
    import ray

    (ready,), left = ray.wait(flying, num_returns=1)
    try:
        return ray.get(ready), left
    except ray.exceptions.RayTaskError as error:
        raise error.cause from None
    except ray.exceptions.RayError as error:
        raise StoppedError(
            f"a task lost its worker {RETRIES + 1} times ({type(error).__name__}: {_first(error)}); "
            "the same command goes on where it stopped"
        ) from error


@contextlib.contextmanager
def open_workers(workers: int, address: str | None = None) -> Iterator[Workers]:
    """Workers for as long as the block lasts: of the cluster at an address, or local ones; `workers` 0 is this process.

    Ray is shut down at the end, unless it was running before.
    """
    if not workers and not address:
        yield Workers(0)
        return
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    _answers(address)
    started = not ray.is_initialized()
    if started:
        quiet: Any = {"log_to_driver": False, "logging_level": logging.ERROR}
        try:
            if address:
                ray.init(address=address, **quiet)
            else:
                ray.init(address="local", num_cpus=workers, include_dashboard=False, **quiet)
        except (ConnectionError, ValueError, RuntimeError) as error:
            if not address:
                raise StoppedError(f"Ray does not start on this machine: {error}") from error
            raise RequestError(f"--address: no Ray cluster answers at {address} ({_first(error)})") from None
    try:
        resources: Callable[[], dict[str, float]] = ray.cluster_resources
        yield Workers(workers or max(1, int(resources().get("CPU", 1))))
    finally:
        if started:
            ray.shutdown()


def _answers(address: str | None) -> None:
    """Refuse HOST:PORT where nobody listens, which Ray would try to reach for minutes."""
    host, colon, port = (address or "").rpartition(":")
    if not colon or not port.isdecimal() or "//" in host:
        return
    try:
        socket.create_connection((host, int(port)), timeout=5.0).close()
    except (OSError, OverflowError) as error:
        raise RequestError(f"--address: no Ray cluster answers at {address} ({_first(error)})") from None


def _first(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
