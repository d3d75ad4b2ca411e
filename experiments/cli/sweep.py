"""`quiver-sim sweep`: every setting of an experiment, simulated into a store."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import SWEEP, command
from experiments.cli.options import (
    DEFAULT_OUT,
    Debug,
    ExperimentFile,
    Fresh,
    Json,
    MaxFailures,
    Workers,
    check_engine,
    check_out,
    check_simulation,
)
from experiments.cli.output import answered, print_json, print_table, progress, quiet_stdout, resume_hint, say
from experiments.words import counted, duration, size

if TYPE_CHECKING:
    from experiments.inputs.experiment import Experiment


@command("sweep", SWEEP, 1, example="demo --out results")
def sweep_command(
    experiment: ExperimentFile,
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder or fsspec address for the store (default: results).")
    ] = None,
    workers: Workers = None,
    address: Annotated[
        str | None, typer.Option(metavar="A", help="A Ray cluster (auto, HOST:PORT) whose nodes share the folder.")
    ] = None,
    max_failures: MaxFailures = None,
    engine: Annotated[
        str, typer.Option(metavar="ENGINE", help="ensemble, jax, or auto: jax where it takes less time.")
    ] = "auto",
    fresh: Fresh = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print the size of the sweep and the time and disk it needs.")
    ] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run every setting of an experiment into a store; an interrupted sweep resumes where it stopped."""
    with answered(debug, stopped=resume_hint(fresh)):
        check_simulation(workers=workers, max_failures=max_failures)
        from experiments.inputs.experiment import load_experiment
        from experiments.sweeps.planning import SWEEPING, engine_for

        check_engine(engine, SWEEPING)
        check_out(out or DEFAULT_OUT)
        read = load_experiment(experiment)
        used = engine_for(read, workers) if engine == "auto" else engine
        say(f"{_announced(read)}, engine {used}")
        if dry_run:
            _estimate(read, workers, used, as_json)
            return
        if not fresh:
            _say_what_is_there(read, used, out)
        from experiments.api import sweep

        with quiet_stdout(), progress() as report:
            store = sweep(
                read,
                out=out,
                workers=workers,
                address=address,
                fresh=fresh,
                max_failures=max_failures,
                engine=used,
                progress=report,
                tell=say,
            )
        _print(store, read, used, as_json)


def _announced(read: Experiment) -> str:
    most = "at most " if read.stopping else ""
    length = f"{most}{counted(read.runs, 'run')} each, {counted(read.days, 'day')}"
    return f"{read.title}\n{counted(len(read.points()), 'setting')}, {length}, seed {read.seed}"


def _say_what_is_there(read: Experiment, engine: str, out: str | None) -> None:
    from experiments.sweeps.planning import plan_of
    from experiments.sweeps.run import done_so_far

    plan = plan_of(read, engine)
    done = done_so_far(plan, out)
    if done is None:
        say("finished already; --fresh runs it again")
    elif done:
        say(f"{done} of {len(plan.points) * plan.runs} trajectories there already")


def _print(store: Path | str, read: Experiment, engine: str, as_json: bool) -> None:
    """The finished store, and what is next; exit code 1 where trajectories failed."""
    from experiments.sweeps.results import load

    manifest: dict[str, Any] = load(store).manifest
    failures = manifest["counts"]["failures"]
    if as_json:
        done = {"store": str(store), "name": read.name, "hash": manifest["hash"], "settings": len(read.points())}
        done |= {"engine": engine, "devices": manifest["devices"]}
        done |= {"runs": manifest["runs"], "days": read.days, "seed": read.seed, "failures": failures}
        print_json(done | {"stopping": manifest["stopping"]})
    else:
        typer.echo(str(store))
    if manifest["stopping"]:
        say(f"stopped after {counted(manifest['runs'], 'run')} of each setting; {manifest['stopping']['why']}")
    if failures:
        failed = "1 trajectory" if failures == 1 else f"{failures} trajectories"
        where = f"failures.parquet in {store} has the parameters and the traceback of each"
        say(f"{failed} failed; {where}; quiver-sim retry runs them again")
        raise typer.Exit(1)
    say(f"next: quiver-sim publish {shlex.quote(str(store))}")


def _estimate(read: Experiment, workers: int | None, engine: str, as_json: bool) -> None:
    """Size, time and disk of the sweep, from a measured pilot; nothing is written to a store."""
    from experiments.sweeps.pilot import estimate_cost
    from experiments.sweeps.planning import plan_of

    with quiet_stdout():
        plan = plan_of(read, engine)
        found = estimate_cost(plan, workers)
    if as_json:
        sizes = {"trajectories": found.trajectories, "trajectory_days": found.trajectory_days}
        print_json({"name": read.name, "hash": plan.digest, "engine": engine} | asdict(found) | sizes)
        return
    most = "at most " if read.stopping else ""
    print_table(
        ("what", "how much"),
        [
            ("design points", f"{found.points:,}, today's among them"),
            ("runs of each", f"{most}{found.runs:,}"),
            ("trajectories", f"{most}{found.trajectories:,}"),
            ("trajectory-days", f"{most}{found.trajectory_days:,}"),
            ("time", f"{most}about {duration(found.seconds)} with {_workers(found.workers)}"),
            ("disk", f"{most}about {size(found.bytes)} (keep: {found.keep})"),
        ],
    )
    measured = f"{counted(found.pilot_runs, 'run')} of {counted(found.pilot_days, 'day')}"
    say(f"measured on {counted(len(found.pilot_points), 'setting')}, {measured} each; no store was written")
    if engine == "jax":
        say("measured by the ensemble; the engine jax takes less, once it has compiled")


def _workers(count: int) -> str:
    return counted(count, "worker") if count else "this process alone"
