"""`quiver-sim sweep`: an experiment's every setting, into a store."""

from __future__ import annotations

import shlex
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.output import (
    Debug,
    Json,
    answered,
    check_engine,
    check_out,
    document,
    progress,
    quiet_stdout,
    say,
    table,
)
from experiments.errors import RequestError, counted
from experiments.words import duration, size

if TYPE_CHECKING:
    from experiments.inputs.experiment import Experiment

DEFAULT_OUT = "results"


def sweep(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="An experiment file, or a name such as demo.")
    ],
    out: Annotated[
        str | None, typer.Option(metavar="DIR", help="Folder or fsspec address for the store; results if left out.")
    ] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; 0 stays in this one.")] = None,
    address: Annotated[
        str | None, typer.Option(metavar="A", help="A Ray cluster (auto, HOST:PORT) whose nodes share the folder.")
    ] = None,
    max_failures: Annotated[
        int | None,
        typer.Option(metavar="N", help="Failed trajectories to go on with; 20, or 1 % if more, if left out."),
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="ENGINE", help="ensemble, jax, or auto: jax where it takes less time.")
    ] = "auto",
    fresh: Annotated[bool, typer.Option("--fresh", help="Start again, even where a part is done.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say how large it is, and what time and disk it will take.")
    ] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run an experiment into a store of its own; what is there already is not run again."""
    again = "the same command without --fresh" if fresh else "the same command"
    with answered(debug, stopped=f"; {again} goes on where it stopped"):
        if workers is not None and workers < 0:
            raise RequestError(f"--workers: found {workers}; allowed: a whole number from 0")
        if max_failures is not None and max_failures < 0:
            raise RequestError(f"--max-failures: found {max_failures}; allowed: a whole number from 0")
        from experiments.inputs.experiment import load_experiment
        from experiments.sweeps.planning import SWEEPING, engine_for

        check_engine(engine, SWEEPING)
        check_out(out or DEFAULT_OUT)
        asked = load_experiment(experiment)
        used = engine_for(asked, workers) if engine == "auto" else engine
        points = len(asked.points())
        say(f"{_announced(asked, points)}, engine {used}")
        if dry_run:
            _estimate(asked, workers, used, as_json)
            return
        if not fresh:
            _say_what_is_there(asked, used, out)
        from experiments.api import sweep as run_experiment

        with quiet_stdout(), progress("trajectories") as report:
            store = run_experiment(
                asked,
                out=out,
                workers=workers,
                address=address,
                fresh=fresh,
                max_failures=max_failures,
                engine=used,
                progress=report,
                tell=say,
            )
        manifest = _manifest(store)
        failures = manifest["counts"]["failures"]
        if as_json:
            done = {"store": str(store), "name": asked.name, "hash": manifest["hash"], "settings": points}
            done |= {"engine": used, "devices": manifest["devices"]}
            done |= {"runs": manifest["runs"], "days": asked.days, "seed": asked.seed, "failures": failures}
            document(done | {"stopping": manifest["stopping"]})
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


def _announced(asked: Experiment, points: int) -> str:
    most = "at most " if asked.stopping else ""
    length = f"{most}{counted(asked.runs, 'run')} each, {counted(asked.days, 'day')}"
    return f"{asked.title}\n{counted(points, 'setting')}, {length}, seed {asked.seed}"


def _say_what_is_there(asked: Experiment, engine: str, out: str | None) -> None:
    from experiments.sweeps.planning import plan_of
    from experiments.sweeps.run import done_so_far

    plan = plan_of(asked, engine)
    done = done_so_far(plan, out)
    if done is None:
        say("finished already; --fresh runs it again")
    elif done:
        say(f"{done} of {len(plan.points) * plan.runs} trajectories there already")


def _manifest(store: Path | str) -> dict[str, Any]:
    from experiments.sweeps.results import load

    return load(store).manifest


def _estimate(asked: Experiment, workers: int | None, engine: str, as_json: bool) -> None:
    """What the sweep will take, measured; nothing is written to a store."""
    from experiments.sweeps.pilot import estimate_cost
    from experiments.sweeps.planning import plan_of

    with quiet_stdout():
        plan = plan_of(asked, engine)
        found = estimate_cost(plan, workers)
    if as_json:
        sizes = {"trajectories": found.trajectories, "trajectory_days": found.trajectory_days}
        document({"name": asked.name, "hash": plan.digest, "engine": engine} | asdict(found) | sizes)
        return
    most = "at most " if asked.stopping else ""
    table(
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
