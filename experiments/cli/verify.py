"""`quiver-sim verify`: whether the pack of a proposal holds."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.output import Debug, Json, answered, check_numbers, document, quiet_stdout, say, table
from experiments.cli.propose import Date, iso_date
from experiments.words import visible

MOST_SAMPLE = 1_000_000
WORDS = {True: "holds", False: "does not hold", None: "not checked"}


def verify(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="The folder that quiver-sim propose wrote.")],
    sample: Annotated[
        int, typer.Option(metavar="N", help="Trajectories to simulate again, drawn by chance; 0 for none.")
    ] = 5,
    date: Date = None,
    attacks: Annotated[bool, typer.Option("--attacks", help="Measure the attacks again, which takes minutes.")] = False,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Check a pack: its files, hashes, versions, age and rails, all that follows from its evidence, and some runs.

    Exits with 1, naming what does not hold.
    """
    with answered(debug):
        check_numbers({"sample": (sample, 0, MOST_SAMPLE)})
        day = iso_date(date)
        from dashboards.evidence import pages
        from experiments.proposals.verify import verify as findings_of

        with quiet_stdout():
            found = findings_of(pack, pages, sample, day, attacks)
        broken = [finding.check for finding in found if finding.holds is False]
        if as_json:
            document({"pack": str(pack), "holds": not broken, "findings": [asdict(finding) for finding in found]})
        else:
            table(("check", "outcome", "what was found"), [(f.check, WORDS[f.holds], visible(f.said)) for f in found])
        if broken:
            say(f"error: {pack}: does not hold: {', '.join(broken)}")
            raise typer.Exit(1)
        say(f"{pack}: holds, as far as it was checked")
