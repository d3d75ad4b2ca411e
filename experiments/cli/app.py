"""The commands, each in its own file."""

from __future__ import annotations

from typing import Annotated

import typer

from experiments.cli import (
    attack,
    bench,
    calldata,
    check,
    explore,
    listing,
    propose,
    publish,
    readiness,
    replay,
    report,
    retry,
    run,
    sensitivity,
    snapshot,
    status,
    sweep,
    tune,
    verify,
)

EXAMPLE = "Example: quiver-sim run whitepaper --days 365 --runs 100"

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        from experiments.storage.version import code_version

        typer.echo(f"quiver-sim {code_version()}")
        raise typer.Exit


@app.callback(
    no_args_is_help=True,
    epilog=f"{EXAMPLE}. Exit codes: 0 done, 1 the work failed or a check did not hold, 2 the request was wrong.",
)
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the release and the code's digest."),
    ] = False,
) -> None:
    """Simulate the QUIVer token economy: run a scenario, sweep an experiment, publish its results."""


app.command(epilog=EXAMPLE)(run.run)
app.command(epilog="Example: quiver-sim attack attack_wash_trading")(attack.attack)
app.command(epilog="Example: quiver-sim sweep demo --out results")(sweep.sweep)
app.command(epilog="Example: quiver-sim status results/demo-1f3a9c")(status.status)
app.command(epilog="Example: quiver-sim retry results/demo-1f3a9c")(retry.retry)
app.command(epilog="Example: quiver-sim replay results/demo-1f3a9c --design 0 --run 3")(replay.replay)
app.command(epilog="Example: quiver-sim sensitivity demo --method morris --trajectories 10")(sensitivity.sensitivity)
app.command(epilog="Example: quiver-sim tune my-question.yaml --trials 64 --runs 40")(tune.tune)
app.command(epilog="Example: quiver-sim report results/demo-1f3a9c")(report.report)
app.command(epilog="Example: quiver-sim propose burn_share --out burn-share --date 2027-01-15")(propose.propose)
app.command(epilog="Example: quiver-sim verify burn-share --sample 20 --date 2027-02-01")(verify.verify)
app.command(epilog="Example: quiver-sim publish results/demo-1f3a9c --out site")(publish.publish)
app.command(epilog="Example: quiver-sim explore results --port 0")(explore.explore)
app.command(epilog="Example: quiver-sim check --only T5 --only conservation")(check.check)
app.command(epilog="Example: quiver-sim snapshot state.json")(snapshot.snapshot)
app.command(epilog="Example: quiver-sim calldata changes.yaml --targets targets.yaml")(calldata.calldata)
app.command(epilog="Example: quiver-sim presets")(listing.presets)
app.command(epilog="Example: quiver-sim scenarios --json")(listing.scenarios)
app.command(epilog="Example: quiver-sim experiments")(listing.experiments)
app.command(epilog="Example: quiver-sim params --contract fees")(listing.params)
app.command(epilog="Example: quiver-sim metrics")(listing.metrics)
app.command(epilog="Example: quiver-sim shocks")(listing.shocks)
app.command(epilog="Example: quiver-sim readiness --json")(readiness.readiness)
app.command(epilog="Example: quiver-sim bench")(bench.bench)
