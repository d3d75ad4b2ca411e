"""`quiver-sim check`: the model against theory, what its market must show, conservation and the stylised facts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.command import ANALYSE, command
from experiments.cli.options import Debug, Json, check_out
from experiments.cli.output import answered, print_json, print_table, say

if TYPE_CHECKING:
    from experiments.validation.report import CheckReport

ONLY = "Run one row alone, such as T5 or M9, or conservation or facts; may be repeated."


@command("check", ANALYSE, 4, example="--only T5 --only conservation")
def check_command(
    only: Annotated[list[str] | None, typer.Option(metavar="NAME", help=ONLY)] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write check.json and check.md into it.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Validate the model: theory in limiting cases, the token market, conservation under stress, facts of real tokens.

    Exits with 1 if theory, the market or conservation fails; a missed stylised fact is reported only.
    """
    with answered(debug):
        from experiments.validation.registry import selected_names

        names = selected_names(only or [])
        if out is not None:
            check_out(out)
        report = _looked_at(names)
        if out is not None:
            from experiments.storage.results_io import write_json, write_text

            write_json(report.plain(), out / "check.json")
            write_text(report.page(), out / "check.md")
        if as_json:
            print_json(report.plain())
        else:
            _print(report)
        say(report.verdict)
        if report.broken:
            say(f"error: not as it must be: {', '.join(report.broken)}")
            raise typer.Exit(1)


def _looked_at(names: list[str]) -> CheckReport:
    from experiments.validation.registry import CONSERVATION, FACTS, audits, market, theory
    from experiments.validation.report import CheckReport
    from experiments.validation.stylised_facts import findings

    report = CheckReport()
    for outcome in theory(names):
        say(f"{outcome.row.id}: {outcome.row.title}: {outcome.status}")
        report.theory.append(outcome)
    for result in market(names):
        say(f"{result.row.id}: {result.row.title}: {result.status}")
        report.market.append(result)
    for audit in audits() if CONSERVATION in names else ():
        say(f"conservation: {audit.scenario}: {'kept' if audit.kept else 'not kept'}")
        report.audits.append(audit)
    if FACTS in names:
        say("facts: default runs against bands of real tokens")
        report.bands = findings()
    return report


def _print(report: CheckReport) -> None:
    from experiments.validation.market_rows import EXPLAINED
    from experiments.validation.report import band_cells, worst

    if report.theory:
        rows = [(o.row.id, o.row.title, o.status, worst(o)) for o in report.theory]
        print_table(("row", "theory", "status", "figure nearest to its limit: measured for expected"), rows)
        for outcome in report.theory:
            if outcome.row.convention:
                say(f"{outcome.row.id}: {outcome.row.convention}")
    if report.market:
        shown = [(o.row.id, o.row.title, o.status, o.worst) for o in report.market]
        print_table(("row", "token market", "status", "measure that is missed, or the first"), shown)
        for result in report.market:
            if result.status == EXPLAINED:
                say(f"{result.row.id}: {result.row.why}")
    if report.audits:
        audited = [(a.scenario, "kept" if a.kept else a.breach or "not kept", f"{a.substeps:,}") for a in report.audits]
        print_table(("scenario", "conservation", "substeps audited"), audited, right=(2,))
    if report.bands:
        facts = [(found.fact.name, *band_cells(found), "yes" if found.met else "no") for found in report.bands]
        print_table(("stylised fact", "band", "value", "from, to", "runs inside", "met"), facts)
