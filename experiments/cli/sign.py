"""`quiver-sim sign`: what a wallet is to sign of a proposal's evidence pack."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.command import GOVERN, command
from experiments.cli.options import Debug
from experiments.cli.output import answered, print_json, say


@command("sign", GOVERN, 3, example="burn-share > to-sign.json")
def sign_command(
    pack: Annotated[Path, typer.Argument(metavar="PACK", help="The folder that quiver-sim propose wrote.")],
    debug: Debug = False,
) -> None:
    """Print what to sign of a pack, as EIP-712 typed data: a wallet signs it, and no key is asked for here."""
    with answered(debug):
        from experiments.proposals.inside import hashes, manifest_of, read_pack
        from experiments.proposals.signatures import hashes_of, side_file, typed_data

        there, contents = read_pack(pack)
        data = typed_data(contents)
        listed = hashes(contents, manifest_of(contents) or {"sha256": {}})
        if not (there.holds and listed.holds):
            wrong = "; ".join(finding.said for finding in (there, listed) if not finding.holds)
            say(f"error: {pack}: nothing to sign, as its files are not those it lists: {wrong}")
            raise typer.Exit(1)
        domain, message = hashes_of(data)
        print_json(data)
        say(
            f"Sign this with a wallet (eth_signTypedData_v4). A hardware wallet shows the domain's hash {domain} and "
            f"the message's {message}. Add the signature, 0x and 130 digits, as a line to {side_file(pack)}. "
            "Files and hashes were looked at; quiver-sim verify checks the rest."
        )
