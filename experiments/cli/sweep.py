"""`quiver-sim sweep`: an experiment's every setting, into a store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.output import Debug, Json, answered, document, progress, quiet_stdout, say
from experiments.errors import RequestError


def sweep(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="An experiment file, or a name such as demo.")
    ],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the store; results if left out.")] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; 0 stays in this one.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start again, even where a part is done.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Run an experiment into a store of its own; what is there already is not run again."""
    with answered(debug):
        if workers is not None and workers < 0:
            raise RequestError(f"--workers: found {workers}; allowed: a whole number from 0")
        if out is not None and out.is_file():
            raise RequestError(f"--out: found the file {out}; allowed: a folder, which is made if it is missing")
        from experiments.experiment import load_experiment

        asked = load_experiment(experiment)
        points = len(asked.points())
        say(f"{asked.title}\n{points} settings, {asked.runs} runs each, {asked.days} days, seed {asked.seed}")
        from experiments.api import sweep as run_experiment

        with quiet_stdout(), progress("trajectories") as report:
            store = run_experiment(asked, out=out, workers=workers, fresh=fresh, progress=report)
        if as_json:
            done = {"store": str(store), "name": asked.name, "hash": asked.digest(), "settings": points}
            document(done | {"runs": asked.runs, "days": asked.days, "seed": asked.seed, "failures": _failures(store)})
        else:
            typer.echo(str(store))
        if failures := _failures(store):
            say(f"{failures} trajectories failed; {store / 'failures.parquet'} has their parameters and tracebacks")
            raise typer.Exit(1)
        say(f"next: quiver-sim publish {store}")


def _failures(store: Path) -> int:
    from experiments.store import load

    return int(load(store).manifest.get("counts", {}).get("failures", 0))
