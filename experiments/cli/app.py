"""The application: every file of this package is imported, and the commands that they register make `quiver-sim`."""

from __future__ import annotations

import importlib
import pkgutil
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.command import COMMANDS, Command

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _commands() -> list[Command]:
    """The commands of all files, in the order of the help page."""
    for file in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if file.name != "__main__":
            importlib.import_module(f"experiments.cli.{file.name}")
    return sorted(COMMANDS, key=lambda found: found.order)


def _version(asked: bool) -> None:
    if asked:
        from experiments.storage.version import code_version

        typer.echo(f"quiver-sim {code_version()}")
        raise typer.Exit


for found in _commands():
    app.command(found.name, epilog=found.example, rich_help_panel=found.panel)(found.function)


@app.callback(
    no_args_is_help=True,
    epilog="Example: quiver-sim run whitepaper --days 365 --runs 100. "
    "Exit codes: 0 done, 1 the work failed or a check did not hold, 2 the request was wrong.",
)
def _quiver_sim(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the release and the code's digest."),
    ] = False,
) -> None:
    """Simulate the QUIVer token economy: run a scenario, sweep an experiment, publish its results."""
