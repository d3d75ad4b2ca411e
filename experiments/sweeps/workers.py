"""Who does the work: this process, or Ray's workers, of which a lost one's task is tried again.

Only two tasks for each worker are in flight, so that neither tasks nor results pile up in the driver. Where Ray does
not start on this machine, this process does the work.
"""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from experiments.errors import RequestError, StoppedError, first_line
from experiments.storage.lock import nothing
from experiments.storage.scratch import scratch
from experiments.sweeps.local_ray import NoRayError, local_ray, started_from

RETRIES = 3
"""Times that a task is given to another worker when its own is lost."""

IN_FLIGHT = 2
"""Tasks given out for each worker: one that it does and one that waits for it."""


_refused: list[str] = []
"""Why Ray did not start in this process, which then does not try it again."""


def cores() -> int:
    """Cores that this process may use: by its affinity, and by the quota of its control group."""
    from joblib import cpu_count

    return int(cpu_count())


@dataclass(frozen=True)
class Workers:
    """Workers that do tasks, `count` of them; 0 is this process alone."""

    count: int
    begun: list[Generator[Any]] = field(default_factory=list)

    def each(self, function: Callable[..., Any], items: Iterable[Any], *shared: Any) -> Iterator[Any]:
        """`function(*shared, item)` of each item, as they are done."""
        if not self.count:
            return (function(*shared, item) for item in items)
        self.begun.append(self._by_ray(function, items, shared))
        return self.begun[-1]

    def stop(self) -> None:
        """Take back what is in flight, while Ray is still there: asked later, it would start again."""
        for one in self.begun:
            one.close()

    def _by_ray(self, function: Callable[..., Any], items: Iterable[Any], shared: tuple[Any, ...]) -> Generator[Any]:
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
            f"a task lost its worker {RETRIES + 1} times ({type(error).__name__}: {first_line(error)}); "
            "the same command goes on where it stopped"
        ) from error


@contextlib.contextmanager
def open_workers(workers: int, address: str | None = None, tell: Callable[[str], None] = nothing) -> Iterator[Workers]:
    """Workers for as long as the block lasts: of the cluster at an address, or local ones; `workers` 0 is this process.

    Ray is shut down at the end, unless it was running before. `tell` is told where it does not start, and this process
    does the work.
    """
    with contextlib.ExitStack() as stack:
        if address:
            stack.enter_context(_cluster(address))
            workers = workers or _cluster_cores()
        elif workers and not _running():
            workers = _own(workers, stack, tell)
        those = Workers(workers)
        stack.callback(those.stop)
        yield those


def _own(workers: int, stack: contextlib.ExitStack, tell: Callable[[str], None]) -> int:
    """Start Ray until the stack ends; the workers that there are then, 0 where it does not start."""
    if _refused:
        return 0
    try:
        stack.enter_context(local_ray(workers))
    except NoRayError as error:
        _refused.append(str(error))
        tell(f"{error}: running in this process")
        return 0
    return workers


def _running() -> bool:
    """Whether somebody has started Ray in this process already."""
    try:
        import ray
    except ImportError:
        return False
    return bool(ray.is_initialized())


def _cluster_cores() -> int:
    import ray

    resources: Callable[[], dict[str, float]] = ray.cluster_resources
    return max(1, int(resources().get("CPU", 1)))


@contextlib.contextmanager
def _cluster(address: str) -> Iterator[None]:
    """The Ray cluster at an address, unless this process is in one already; RequestError where none answers."""
    _answers(address)
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    import ray

    if ray.is_initialized():
        yield
        return
    with scratch("qs") as neutral:
        try:
            with started_from(neutral):
                ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR)
        except (ConnectionError, ValueError, RuntimeError) as error:
            raise RequestError(f"--address: no Ray cluster answers at {address} ({first_line(error)})") from None
        try:
            yield
        finally:
            ray.shutdown()


def _answers(address: str) -> None:
    """Refuse HOST:PORT where nobody listens, which Ray would try to reach for minutes."""
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or "//" in host:
        return
    try:
        socket.create_connection((host, int(port)), timeout=5.0).close()
    except (OSError, OverflowError) as error:
        raise RequestError(f"--address: no Ray cluster answers at {address} ({first_line(error)})") from None
