"""Arguments and options that several commands share, and the checks that refuse a wrong one before anything runs."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.errors import RequestError, UnfitError, nearest
from experiments.inputs.text_file import path_of

DEFAULT_OUT = Path("results")
MOST_WORKERS = 10_000
MOST_FAILURES = 1_000_000_000
RUN_OPTIONS = ("days", "seed", "runs", "engine", "out")
"""Options of `quiver-sim run` that somebody might take for a value of the scenario."""

FOLDER = "a folder that can be written to; it is made if it is missing"

ExperimentFile = Annotated[
    str, typer.Argument(metavar="EXPERIMENT", help="An experiment file, or a name (quiver-sim experiments).")
]
ScenarioName = Annotated[
    str, typer.Argument(metavar="SCENARIO", help="A scenario file, or a name (quiver-sim scenarios).")
]
AnyStore = Annotated[str, typer.Argument(metavar="DIR", help="The store of a sweep, finished or not.")]
FinishedStore = Annotated[Path, typer.Argument(metavar="DIR", help="The store of a finished sweep.")]

Date = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day that counts as today; none if left out.")]
Days = Annotated[int | None, typer.Option(metavar="N", help="Horizon in days (default: the scenario's own).")]
Debug = Annotated[bool, typer.Option("--debug", help="Show the full traceback of an error.")]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start again, discarding what is done.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout and nothing else there.")]
MaxFailures = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Stop after this many failed trajectories (default: 20 or 1 %, whichever is larger)."
    ),
]
OwnSeed = Annotated[
    int | None, typer.Option(metavar="N", help="Seed of runs and sampling (default: the experiment's own).")
]
Seed = Annotated[int, typer.Option(metavar="N", help="Seed of every random draw.")]
Settings = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Replace one value: a parameter, mechanisms.X, exogenous.X, noise or go_literal; may be repeated.",
    ),
]
Workers = Annotated[
    int | None,
    typer.Option(metavar="N", help="Worker processes; 0 for this process alone (default: by size)."),
]


def check_out(out: Path | str) -> None:
    """Refuse, before anything is simulated, a folder that cannot be made or written to; an address is not looked at."""
    if "://" in str(out) and not str(out).startswith("file://"):
        return
    folder = path_of(str(out).removeprefix("file://")).absolute()
    above = next(path for path in (folder, *folder.parents) if os.path.exists(path))
    if not os.path.isdir(above):
        raise RequestError(f"--out: found the file {above}; allowed: {FOLDER}")
    if not os.access(above, os.W_OK | os.X_OK):
        raise RequestError(f"--out: found {above}, which cannot be written to; allowed: {FOLDER}")


def check_file(option: str, path: Path) -> None:
    """Refuse, before anything is simulated, a file that cannot be written, or that is none: it would be replaced."""
    folder = path_of(path).absolute().parent
    taken = os.path.lexists(path) and not os.path.isfile(path)
    if taken or not os.path.isdir(folder) or not os.access(folder, os.W_OK):
        raise RequestError(f"{option}: found {path}; allowed: a file in a folder that is there and can be written to")


def check_numbers(bounds: Mapping[str, tuple[int | None, int, int]]) -> None:
    """Refuse an option whose number is not whole or not within its bounds, inclusive; None is not given."""
    from experiments.inputs import validate

    for option, (found, low, high) in bounds.items():
        try:
            validate.whole(low if found is None else found, low, high, "")
        except UnfitError as error:
            raise RequestError(f"--{option}: {error}") from None


def check_simulation(
    runs: int | None = None,
    seed: int | None = None,
    days: int | None = None,
    workers: int | None = None,
    max_failures: int | None = None,
) -> None:
    """Refuse what is out of range of the options by which every command simulates; None is not given."""
    from experiments.inputs import validate
    from experiments.inputs.experiment import MOST_RUNS
    from experiments.inputs.scenario import MOST_DAYS

    bounds = {"days": (days, 1, MOST_DAYS), "runs": (runs, 1, MOST_RUNS), "seed": (seed, 0, validate.MOST_SEED)}
    check_numbers(bounds | {"workers": (workers, 0, MOST_WORKERS), "max-failures": (max_failures, 0, MOST_FAILURES)})


def check_choice(option: str, found: str, choices: Sequence[str]) -> None:
    """Refuse an option that is none of some words."""
    from experiments.inputs import validate

    try:
        validate.choice(found, choices)
    except UnfitError as error:
        raise RequestError(f"--{option}: {error}") from None


def check_engine(found: str, choices: Sequence[str]) -> None:
    """Refuse an engine that is none of some, or is not installed."""
    check_choice("engine", found, choices)
    if found == "jax":
        from experiments.engines import device

        device.require_jax()


def check_folder(place: Path | str, allowed: str = "the store of a sweep") -> None:
    """Refuse what is no folder, naming the nearest that is; an address is not looked at."""
    if "://" in str(place) or os.path.isdir(path := path_of(place)):
        return
    what = "found a file" if os.path.exists(path) else "no such folder"
    near = nearest(path.name, [other.name for other in path.parent.glob("*") if other.is_dir()])
    hint = f"; nearest: {', '.join(str(path.parent / name) for name in near)}" if near else ""
    raise RequestError(f"{place}: {what}; allowed: {allowed}{hint}")


def check_store(store: Path) -> None:
    """Refuse what is not the store of a finished sweep, saying what it is instead."""
    check_folder(store, "the store of a finished sweep")
    if not (store / "manifest.json").is_file() and ((store / "plan.json").is_file() or (store / "chunks").is_dir()):
        raise RequestError(f"{store}: its sweep is unfinished; the same quiver-sim sweep again finishes it")
    if not (store / "manifest.json").is_file():
        inside = sorted(path.parent.name for path in store.glob("*/manifest.json"))
        hint = f"; it holds {', '.join(str(store / name) for name in inside)}" if inside else ""
        raise RequestError(f"{store}: has no manifest.json; allowed: the store of a finished sweep{hint}")


def parse_date(found: str | None) -> str | None:
    """The date of `--date`, as it is written."""
    from experiments.proposals.proposal_file import iso_date

    try:
        return None if found is None else iso_date(found)
    except UnfitError as error:
        raise RequestError(f"--date: {error}") from None


def parse_settings(settings: Sequence[str]) -> dict[str, Any]:
    """`KEY=VALUE` pairs by key; values are YAML, as in a scenario file."""
    from experiments.inputs.strict_yaml import parse

    overrides: dict[str, Any] = {}
    for pair in settings:
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not key or not value.strip():
            raise RequestError(f"--set: found {pair!r}; allowed: KEY=VALUE, such as fees.burn_share=0.6")
        if key in RUN_OPTIONS:
            raise RequestError(f"--set: {key} is no value of the scenario to set; use --{key}")
        if key in overrides:
            raise RequestError(f"--set: {key} is given twice")
        overrides[key] = parse(value, f"--set {key}")
    return overrides
