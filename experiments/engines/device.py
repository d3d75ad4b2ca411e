"""What the compiled engine runs on: JAX with 64-bit numbers, and how many trajectories a device takes at once."""

from __future__ import annotations

import importlib
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import util
from pathlib import Path
from typing import Any

from experiments.errors import RequestError

BATCH = 32
"""Trajectories at once on a processor: their state stays in its cache."""

ACCELERATED = 256
"""The same on an accelerator: all of a sweep's chunk."""

FLAGS = "--xla_cpu_multi_thread_eigen=false --xla_cpu_prefer_vector_width=512"
"""One core a process, as sweeps have a process a core; wide vectors where the processor has them."""


def installed() -> bool:
    """Whether JAX is there, without importing it."""
    return util.find_spec("jax") is not None


def require_jax() -> None:
    """RequestError where JAX is not installed."""
    if not installed():
        raise RequestError("the engine jax needs JAX, which is not installed; pip install 'quiver-sim[jax]'")


@contextmanager
def ready() -> Iterator[Any]:
    """JAX with 64-bit numbers, inside the `with` block only; RequestError where it is not installed."""
    require_jax()
    os.environ.setdefault("XLA_FLAGS", FLAGS)
    os.environ.setdefault("NPROC", "1")
    jax = importlib.import_module("jax")
    kept = programs()
    jax.config.update("jax_compilation_cache_dir", str(kept) if kept else None)
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 5.0)
    with importlib.import_module("jax.experimental").enable_x64():
        yield jax


def programs() -> Path | None:
    """Where compiled programs are kept between processes; None where the user has no home."""
    place = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    return place / "quiver-sim" / "jax" if place.is_absolute() else None


def batch(jax: Any) -> int:
    """Trajectories that a program takes at once."""
    return BATCH if jax.default_backend() == "cpu" else ACCELERATED


@cache
def hardware(engine: str) -> str:
    """What an engine runs on, by kind and name, such as `cpu: Intel(R) Xeon(R) Processor`."""
    if engine == "jax":
        with ready() as jax:
            first = jax.devices()[0]
            if first.platform != "cpu":
                return f"{first.platform}: {first.device_kind}"
    return f"cpu: {_processor()}"


def _processor() -> str:
    """The processor's name as the system has it."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
