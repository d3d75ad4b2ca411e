"""`quiver-sim retry`: the failed trajectories of a sweep, run again."""

from __future__ import annotations

import typer

from experiments.cli.command import SWEEP, command
from experiments.cli.options import AnyStore, Debug, Json, MaxFailures, Workers, check_folder, check_simulation
from experiments.cli.output import answered, print_json, progress, quiet_stdout, resume_hint, say


@command("retry", SWEEP, 3, example="results/demo-1f3a9c")
def retry_command(
    store: AnyStore,
    workers: Workers = None,
    max_failures: MaxFailures = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run the failed and missing trajectories of a sweep again; needs the same code, not the experiment's file."""
    with answered(debug, stopped=resume_hint()):
        check_simulation(workers=workers, max_failures=max_failures)
        check_folder(store)
        from experiments.sweeps.results import load
        from experiments.sweeps.run import retry_failed as again

        with quiet_stdout(), progress() as report:
            failed = again(store, workers, report, max_failures=max_failures, tell=say)
        left = load(store).manifest["counts"]["failures"]
        if as_json:
            print_json({"store": store, "failed_before": failed, "failed_now": left})
        else:
            typer.echo(f"{failed} had failed, {left} failed now")
        if left:
            say("quiver-sim replay shows where one fails")
            raise typer.Exit(1)
