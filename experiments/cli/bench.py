"""`quiver-sim bench`: speed of the engines, of a sweep by number of workers, or of JAX by size."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType
from typing import Annotated

import typer

from experiments.cli.command import SIMULATE, command
from experiments.cli.options import Debug, Json, check_engine
from experiments.cli.output import answered, say
from experiments.errors import RequestError


@command("bench", SIMULATE, 4)
def bench_command(
    days: Annotated[int, typer.Option(metavar="N", help="Days of each trajectory.")] = 60,
    rounds: Annotated[int, typer.Option(metavar="N", help="Rounds to take the median of.")] = 5,
    sweep: Annotated[
        bool, typer.Option("--sweep", help="Time a sweep in this process, with one worker and with two.")
    ] = False,
    scaling: Annotated[
        bool, typer.Option("--scaling", help="Measure time and memory of jax by trajectories, providers and days.")
    ] = False,
    without_jax: Annotated[
        bool, typer.Option("--without-jax", help="Leave out jax, which compiles for a minute first.")
    ] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Time the engines on the same work, a sweep, or JAX by size; needs a checkout of the source."""
    with answered(debug):
        for name, value in (("--days", days), ("--rounds", rounds)):
            if value < 1:
                raise RequestError(f"{name}: found {value}; allowed: a whole number from 1")
        if scaling:
            check_engine("jax", ("jax",))
            _benchmark("scaling").main(as_json)
            return
        options = {"jax": False} if without_jax and not sweep else {}
        if not _benchmark("sweep" if sweep else "engines").main(as_json, days, rounds, **options):
            say(f"error: the {'stores' if sweep else 'engines'} disagree")
            raise typer.Exit(1)


def _benchmark(name: str) -> ModuleType:
    """The benchmarks, which lie beside the packages in a checkout and are not installed with them."""
    checkout = Path(__file__).resolve().parents[2]
    if not (checkout / "benchmarks" / f"{name}.py").is_file():
        raise RequestError(
            "the benchmarks are not part of the installed package; install a checkout of the source with pip install -e"
        )
    if str(checkout) not in sys.path:
        sys.path.append(str(checkout))
    return importlib.import_module(f"benchmarks.{name}")
