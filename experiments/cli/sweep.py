"""`quiver-sim sweep`: an experiment's every setting, into a store."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.output import Debug, Json, answered, check_out, document, progress, quiet_stdout, say
from experiments.errors import RequestError, counted

if TYPE_CHECKING:
    from experiments.experiment import Experiment

DEFAULT_OUT = Path("results")


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
    again = "the same command without --fresh" if fresh else "the same command"
    with answered(debug, stopped=f"; {again} goes on where it stopped"):
        if workers is not None and workers < 0:
            raise RequestError(f"--workers: found {workers}; allowed: a whole number from 0")
        check_out(out or DEFAULT_OUT)
        from experiments.experiment import load_experiment

        asked = load_experiment(experiment)
        points = len(asked.points())
        say(_announced(asked, points))
        if not fresh:
            _say_what_is_there(asked, points, out)
        from experiments.api import sweep as run_experiment

        with quiet_stdout(), progress("trajectories") as report:
            store = run_experiment(asked, out=out, workers=workers, fresh=fresh, progress=report)
        if as_json:
            done = {"store": str(store), "name": asked.name, "hash": asked.digest(), "settings": points}
            document(done | {"runs": asked.runs, "days": asked.days, "seed": asked.seed, "failures": _failures(store)})
        else:
            typer.echo(str(store))
        if failures := _failures(store):
            failed = "1 trajectory" if failures == 1 else f"{failures} trajectories"
            say(f"{failed} failed; {store / 'failures.parquet'} has the parameters and the traceback of each")
            raise typer.Exit(1)
        say(f"next: quiver-sim publish {shlex.quote(str(store))}")


def _announced(asked: Experiment, points: int) -> str:
    size = f"{counted(points, 'setting')}, {counted(asked.runs, 'run')} each, {counted(asked.days, 'day')}"
    return f"{asked.title}\n{size}, seed {asked.seed}"


def _say_what_is_there(asked: Experiment, points: int, out: Path | None) -> None:
    from experiments.api import plan_of
    from experiments.fanout import done_points

    done = done_points(plan_of(asked), out)
    if done is None:
        say("finished already; --fresh runs it again")
    elif done:
        say(f"{done} of {counted(points, 'setting')} {'is' if done == 1 else 'are'} there already")


def _failures(store: Path) -> int:
    from experiments.store import load

    return int(load(store).manifest.get("counts", {}).get("failures", 0))
