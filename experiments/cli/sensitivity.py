"""`quiver-sim sensitivity`: which of an experiment's parameters move its KPIs."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
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
    figure,
    progress,
    quiet_stdout,
    say,
    table,
)
from experiments.errors import RequestError, counted, unknown

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analysis.factors import Factor
    from experiments.inputs.experiment import Experiment

MORRIS, SOBOL, BOTH = METHODS = ("morris", "sobol", "both")
MOST = 100_000
WIDE = 0.1
"""Half the width of an index's interval above which it is still open."""


def sensitivity(
    experiment: Annotated[
        str, typer.Argument(metavar="EXPERIMENT", help="An experiment file, or a name such as demo.")
    ],
    method: Annotated[
        str, typer.Option(metavar="HOW", help="morris, sobol, or both: Sobol on the factors that Morris finds.")
    ] = BOTH,
    trajectories: Annotated[int, typer.Option(metavar="N", help="Trajectories of the Morris screening.")] = 10,
    samples: Annotated[int, typer.Option(metavar="N", help="Base samples of Sobol, a power of two.")] = 64,
    top: Annotated[int, typer.Option(metavar="N", help="Factors that Sobol takes from the screening.")] = 4,
    runs: Annotated[int, typer.Option(metavar="N", help="Trajectories whose mean is a point's figure.")] = 4,
    seed: Annotated[
        int | None, typer.Option(metavar="N", help="Seed of runs and sample; the experiment's own.")
    ] = None,
    kpi: Annotated[list[str] | None, typer.Option(metavar="KPI", help="May be repeated; all if left out.")] = None,
    difference: Annotated[
        bool, typer.Option("--difference", help="Of the difference from today's controls, run by run, not of the KPI.")
    ] = False,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Write tables into a folder of their own in this one.")
    ] = None,
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; 0 stays in this one.")] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Start again, even where a part is done.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Vary the controls over their ranges and say which of them move each KPI, and by how much."""
    with answered(debug):
        _check(method, trajectories, samples, top, runs, seed, workers)
        if out is not None:
            check_out(out)
        from experiments.analysis.factors import controls_of, environment_of, without_environment
        from experiments.inputs.experiment import load_experiment

        read = load_experiment(experiment)
        factors, kpis = [*controls_of(read), *environment_of(read)], _kpis(read, kpi or ())
        asked = {
            "experiment": read.name,
            "hash": read.digest(),
            "method": method,
            "trajectories": trajectories,
            "samples": samples,
            "top": top,
            "runs": runs,
            "seed": read.seed if seed is None else seed,
            "kpis": kpis,
            "difference": difference,
        }
        say(f"{read.title}\n{_size(asked, factors)}, {counted(runs, 'run')} each, {counted(read.days, 'day')}")
        with _folder(out, read, asked) as folder:
            tables = _found(without_environment(read), factors, asked, folder / "sweeps", workers, fresh)
            if out is not None:
                _write(tables, asked, folder)
        if as_json:
            from experiments.storage.results_io import records

            done = {name: records(found) for name, found in tables.items()}
            document(asked | done | {"folder": str(folder) if out is not None else None})
        else:
            _print(tables, read)
        _say_what_is_wide(tables)
        if out is not None:
            say(f"next: {folder / 'sensitivity.json'}")


def _check(
    method: str, trajectories: int, samples: int, top: int, runs: int, seed: int | None, workers: int | None
) -> None:
    from experiments.inputs import validate
    from experiments.inputs.experiment import MOST_RUNS

    check_choice("method", method, METHODS)
    bounds = {"trajectories": (trajectories, 2, MOST), "samples": (samples, 2, MOST), "top": (top, 2, MOST)}
    check_numbers(bounds | {"runs": (runs, 1, MOST_RUNS), "workers": (workers, 0, MOST_RUNS)})
    check_numbers({"seed": (seed, 0, validate.MOST_SEED)})
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

    if out is not None:
        yield folder_of(out, read.name, "sensitivity", asked)
        return
    with tempfile.TemporaryDirectory(prefix="quiver-sensitivity-") as temporary:
        yield Path(temporary)


def _found(
    read: Experiment, factors: Sequence[Factor], asked: dict[str, Any], folder: Path, workers: int | None, fresh: bool
) -> dict[str, pd.DataFrame]:
    """The tables of the methods that were asked for."""
    from experiments.analysis.evaluate import Simulated, differences_from_today, distinct, with_fixed
    from experiments.analysis.factors import fixed_of, today_of
    from experiments.analysis.indices import indices
    from experiments.analysis.screening import most_important, screen

    tables: dict[str, pd.DataFrame] = {}
    with quiet_stdout(), progress("trajectories") as report:
        sizes = _points(asked, factors).values()
        done, total = 0, sum(n for n, _ in sizes) * asked["runs"] * (2 if asked["difference"] else 1)

        def count(some: int) -> None:
            nonlocal done
            done += some
            if report:
                report(min(done, total), total)

        evaluate = distinct(Simulated(read, asked["runs"], asked["seed"], folder, workers, fresh, count))
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
        table(heads, rows, "Morris screening, the largest effect first", right=(1, 2, 3, 4, 5))
    if "indices" in tables:
        heads = ["KPI", "factor", "alone", "95 % interval", "with interactions", "95 % interval"]
        rows = [
            [*_key(row), *(cell for of in ("first", "total") for cell in (figure(row[of]), _between(row, f"{of}_")))]
            for _, row in tables["indices"].iterrows()
        ]
        table(heads, rows, "Sobol indices: share of a KPI's variance", right=(1, 2, 3, 4, 5))


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
