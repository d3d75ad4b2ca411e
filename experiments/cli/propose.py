"""`quiver-sim propose`: an evidence pack for a change of parameters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli.command import GOVERN, command
from experiments.cli.options import Date, Debug, Json, Workers, check_choice, check_out, check_simulation, parse_date
from experiments.cli.output import answered, print_json, print_table, progress, quiet_stdout, say
from experiments.words import counted, percent

if TYPE_CHECKING:
    from experiments.proposals.case import Case
    from experiments.proposals.rails import Check


@command("propose", GOVERN, 1, example="burn_share --out burn-share --date 2027-01-15")
def propose_command(
    proposal: Annotated[
        str, typer.Argument(metavar="PROPOSAL", help="A proposal's file, or a name such as burn_share.")
    ],
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for the pack (default: the file's name and -pack).")
    ] = None,
    attacks: Annotated[
        str, typer.Option(metavar="WHICH", help="Attacks to measure: none, touched (by the changes), or all.")
    ] = "touched",
    workers: Workers = None,
    targets: Annotated[
        Path | None,
        typer.Option(metavar="MAP", help="Contracts that hold each parameter; adds the on-chain calls to the pack."),
    ] = None,
    date: Date = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Check a proposal against the rails, simulate it against today's values and alternatives, and write a pack."""
    with answered(debug):
        from dashboards.evidence import report_files
        from experiments.inputs.text_file import path_of, read_text
        from experiments.proposals import pack, rails
        from experiments.proposals.attacks import CHOICES, attacks_to_measure, measure_attacks
        from experiments.proposals.chain import UNKNOWN, calls_of
        from experiments.proposals.evidence import csv_text
        from experiments.proposals.onchain import read_targets
        from experiments.proposals.proposal_file import load_proposal
        from experiments.proposals.simulate import simulate_proposal
        from experiments.storage.version import code_version

        check_choice("attacks", attacks, CHOICES)
        day = parse_date(date)
        check_simulation(workers=workers)
        asked = load_proposal(proposal)
        folder = out or Path(f"{Path(proposal).stem}-pack")
        check_out(folder)
        pack.refuse_foreign(folder)
        found = rails.checks(asked, day)
        if not as_json:
            _checks(found)
        rails.refuse_broken(found)
        contracts = None if targets is None else read_text(path_of(targets), str(targets))
        if contracts is not None:
            calls_of(asked, read_targets(contracts, str(targets)), UNKNOWN, code_version())
        say(f"{asked.title}: {counted(len(asked.stress), 'scenario')}, {asked.base.days} days, {asked.runs} runs")
        with quiet_stdout(), progress() as bar:
            outcomes = simulate_proposal(asked, workers, bar, say)
            say(f"attacks: {', '.join(attacks_to_measure(asked, attacks)) or 'none'}")
            against = measure_attacks(asked, attacks_to_measure(asked, attacks))
        made = pack.Made(code_version(), attacks, day)
        case = pack.case_of(asked, csv_text(outcomes), csv_text(against), made, contracts)
        pack.write(pack.files(case, made, report_files), folder)
        if as_json:
            print_json({"pack": str(folder)} | case.content())
        else:
            _chances(case)
            typer.echo(str(folder))


def _checks(found: list[Check]) -> None:
    heads = ("about", "rail", "found", "allowed", "kept")
    print_table(heads, [(c.about, c.rail, c.found, c.allowed, "yes" if c.passed else "no") for c in found])


def _chances(case: Case) -> None:
    heads = ("KPI", "scenario", "setting", "breached", "95 % interval", "verdict")
    rows = [
        (
            r.kpi,
            r.scenario,
            r.setting,
            f"{r.breached} of {r.n}",
            f"{percent(r.low, 1)} to {percent(r.high, 1)}",
            r.verdict,
        )
        for r in case.chances.itertuples()
    ]
    print_table(heads, rows, "How often goals are breached", right=(3,))
