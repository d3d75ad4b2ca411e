"""`quiver-sim tune`: which settings meet an experiment's goals, and the least change that does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.output import (
    Debug,
    Json,
    answered,
    check_choice,
    check_numbers,
    check_out,
    document,
    progress,
    quiet_stdout,
    say,
    table,
)
from experiments.errors import counted

if TYPE_CHECKING:
    from experiments.analysis.search import Question
    from experiments.analysis.tune import Tuning
    from experiments.inputs.experiment import Experiment

DEFAULT_OUT = Path("results")
MOST_TRIALS = 100_000
FRESH = 1_000_003
"""How far the seed of the validation lies from that of the search, so that no trajectory is shared."""


def tune(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="An experiment file, or a name such as demo.")
    ],
    trials: Annotated[int, typer.Option(metavar="N", help="Settings to try.")] = 64,
    runs: Annotated[int | None, typer.Option(metavar="N", help="Trajectories of each; the experiment's own.")] = None,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Seed of runs and search; the experiment's own.")
    ] = None,
    batch: Annotated[int, typer.Option(metavar="N", help="Settings that are simulated together.")] = 8,
    objective: Annotated[
        list[str] | None,
        typer.Option(metavar="KPI", help="What to improve; may be repeated. KPIs with a direction and no threshold."),
    ] = None,
    by: Annotated[
        str, typer.Option(metavar="HOW", help="lower end of a goal's interval, or estimate, must reach its chance.")
    ] = "lower",
    among: Annotated[
        str, typer.Option(metavar="SET", help="The nearest of the admissible settings, or of those on the front.")
    ] = "admissible",
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the results; results if left out.")
    ] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; 0 stays in this one.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start again, even where a part is done.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Search the controls for settings that meet the goals; recommend the least change, and test it on fresh runs."""
    again = "the same command without --fresh" if fresh else "the same command"
    with answered(debug, stopped=f"; {again} goes on where it stopped"):
        _check(trials, runs, seed, batch, by, among, workers)
        check_out(out or DEFAULT_OUT)
        from experiments.analysis.factors import controls_of, fixed_of, today_of
        from experiments.analysis.tune import check_runs, question_of
        from experiments.inputs.experiment import load_experiment

        read = load_experiment(experiment)
        parts: dict[str, Any] = {"factors": controls_of(read), "fixed": fixed_of(read), "today": today_of(read)}
        question = question_of([vars(kpi) for kpi in read.kpis], objective or (), judged_by=by, **parts)
        asked: dict[str, Any] = {
            "experiment": read.name,
            "hash": read.digest(),
            "trials": trials,
            "runs": runs or read.runs,
            "seed": read.seed if seed is None else seed,
            "batch": batch,
            "objectives": [objective.kpi for objective in question.objectives],
            "judged_by": by,
            "among": among,
        }
        check_runs(question, asked["runs"])
        say(_announced(read, question, asked))
        found, folder = _searched(read, question, asked, out or DEFAULT_OUT, workers, fresh)
        _print(found, folder, asked, as_json)
        if found.chosen is None or found.verdict == "not met":
            raise typer.Exit(1)


def _check(
    trials: int, runs: int | None, seed: int | None, batch: int, by: str, among: str, workers: int | None
) -> None:
    from experiments.analysis.search import JUDGED_BY
    from experiments.analysis.tune import AMONG
    from experiments.inputs import validate
    from experiments.inputs.experiment import MOST_RUNS

    bounds = {"trials": (trials, 1, MOST_TRIALS), "runs": (runs, 1, MOST_RUNS), "seed": (seed, 0, validate.MOST_SEED)}
    check_numbers(bounds | {"batch": (batch, 1, MOST_TRIALS), "workers": (workers, 0, MOST_RUNS)})
    check_choice("by", by, JUDGED_BY)
    check_choice("among", among, AMONG)


def _announced(read: Experiment, question: Question, asked: dict[str, Any]) -> str:
    goals = "\n".join(f"goal {goal.name}: {goal}" for goal in question.goals) or "no goals: every setting is admissible"
    size = f"{counted(asked['trials'], 'setting')} over {counted(len(question.factors), 'control')}"
    return f"{read.title}\n{size}, {counted(asked['runs'], 'run')} each, {counted(read.days, 'day')}\n{goals}"


def _searched(
    read: Experiment, question: Question, asked: dict[str, Any], out: Path, workers: int | None, fresh: bool
) -> tuple[Tuning, Path]:
    """The search done and its results written; its sweeps stay in the folder, so that it can go on."""
    from experiments.analysis.evaluate import Simulated
    from experiments.analysis.tune import tune as search
    from experiments.analysis.tuning_report import content, markdown
    from experiments.inputs.validate import MOST_SEED
    from experiments.storage.folder import Folder
    from experiments.storage.parquet import write_parquet
    from experiments.storage.results_io import folder_of, write_csv, write_json, write_text

    folder = folder_of(out, read.name, "tune", asked)
    runs, seed = asked["runs"], asked["seed"]
    with quiet_stdout(), progress("trajectories") as report:
        done, total = 0, (asked["trials"] + asked["batch"] + 3) * runs

        def count(some: int) -> None:
            nonlocal done
            done += some
            if report:
                report(min(done, total), total)

        searched = Simulated(read, runs, seed, folder / "sweeps", workers, fresh, count)
        other = Simulated(read, runs, (seed + FRESH) % MOST_SEED, folder / "sweeps", workers, fresh, count)
        limit = read.base.parameters.governance.change_limit
        trials, batch, among = asked["trials"], asked["batch"], asked["among"]
        found = search(question, searched, other, searched.refusal, limit, trials, batch, seed, among)
    write_csv(found.candidates, folder / "trials.csv")
    write_parquet(found.candidates, Folder.at(folder), "trials.parquet", {"seed": str(seed)})
    write_json(content(found, asked), folder / "tune.json")
    write_text(markdown(found, read.title, asked), folder / "report.md")
    return found, folder


def _print(found: Tuning, folder: Path, asked: dict[str, Any], as_json: bool) -> None:
    from experiments.analysis.tuning_report import VERDICTS, content, effect_rows, goal_rows, setting_rows, way

    if as_json:
        document(content(found, asked) | {"folder": str(folder)})
    elif found.chosen is not None:
        title = (
            f"Candidate {found.chosen} of {len(found.candidates)}, {found.candidates['admissible'].sum()} admissible"
        )
        table(["parameter", "today", "recommended"], setting_rows(found), title, right=(1, 2))
        if found.question.goals:
            heads = ["goal", "today", "recommended", "asked", "verdict"]
            table(heads, goal_rows(found), "Goals on fresh runs: met in (95 % interval)")
        if len(found.effect):
            heads = ["objective", "today", "recommended", "difference", "better in"]
            table(heads, effect_rows(found.effect), "Objectives on fresh runs, paired (95 % interval)")
        typer.echo(way(found))
    say(VERDICTS[found.verdict])
    say(f"next: {folder / 'report.md'}")
