"""`quiver-sim report`: goals, KPIs and failures of a finished sweep."""

from __future__ import annotations

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from experiments.cli.command import ANALYSE, command
from experiments.cli.options import Debug, FinishedStore, Json, check_store
from experiments.cli.output import answered, figure, print_json, print_table, say
from experiments.words import percent

if TYPE_CHECKING:
    import pandas as pd

    from experiments.analysis.report import Failing, SweepReport
    from experiments.sweeps.results import Results

MOST_ROWS = 40
MOST_RUNS = 1e6
"""Runs from which a difference counts as not seen."""


@command("report", ANALYSE, 1, example="results/demo-1f3a9c")
def report_command(
    store: FinishedStore,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Print how often goals are met, paired differences from today's setting, and where goals fail."""
    with answered(debug):
        check_store(store)
        from experiments.analysis.report import report_of
        from experiments.sweeps.results import load

        results = load(store)
        found = report_of(results)
        if as_json:
            print_json(_content(found, store))
            return
        _print(found, results)


def _content(found: SweepReport, store: Path) -> dict[str, Any]:
    from experiments.storage.results_io import records

    failing = [
        {
            "goal": one.goal.name,
            "fails": one.fails,
            "cases": one.cases,
            "box": str(one.box),
            "coverage": one.box.coverage,
            "density": one.box.density,
            "path": records(one.path),
            "rules": records(one.rules),
        }
        for one in found.failing
    ]
    tables = {name: records(getattr(found, name)) for name in ("goals", "differences", "convergence")}
    return {"store": str(store), "today": found.today} | tables | {"failing": failing}


def _print(found: SweepReport, results: Results) -> None:
    if len(found.goals):
        heads = ["goal", "design point", "met in (95 % interval)", "asked", "verdict"]
        rows = [_goal(row, found) for _, row in found.goals.head(MOST_ROWS).iterrows()]
        print_table(heads, rows, _some("Goals", found.goals), right=(1,))
    else:
        say("no KPI has a threshold, so there are no goals")
    if found.today is None:
        say("no design point is today's, so there are no differences")
    else:
        last = found.convergence.groupby(["design", "kpi"], sort=False).last()
        units = {kpi["name"]: kpi["unit"] for kpi in results.manifest["kpis"]}
        heads = ["KPI", "design point", "difference", "95 % interval", "unit", "better in", "settled"]
        rows = [
            _difference(row, units[row["kpi"]], last.loc[(row["design"], row["kpi"])])
            for _, row in found.differences.head(MOST_ROWS).iterrows()
        ]
        title = f"Paired differences from today's setting, design point {found.today}"
        print_table(heads, rows, _some(title, found.differences), right=(1, 2, 3))
    for one in found.failing:
        _failing(one)


def _failing(one: Failing) -> None:
    coverage, density = (percent(share) for share in (one.box.coverage, one.box.density))
    typer.echo(
        f"{one.goal.name} fails in {one.fails} of {one.cases} cases, most of all where {one.box}: "
        f"{coverage} of its failures are there, and {density} of the cases there fail"
    )
    rows = [[row["rule"], f"{row['fails']} of {row['cases']}"] for _, row in one.rules.iterrows()]
    print_table(["a tree's rule", "fails"], rows, right=(1,))


def _some(title: str, rows: pd.DataFrame) -> str:
    return title if len(rows) <= MOST_ROWS else f"{title}; the first {MOST_ROWS} of {len(rows)} rows (--json has all)"


def _goal(row: Any, found: SweepReport) -> list[str]:
    from experiments.analysis.tuning_report import chance_asked, probability

    place = f"{row['design']} (today)" if row["design"] == found.today else str(row["design"])
    return [row["goal"], place, probability(row), chance_asked(row["chance"]), row["verdict"] or "-"]


def _difference(row: Any, unit: str, last: Any) -> list[str]:
    ends = f"{figure(row['low'])} to {figure(row['high'])}"
    better = "-" if math.isnan(row["better"]) else f"{percent(row['better'])} of {row['n']}"
    return [row["kpi"], str(row["design"]), figure(row["difference"]), ends, unit, better, _settled(last)]


def _settled(last: Any) -> str:
    """Whether an interval is narrow beside its difference, and the runs that it would take."""
    if not last["wide"]:
        return "yes"
    return f"no; {last['needed']:,.0f} runs" if last["needed"] < MOST_RUNS else "no difference seen"
