"""`quiver-sim status`: progress, rate and failures of a sweep."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from experiments.cli.command import SWEEP, command
from experiments.cli.options import AnyStore, Debug, Json, check_folder
from experiments.cli.output import answered, print_json, print_table, say
from experiments.words import duration

SHOWN = 5
"""Failures that are listed."""


@command("status", SWEEP, 2, example="results/demo-1f3a9c")
def status_command(
    store: AnyStore,
    verify: Annotated[
        bool, typer.Option("--verify", help="Also verify the checksum of every file of a finished store.")
    ] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Print the progress, rate and failures of a sweep, and whether it is running, stopped or finished."""
    with answered(debug):
        check_folder(store)
        from experiments.storage.folder import Folder
        from experiments.sweeps.results import load
        from experiments.sweeps.status import failed_trajectories, sweep_status

        folder = Folder.at(store)
        found = sweep_status(folder)
        failures = failed_trajectories(folder)
        damaged = load(store).verify() if verify and found.state == "finished" else []
        if as_json:
            listed = [{"design": design, "run": run, "error": error} for design, run, error in failures]
            print_json({"store": store} | asdict(found) | {"failed": listed, "damaged": damaged if verify else None})
        else:
            rows = [("state", found.state), ("done", f"{found.done:,} of {found.total:,} trajectories")]
            rows += [("failed", f"{found.failures:,}")]
            if found.rate:
                rows += [("rate", f"{found.rate:.3g} trajectories a second with {found.workers or 1} at work")]
            if found.eta is not None:
                rows += [("time left", f"about {duration(found.eta)}")]
            if found.holder:
                rows += [("worked on by", f"process {found.holder.get('pid')} on {found.holder.get('host')}")]
            if verify and found.state == "finished":
                rows += [("damaged", ", ".join(damaged) or "nothing")]
            print_table(("what", "how much"), rows)
            for design, run, error in failures[:SHOWN]:
                say(f"design point {design}, run {run}: {error}")
            if len(failures) > SHOWN:
                say(f"and {len(failures) - SHOWN} more")
            if found.state == "stopped":
                say("the same quiver-sim sweep again resumes it")
        if damaged:
            say(f"error: {store}: {', '.join(damaged)} damaged or missing; the same quiver-sim sweep makes them again")
            raise typer.Exit(1)
