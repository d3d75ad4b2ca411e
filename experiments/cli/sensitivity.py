"""`quiver-sim sensitivity`: effect of each varied parameter on an experiment's KPIs."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import ANALYSE, command
from experiments.cli.options import (
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
from experiments.cli.output import answered, figure, print_json, print_table, progress_of, quiet_stdout, say
from experiments.errors import RequestError, unknown
from experiments.words import counted

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analysis.factors import Factor
    from experiments.inputs.experiment import Experiment

MORRIS, SOBOL, BOTH = METHODS = ("morris", "sobol", "both")
MOST = 100_000
WIDE = 0.1
"""Half the width of an index's interval above which it is still open."""


@command("sensitivity", ANALYSE, 2, example="demo --method morris --trajectories 10")
def sensitivity_command(
    experiment: ExperimentFile,
    method: Annotated[
        str, typer.Option(metavar="HOW", help="morris, sobol, or both: Sobol on the factors that Morris finds.")
    ] = BOTH,
    trajectories: Annotated[
        int, typer.Option(metavar="N", help="Trajectories through the space of factors, of the Morris screening.")
    ] = 10,
    samples: Annotated[int, typer.Option(metavar="N", help="Base samples of Sobol, a power of two.")] = 64,
    top: Annotated[int, typer.Option(metavar="N", help="Number of factors that Sobol takes from the screening.")] = 4,
    runs: Annotated[int, typer.Option(metavar="N", help="Runs whose mean is the figure of a point.")] = 4,
    seed: OwnSeed = None,
    kpi: Annotated[
        list[str] | None, typer.Option(metavar="KPI", help="KPI to analyse; may be repeated (default: all).")
    ] = None,
    difference: Annotated[
        bool,
        typer.Option("--difference", help="Analyse the paired difference from today's controls instead of the KPI."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write the tables into a new folder in this one.")
    ] = None,
    workers: Workers = None,
    fresh: Fresh = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Measure how much each control and uncertain parameter moves each KPI: Morris screening and Sobol indices."""
    with answered(debug):
        _check(method, trajectories, samples, top)
        check_simulation(runs, seed, workers=workers)
        if out is not None:
            check_out(out)
        from experiments.inputs.experiment import load_experiment

        read = load_experiment(experiment)
        asked = {
            "experiment": read.name,
            "hash": read.digest(),
            "method": method,
            "trajectories": trajectories,
            "samples": samples,
            "top": top,
            "runs": runs,
            "seed": read.seed if seed is None else seed,
            "kpis": _kpis(read, kpi or ()),
            "difference": difference,
        }
        _analyse(read, asked, out, workers, fresh, as_json)


def _analyse(
    read: Experiment, asked: dict[str, Any], out: Path | None, workers: int | None, fresh: bool, as_json: bool
) -> None:
    """Simulate, print the tables, and write them below `out` if it is given."""
    from experiments.analysis.factors import controls_of, environment_of, without_environment
    from experiments.storage.results_io import records

    factors = [*controls_of(read), *environment_of(read)]
    say(f"{read.title}\n{_size(asked, factors)}, {counted(asked['runs'], 'run')} each, {counted(read.days, 'day')}")
    with _folder(out, read, asked) as folder:
        tables = _tables(without_environment(read), factors, asked, folder / "sweeps", workers, fresh)
        if out is not None:
            _write(tables, asked, folder)
    if as_json:
        done = {name: records(found) for name, found in tables.items()}
        print_json(asked | done | {"folder": str(folder) if out is not None else None})
    else:
        _print(tables, read)
    _say_what_is_wide(tables)
    if out is not None:
        say(f"next: {folder / 'sensitivity.json'}")


def _check(method: str, trajectories: int, samples: int, top: int) -> None:
    check_choice("method", method, METHODS)
    check_numbers({"trajectories": (trajectories, 2, MOST), "samples": (samples, 2, MOST), "top": (top, 2, MOST)})
    if method != MORRIS and samples & (samples - 1):
        raise RequestError(f"--samples: found {samples}; allowed: a power of two from 2, such as 64 or 128")


def _kpis(read: Experiment, named: Sequence[str]) -> list[str]:
    names = [found.name for found in read.kpis]
    for name in named:
        if name not in names:
            raise RequestError(f"--kpi: {name}: {unknown(name, 'KPI', names)}")
    return list(dict.fromkeys(named)) or names


def _points(asked: dict[str, Any], factors: Sequence[Factor]) -> dict[str, tuple[int, int]]:
    """By method, how many points it evaluates over how many factors."""
    from experiments.analysis import indices, screening

    some = factors if asked["method"] == SOBOL else factors[: asked["top"]]
    sizes = {
        MORRIS: (screening.morris_evaluations(factors, asked["trajectories"]), len(factors)),
        SOBOL: (indices.sobol_evaluations(some, asked["samples"]), len(some)),
    }
    return sizes if asked["method"] == BOTH else {asked["method"]: sizes[asked["method"]]}


def _size(asked: dict[str, Any], factors: Sequence[Factor]) -> str:
    found = _points(asked, factors).items()
    parts = [f"{name.title()}: {counted(n, 'point')} over {counted(over, 'factor')}" for name, (n, over) in found]
    return "; ".join(parts) + (", and as many with today's controls" if asked["difference"] else "")


@contextlib.contextmanager
def _folder(out: Path | None, read: Experiment, asked: dict[str, Any]) -> Iterator[Path]:
    """Where the sweeps and tables go: below `out`, or nowhere that stays."""
    from experiments.storage.results_io import folder_of
    from experiments.storage.scratch import scratch

    if out is not None:
        yield folder_of(out, read.name, "sensitivity", asked)
        return
    with scratch("quiver-sensitivity") as folder:
        yield folder


def _tables(
    read: Experiment, factors: Sequence[Factor], asked: dict[str, Any], folder: Path, workers: int | None, fresh: bool
) -> dict[str, pd.DataFrame]:
    """The tables of the methods that were asked for."""
    from experiments.analysis.evaluate import Simulated, differences_from_today, distinct, with_fixed
    from experiments.analysis.factors import fixed_of, today_of
    from experiments.analysis.indices import indices
    from experiments.analysis.screening import most_important, screen

    tables: dict[str, pd.DataFrame] = {}
    points = sum(n for n, _ in _points(asked, factors).values()) * (2 if asked["difference"] else 1)
    with quiet_stdout(), progress_of(points * asked["runs"]) as count:
        evaluate = distinct(Simulated(read, asked["runs"], asked["seed"], folder, workers, fresh, count, say))
        if asked["difference"]:
            evaluate = differences_from_today(evaluate, today_of(read))
        evaluate = with_fixed(evaluate, fixed_of(read))
        if asked["method"] != SOBOL:
            tables["screening"] = screen(factors, evaluate, asked["kpis"], asked["trajectories"], asked["seed"])
        if asked["method"] == BOTH:
            best = most_important(tables["screening"], asked["top"])
            factors = [factor for factor in factors if factor.name in best]
        if asked["method"] != MORRIS:
            tables["indices"] = indices(factors, evaluate, asked["kpis"], asked["samples"], asked["seed"])
    return tables


def _write(tables: dict[str, pd.DataFrame], asked: dict[str, Any], folder: Path) -> None:
    from experiments.storage.results_io import records, write_csv, write_json

    for name, found in tables.items():
        write_csv(found, folder / f"{name}.csv")
    write_json(asked | {name: records(found) for name, found in tables.items()}, folder / "sensitivity.json")


def _print(tables: dict[str, pd.DataFrame], read: Experiment) -> None:
    units = {kpi.name: kpi.unit for kpi in read.kpis}
    if "screening" in tables:
        heads = ["KPI", "factor", "effect over the range", "95 % interval", "signed", "spread", "unit"]
        rows = [
            [
                *_key(row),
                figure(row["mu_star"]),
                _between(row),
                figure(row["mu"]),
                figure(row["sigma"]),
                units[row["kpi"]],
            ]
            for _, row in tables["screening"].iterrows()
        ]
        print_table(heads, rows, "Morris screening, the largest effect first", right=(1, 2, 3, 4, 5))
    if "indices" in tables:
        heads = ["KPI", "factor", "alone", "95 % interval", "with interactions", "95 % interval"]
        rows = [
            [*_key(row), *(cell for of in ("first", "total") for cell in (figure(row[of]), _between(row, f"{of}_")))]
            for _, row in tables["indices"].iterrows()
        ]
        print_table(heads, rows, "Sobol indices: share of a KPI's variance", right=(1, 2, 3, 4, 5))


def _say_what_is_wide(tables: dict[str, pd.DataFrame]) -> None:
    """How many indices are still open."""
    if "indices" in tables:
        found = tables["indices"]
        reach = [found[f"{of}_high"] - found[of] for of in ("first", "total")]
        wide = sum(int((half > WIDE).sum()) for half in reach)
        if wide:
            say(
                f"{wide} of {2 * len(found)} indices are known to no better than {WIDE} either way: more --samples help"
            )


def _key(row: pd.Series) -> list[str]:
    return [row["kpi"], row["factor"]]


def _between(row: pd.Series, of: str = "") -> str:
    return f"{figure(row[of + 'low'])} to {figure(row[of + 'high'])}"
