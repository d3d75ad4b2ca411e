"""`quiver-sim calldata`: parameter changes as calldata of a Governor and as a Snapshot proposal."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from experiments.cli.command import GOVERN, command
from experiments.cli.options import Debug, Json
from experiments.cli.output import answered, print_json, print_table, say


@command("calldata", GOVERN, 4, example="changes.yaml --targets targets.yaml")
def calldata_command(
    changes: Annotated[
        str, typer.Argument(metavar="CHANGES", help="A YAML file: title, body, changes {parameter: {from, to}}.")
    ],
    targets: Annotated[
        str | None,
        typer.Option(
            metavar="MAP", help="Contracts that hold each parameter (default: an example whose addresses are made up)."
        ),
    ] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Encode parameter changes as Governor calldata with its proposal id, and as a Snapshot proposal.

    Amounts become whole numbers exactly; a value that would be rounded is refused. Nothing is sent anywhere.
    """
    with answered(debug):
        from experiments.proposals.onchain import decode, example_targets, forms_of, load_targets

        where = example_targets() if targets is None else load_targets(targets)
        found = forms_of(changes, where)
        decode(found, where)
        if targets is None:
            say("warning: the addresses are the example map's, which are made up; give your own with --targets")
        if as_json:
            print_json({"targets": where.where, **found})
        else:
            _print(found)


def _print(found: dict[str, Any]) -> None:
    rows = [
        (row["parameter"], row["unit"], row["from"], row["to"], f"{row['function']} at {row['address']}", row["to_raw"])
        for row in found["changes"]
    ]
    print_table(("parameter", "unit", "from", "to", "function", "argument"), rows, right=(5,))
    governor = found["governor"]
    lines = [f"{key}: {governor[key]}" for key in ("proposal_id", "propose", "queue", "execute", "bravo")]
    ballot = json.dumps(found["snapshot"], indent=2, ensure_ascii=False)
    sys.stdout.write("\n\n".join([*lines, f"snapshot: {ballot}"]) + "\n")
