"""`quiver-sim verify`: checks of a proposal's evidence pack."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.command import GOVERN, command
from experiments.cli.options import Date, Debug, Json, check_numbers, parse_date
from experiments.cli.output import answered, print_json, print_table, quiet_stdout, say
from experiments.words import visible

MOST_SAMPLE = 1_000_000
WORDS = {True: "holds", False: "does not hold", None: "not checked"}


@command("verify", GOVERN, 2, example="burn-share --sample 20 --date 2027-02-01")
def verify_command(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="The folder that quiver-sim propose wrote.")],
    sample: Annotated[
        int, typer.Option(metavar="N", help="Trajectories to simulate again, drawn at random; 0 for none.")
    ] = 5,
    date: Date = None,
    attacks: Annotated[bool, typer.Option("--attacks", help="Measure the attacks again; takes minutes.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Verify a pack: files, hashes, versions, age, rails, all that follows from its evidence, and a sample of runs.

    Exits with 1, naming each check that fails.
    """
    with answered(debug):
        check_numbers({"sample": (sample, 0, MOST_SAMPLE)})
        day = parse_date(date)
        from dashboards.evidence import report_files
        from experiments.proposals.verify import verify_pack

        with quiet_stdout():
            found = verify_pack(pack, report_files, sample, day, attacks)
        broken = [finding.check for finding in found if finding.holds is False]
        if as_json:
            print_json({"pack": str(pack), "holds": not broken, "findings": [asdict(finding) for finding in found]})
        else:
            print_table(
                ("check", "outcome", "what was found"), [(f.check, WORDS[f.holds], visible(f.said)) for f in found]
            )
        if broken:
            say(f"error: {pack}: does not hold: {', '.join(broken)}")
            raise typer.Exit(1)
        say(f"{pack}: holds, as far as it was checked")
