"""`quiver-sim rational`: the price by the rule of thumb against that of a market that knows the take which comes."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import SIMULATE, command
from experiments.cli.options import (
    Days,
    Debug,
    Json,
    ScenarioName,
    Settings,
    check_file,
    check_simulation,
    parse_settings,
)
from experiments.cli.output import answered, figure, print_json, print_table, quiet_stdout, say
from experiments.words import counted, percent

if TYPE_CHECKING:
    from experiments.analysis.rational import Rational

ROWS = 12
"""Rows of the table, beside that of genesis, on days as far apart as each other."""

HEADINGS = ("day", "price by rule", "rational price", "rational over rule", "value by rule", "rational value")


@command("rational", SIMULATE, 5, example="whitepaper --days 365")
def rational_command(
    scenario: ScenarioName,
    days: Days = None,
    settings: Settings = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the path of values, as exogenous.value_usd takes it.")
    ] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Compare the price with that of a market which knows the take that comes; without chance events."""
    with answered(debug):
        overrides = parse_settings(settings or [])
        check_simulation(days=days)
        if out is not None:
            check_file("--out", out)
        from experiments.analysis.rational import rational
        from experiments.inputs.scenario import load_scenario

        economy = load_scenario(scenario, overrides, days, given_as="--set")
        say(f"{economy.title}: {counted(economy.days, 'day')}, without chance events")
        with quiet_stdout():
            (found,) = rational([economy])
        if out is not None:
            _write(found, out)
        if as_json:
            asked = {"scenario": economy.name, "title": economy.title, "days": economy.days}
            print_json(asked | {"rounds": found.rounds, "change": found.change, "by_day": _by_day(found)})
            return
        title = f"USD per QUIV; after {counted(found.rounds, 'round')} values change by {percent(found.change, 2)}"
        every = max(economy.days // ROWS, 1)
        cells = [[str(row["day"]), *(figure(value) for value in list(row.values())[1:])] for row in _by_day(found)]
        print_table(HEADINGS, cells[::every], title, right=tuple(range(len(HEADINGS))))
        if out is not None:
            say(f"next: quiver-sim run {shlex.quote(scenario)} --set exogenous.value_usd={shlex.quote(str(out))}")


def _by_day(found: Rational) -> list[dict[str, Any]]:
    """Both markets by day, in the order of `HEADINGS`."""
    columns = {
        "rule_price_usd": found.rule["price_usd"],
        "rational_price_usd": found.rational["price_usd"],
        "ratio": found.ratio,
        "rule_value_usd": found.rule["value_usd"],
        "rational_value_usd": found.rational["value_usd"],
    }
    rows = zip(*(column.tolist() for column in columns.values()), strict=True)
    return [{"day": day, **dict(zip(columns, row, strict=True))} for day, row in enumerate(rows)]


def _write(found: Rational, path: Path) -> None:
    import pandas as pd

    from experiments.storage.results_io import write_csv

    write_csv(pd.DataFrame({"day": range(len(found.value_usd)), "value_usd": found.value_usd}), path)
