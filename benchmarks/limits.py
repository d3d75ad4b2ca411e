"""What a core can do at most, and what a day of the compiled model asks of it.

The compiler's own count of a program is set against what was measured of the machine: operations on numbers, and bytes
that its instructions read and write. Much of what they read is in a cache, so the bytes are more than memory sees.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from experiments.engines import device

CHAIN = 32
"""Multiplications and additions in a row on each number, as in a formula that the compiler has made one loop of."""

SMALL, LARGE = 2**12, 2**22
"""Numbers that fit into the nearest cache, and numbers (32 MiB) of which a core's own caches hold a small part."""

PASSES = 16
"""Times that all of the large array is read and written."""

REPEATS = 5


@dataclass(frozen=True)
class Limits:
    """Operations and bytes a second of one core, in 64-bit numbers."""

    operations: float
    bytes: float


@dataclass(frozen=True)
class Work:
    """What one trajectory-day asks for, by the compiler's count."""

    operations: float
    bytes: float

    def most(self, limits: Limits) -> dict[str, float]:
        """Trajectory-days a second if nothing but arithmetic, or nothing but the bytes, took time."""
        return {"by_arithmetic": limits.operations / self.operations, "by_bytes": limits.bytes / self.bytes}


def measure_limits() -> Limits:
    """What one core does in plain loops that JAX compiles, medians."""
    with device.ready() as jax:
        xp = jax.numpy

        def chain(x: Any, a: Any, b: Any) -> Any:
            for _ in range(CHAIN):
                x = x * a + b
            return x

        def chains(x: Any, a: Any, b: Any) -> Any:
            return jax.lax.fori_loop(0, LARGE // SMALL, lambda _, x: chain(x, a, b), x)

        def passes(x: Any, a: Any, b: Any) -> Any:
            return jax.lax.fori_loop(0, PASSES, lambda _, x: x * a + b, x)

        arithmetic = _seconds(jax, jax.jit(chains), xp.linspace(0.0, 1.0, SMALL))
        moving = _seconds(jax, jax.jit(passes), xp.linspace(0.0, 1.0, LARGE))
    return Limits(2.0 * CHAIN * LARGE / arithmetic, 2.0 * 8.0 * LARGE * PASSES / moving)


def work_of(program: Any, trajectories: int) -> Work:
    """The work of a trajectory-day of a compiled program, which counts a loop of unknown length once: a day."""
    cost = program.cost_analysis()
    return Work(cost["flops"] / trajectories, cost["bytes accessed"] / trajectories)


def _seconds(jax: Any, work: Callable[..., Any], x: Any) -> float:
    """The median time of a compiled function of an array and two numbers."""
    times = []
    for number in range(1 + REPEATS):
        start = time.perf_counter()
        jax.block_until_ready(work(x, 0.999, 1e-3))
        times += [time.perf_counter() - start] * (number > 0)
    return statistics.median(times)
