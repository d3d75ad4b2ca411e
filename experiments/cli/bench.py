"""`quiver-sim bench`: the engines side by side on the same work."""

from __future__ import annotations

import importlib

import typer

from experiments.cli.output import Debug, Json, answered, say
from experiments.errors import RequestError


def bench(as_json: Json = False, debug: Debug = False) -> None:
    """Time the engines on the same work; needs a checkout of the source."""
    with answered(debug):
        try:
            engines = importlib.import_module("benchmarks.engines")
        except ModuleNotFoundError as error:
            if not str(error.name).startswith("benchmarks"):
                raise
            raise RequestError(
                "the benchmarks are not part of the installed package; run quiver-sim bench in a checkout of the source"
            ) from None
        if not engines.main(as_json):
            say("error: the engines disagree")
            raise typer.Exit(1)
