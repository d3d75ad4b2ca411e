"""`quiver-sim propose`: the evidence for a change of parameters, as a pack."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.output import (
    Debug,
    Json,
    answered,
    check_choice,
    check_out,
    document,
    progress,
    quiet_stdout,
    say,
    table,
)
from experiments.errors import RequestError, UnfitError, counted

if TYPE_CHECKING:
    from experiments.proposals.case import Case
    from experiments.proposals.rails import Check

Date = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="The day that counts as today; none if left out.")]


def propose(
    proposal: Annotated[
        str, typer.Argument(metavar="PROPOSAL", help="A proposal's file, or a name such as burn_share.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the pack; the file's name and -pack if left out.")
    ] = None,
    attacks: Annotated[
        str, typer.Option(metavar="WHICH", help="Attacks to measure: none, touched by the changes, or all.")
    ] = "touched",
    workers: Annotated[int | None, typer.Option(metavar="N", help="Processes; 0 stays in this one.")] = None,
    targets: Annotated[
        Path | None,
        typer.Option(metavar="MAP", help="Where each parameter is set on chain; the pack then has the calls."),
    ] = None,
    date: Date = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Check a proposal against the rails, simulate it beside today's values and its alternatives, and write a pack."""
    with answered(debug):
        from dashboards.evidence import pages
        from experiments.inputs.text_file import read_text
        from experiments.proposals import pack, rails
        from experiments.proposals.attacks import CHOICES, chosen, measure_attacks
        from experiments.proposals.chain import UNKNOWN, calls_of
        from experiments.proposals.evidence import written
        from experiments.proposals.onchain import read_targets
        from experiments.proposals.proposal_file import load_proposal
        from experiments.proposals.simulate import simulate
        from experiments.storage.version import code_version

        check_choice("attacks", attacks, CHOICES)
        day = iso_date(date)
        if workers is not None and workers < 0:
            raise RequestError(f"--workers: found {workers}; allowed: a whole number from 0")
        asked = load_proposal(proposal)
        folder = out or Path(f"{Path(proposal).stem}-pack")
        check_out(folder)
        pack.refuse_foreign(folder)
        found = rails.checks(asked, day)
        if not as_json:
            _checks(found)
        rails.refuse(found)
        contracts = None if targets is None else read_text(targets, str(targets))
        if contracts is not None:
            calls_of(asked, read_targets(contracts, str(targets)), UNKNOWN, code_version())
        say(f"{asked.title}: {counted(len(asked.stress), 'scenario')}, {asked.base.days} days, {asked.runs} runs")
        with quiet_stdout(), progress("trajectories") as bar:
            outcomes = simulate(asked, workers, bar, say)
            say(f"attacks: {', '.join(chosen(asked, attacks)) or 'none'}")
            against = measure_attacks(asked, chosen(asked, attacks))
        made = pack.Made(code_version(), attacks, day)
        case = pack.case_of(asked, written(outcomes), written(against), made, contracts)
        pack.write(pack.files(case, made, pages), folder)
        if as_json:
            document({"pack": str(folder)} | case.document())
        else:
            _chances(case)
            typer.echo(str(folder))


def iso_date(found: str | None) -> str | None:
    """The date of `--date`."""
    from experiments.proposals.proposal_file import iso_date as read

    try:
        return None if found is None else read(found)
    except UnfitError as error:
        raise RequestError(f"--date: {error}") from None


def _checks(found: list[Check]) -> None:
    heads = ("about", "rail", "found", "allowed", "kept")
    table(heads, [(c.about, c.rail, c.found, c.allowed, "yes" if c.passed else "no") for c in found])


def _chances(case: Case) -> None:
    heads = ("KPI", "scenario", "setting", "breached", "95 % interval", "verdict")
    rows = [
        (r.kpi, r.scenario, r.setting, f"{r.breached} of {r.n}", f"{r.low:.1%} to {r.high:.1%}", r.verdict)
        for r in case.chances.itertuples()
    ]
    table(heads, rows, "How often goals are breached", right=(3,))
