"""`quiver-sim retry`: the failed trajectories of a sweep again."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli.output import Debug, Json, answered, document, progress, quiet_stdout, say
from experiments.errors import RequestError


def retry(
    store: Annotated[str, typer.Argument(metavar="DIR", help="The store of a sweep, finished or not.")],
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; 0 stays in this one.")] = None,
    max_failures: Annotated[
        int | None,
        typer.Option(metavar="N", help="Failed trajectories to go on with; 20, or 1 % if more, if left out."),
    ] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run a sweep's failed trajectories again, and what else it lacks; needs the code that began it, not its files."""
    with answered(debug, stopped="; the same command goes on where it stopped"):
        for option, value in (("--workers", workers), ("--max-failures", max_failures)):
            if value is not None and value < 0:
                raise RequestError(f"{option}: found {value}; allowed: a whole number from 0")
        from experiments.sweeps.results import load
        from experiments.sweeps.run import retry_failed as again

        with quiet_stdout(), progress("trajectories") as report:
            failed = again(store, workers, report, max_failures=max_failures, tell=say)
        left = load(store).manifest["counts"]["failures"]
        if as_json:
            document({"store": store, "failed_before": failed, "failed_now": left})
        else:
            typer.echo(f"{failed} had failed, {left} failed now")
        if left:
            say("quiver-sim replay shows where one fails")
            raise typer.Exit(1)
