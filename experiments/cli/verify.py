"""`quiver-sim verify`: checks of a proposal's evidence pack."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import GOVERN, command
from experiments.cli.options import Date, Debug, Json, check_numbers, parse_date
from experiments.cli.output import answered, print_json, print_table, progress, quiet_stdout, say
from experiments.words import visible

if TYPE_CHECKING:
    from experiments.proposals.verify import Verification

MOST_SAMPLE = 1_000_000
WORDS = {True: "holds", False: "does not hold", None: "not checked"}


@command("verify", GOVERN, 2, example="burn-share --date 2027-02-01")
def verify_command(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="The folder that quiver-sim propose wrote.")],
    sample: Annotated[
        int | None,
        typer.Option(
            metavar="N",
            help="Trajectories to simulate again, 0 for none (default: so many that a forgery that changes a verdict "
            "goes unseen with a chance below 5 %).",
        ),
    ] = None,
    date: Date = None,
    attacks: Annotated[
        bool | None,
        typer.Option("--attacks/--no-attacks", help="Measure the attacks again (default: unless --sample is 0)."),
    ] = None,
    signature: Annotated[
        list[str] | None,
        typer.Option(metavar="0x...", help="A signature beside those in PACK.sig; may be given several times."),
    ] = None,
    signer: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="The address that must have signed the pack.")
    ] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Verify a pack: files, hashes, signatures, versions, age, rails, all that follows from its evidence, and runs.

    Exits with 1, naming each check that fails. What the author gave and no check can know is listed.
    """
    with answered(debug):
        check_numbers({"sample": (sample, 0, MOST_SAMPLE)})
        day = parse_date(date)
        from dashboards.evidence import report_files
        from experiments.proposals.verify import Asked, verify_pack

        asked = Asked(sample, day, attacks, tuple(signature or ()), signer)
        with quiet_stdout(), progress() as bar:
            found = verify_pack(pack, report_files, asked, progress=bar)
        if as_json:
            print_json(_content(pack, found))
        else:
            rows = [(f.check, WORDS[f.holds], visible(f.said)) for f in found.findings]
            print_table(("check", "outcome", "what was found"), rows)
            if found.given:
                given = [(name, visible(said)) for name, said in found.given]
                print_table(("given", "by the author, and accepted as it is"), given)
        if found.broken:
            say(f"error: {pack}: does not hold: {', '.join(found.broken)}")
            raise typer.Exit(1)
        say(f"{pack}: holds, as far as it was checked")


def _content(pack: Path, found: Verification) -> dict[str, Any]:
    sample = None
    if found.sample is not None:
        rows = [dict(zip(("scenario", "setting", "run"), key, strict=True)) for key in found.rows]
        sample = {
            "of": found.sample.total,
            "carry_verdicts": len(found.sample.first),
            "drawn": len(found.sample.drawn),
            "fewest_forged": found.sample.fewest,
            "unseen_chance": found.sample.chance,
            "rows": rows,
        }
    return {
        "pack": str(pack),
        "holds": not found.broken,
        "findings": [asdict(finding) for finding in found.findings],
        "signers": list(found.signers),
        "given": dict(found.given),
        "sample": sample,
    }
