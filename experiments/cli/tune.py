"""`quiver-sim tune`: policy settings that meet an experiment's goals, and the least change that does."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import ANALYSE, command
from experiments.cli.options import (
    DEFAULT_OUT,
    Debug,
    ExperimentFile,
    Fresh,
    Json,
    OwnSeed,
    Workers,
    check_choice,
    check_numbers,
    check_out,
    check_simulation,
)
from experiments.cli.output import answered, print_json, print_table, progress_of, quiet_stdout, resume_hint, say
from experiments.words import counted

if TYPE_CHECKING:
    from experiments.analysis.search import Question
    from experiments.analysis.tune import Tuning
    from experiments.inputs.experiment import Experiment

MOST_TRIALS = 100_000
FRESH = 1_000_003
"""How far the seed of the validation lies from that of the search, so that no trajectory is shared."""


@command("tune", ANALYSE, 3, example="my-question.yaml --trials 64 --runs 40")
def tune_command(
    experiment: ExperimentFile,
    trials: Annotated[int, typer.Option(metavar="N", help="Number of settings to try.")] = 64,
    runs: Annotated[
        int | None, typer.Option(metavar="N", help="Runs of each setting (default: the experiment's own).")
    ] = None,
    seed: OwnSeed = None,
    batch: Annotated[int, typer.Option(metavar="N", help="Settings that are simulated together.")] = 8,
    objective: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KPI", help="KPI to improve; may be repeated (default: all with a direction and no threshold)."
        ),
    ] = None,
    by: Annotated[
        str,
        typer.Option(metavar="HOW", help="What must reach a goal's chance: lower (95 % interval's end) or estimate."),
    ] = "lower",
    among: Annotated[
        str,
        typer.Option(metavar="SET", help="Settings to recommend the nearest of: admissible, or front (Pareto)."),
    ] = "admissible",
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Folder for the results (default: results).")] = None,
    workers: Workers = None,
    fresh: Fresh = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Search for policy settings that meet the goals, recommend the least change, and test it on fresh runs."""
    with answered(debug, stopped=resume_hint(fresh)):
        _check(trials, batch, by, among)
        check_simulation(runs, seed, workers=workers)
        check_out(out or DEFAULT_OUT)
        from experiments.analysis.tune import check_runs
        from experiments.inputs.experiment import load_experiment

        read = load_experiment(experiment)
        question = _question(read, objective or (), by)
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


def _check(trials: int, batch: int, by: str, among: str) -> None:
    from experiments.analysis.search import JUDGED_BY
    from experiments.analysis.tune import AMONG

    check_numbers({"trials": (trials, 1, MOST_TRIALS), "batch": (batch, 1, MOST_TRIALS)})
    check_choice("by", by, JUDGED_BY)
    check_choice("among", among, AMONG)


def _question(read: Experiment, objectives: Sequence[str], by: str) -> Question:
    from experiments.analysis.factors import controls_of, fixed_of, today_of
    from experiments.analysis.tune import question_of

    return question_of(
        [vars(kpi) for kpi in read.kpis],
        objectives,
        factors=controls_of(read),
        fixed=fixed_of(read),
        today=today_of(read),
        judged_by=by,
    )


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
    runs, seed, trials, batch = (asked[name] for name in ("runs", "seed", "trials", "batch"))
    with quiet_stdout(), progress_of((trials + batch + 3) * runs) as count:
        searched = Simulated(read, runs, seed, folder / "sweeps", workers, fresh, count, say)
        other = Simulated(read, runs, (seed + FRESH) % MOST_SEED, folder / "sweeps", workers, fresh, count, say)
        limit = read.base.parameters.governance.change_limit
        found = search(question, searched, other, searched.refusal, limit, trials, batch, seed, asked["among"])
    write_csv(found.candidates, folder / "trials.csv")
    write_parquet(found.candidates, Folder.at(folder), "trials.parquet", {"seed": str(seed)})
    write_json(content(found, asked), folder / "tune.json")
    write_text(markdown(found, read.title, asked), folder / "report.md")
    return found, folder


def _print(found: Tuning, folder: Path, asked: dict[str, Any], as_json: bool) -> None:
    from experiments.analysis.tuning_report import VERDICTS, content, effect_rows, goal_rows, setting_rows, way

    if as_json:
        print_json(content(found, asked) | {"folder": str(folder)})
    elif found.chosen is not None:
        title = (
            f"Candidate {found.chosen} of {len(found.candidates)}, {found.candidates['admissible'].sum()} admissible"
        )
        print_table(["parameter", "today", "recommended"], setting_rows(found), title, right=(1, 2))
        if found.question.goals:
            heads = ["goal", "today", "recommended", "asked", "verdict"]
            print_table(heads, goal_rows(found), "Goals on fresh runs: met in (95 % interval)")
        if len(found.effect):
            heads = ["objective", "today", "recommended", "difference", "better in"]
            print_table(heads, effect_rows(found.effect), "Objectives on fresh runs, paired (95 % interval)")
        typer.echo(way(found))
    say(VERDICTS[found.verdict])
    say(f"next: {folder / 'report.md'}")
