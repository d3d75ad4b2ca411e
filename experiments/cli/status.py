"""`quiver-sim status`: progress, rate and failures of a sweep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.command import SWEEP, command
from experiments.cli.options import AnyStore, Debug, Json, check_folder
from experiments.cli.output import answered, print_json, print_table, say
from experiments.words import duration

if TYPE_CHECKING:
    from experiments.sweeps.status import SweepStatus

SHOWN = 5
"""Failures that are listed."""


@command("status", SWEEP, 2, example="results/demo-1f3a9c")
def status_command(
    store: AnyStore,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Also check every file: its checksum, and that it holds what the store says."),
    ] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Print the progress, rate and failures of a sweep, and whether it is running, stopped or finished."""
    with answered(debug):
        check_folder(store)
        from experiments.storage.folder import Folder
        from experiments.sweeps.status import FAILURES, damaged_files, failed_trajectories, sweep_status

        folder = Folder.at(store)
        found = sweep_status(folder)
        damaged = damaged_files(folder) if verify else {}
        failures = failed_trajectories(folder) if FAILURES not in damaged else []
        if as_json:
            listed = [{"design": design, "run": run, "error": error} for design, run, error in failures]
            files = list(damaged) if verify else None
            print_json({"store": store} | asdict(found) | {"failed": listed, "damaged": files})
        else:
            checked = [("damaged", ", ".join(damaged) or "nothing")] if verify else []
            print_table(("what", "how much"), [*_rows(found), *checked])
            _say_more(found, failures)
        if damaged:
            for name, fault in damaged.items():
                say(f"error: {store}: {name} {fault}")
            say("the same quiver-sim sweep makes what is damaged again")
            raise typer.Exit(1)


def _rows(found: SweepStatus) -> list[tuple[str, str]]:
    rows = [("state", found.state), ("done", f"{found.done:,} of {found.total:,} trajectories")]
    rows += [("failed", f"{found.failures:,}")]
    if found.rate:
        rows += [("rate", f"{found.rate:.3g} trajectories a second with {found.workers or 1} at work")]
    if found.eta is not None:
        rows += [("time left", f"about {duration(found.eta)}")]
    if found.holder:
        rows += [("worked on by", f"process {found.holder.get('pid')} on {found.holder.get('host')}")]
    return rows


def _say_more(found: SweepStatus, failures: Sequence[tuple[int, int, str]]) -> None:
    """The first failures, and how to go on."""
    for design, run, error in failures[:SHOWN]:
        say(f"design point {design}, run {run}: {error}")
    if len(failures) > SHOWN:
        say(f"and {len(failures) - SHOWN} more")
    if found.state == "stopped":
        say("the same quiver-sim sweep again resumes it")
