"""`quiver-sim snapshot`: a live network's accounts, checked and as a run would start from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import SIMULATE, command
from experiments.cli.options import Debug, Json
from experiments.cli.output import answered, print_json, print_table, say

if TYPE_CHECKING:
    from experiments.inputs.snapshot import Snapshot


@command("snapshot", SIMULATE, 3, example="state.json")
def snapshot_command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A snapshot, such as quiver-sim run --state-out writes.")],
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Check a snapshot of a live network to the wei, and print its accounts and those of a run that starts from it."""
    with answered(debug):
        from experiments.inputs.snapshot import load_snapshot

        found = load_snapshot(file)
        content = _content(found)
        if as_json:
            print_json(content)
            return
        rows = [[row["account"], row["wei"], row["nquiv"]] for row in content["accounts"]]
        print_table(
            ("account", "in the file, wei", "in a run, nano-QUIV"), rows, f"{file}, day {found.day}", right=(1, 2)
        )
        for row in content["agents"]:
            say(f"{row['class']}: {row['entries']} in the file, {row['simulated']} simulated")
        say(f"supply: {found.supply_wei} wei, which is what accounts sum to")
        say(f"remainders of balances under 1e-9 QUIV: {found.kept_nquiv} nano-QUIV of them in vesting_released")
        say(f"outside of the ledger: {found.outside_wei} wei of the supply, less than one nano-QUIV")


def _content(found: Snapshot) -> dict[str, Any]:
    """The figures as plain data; amounts as text, for they have more digits than a float."""
    totals = {name: sum(found.start.balances[f"{name}_nquiv"]) for name in found.accounts_wei}
    return {
        "day": found.day,
        "block": found.block,
        "supply_wei": str(found.supply_wei),
        "kept_nquiv": str(found.kept_nquiv),
        "outside_wei": str(found.outside_wei),
        "accounts": [
            {"account": name, "wei": str(wei), "nquiv": str(totals[name])}
            for name, wei in found.accounts_wei.items()
            if wei or totals[name]
        ],
        "agents": [
            {"class": who, "entries": count, "simulated": found.parameters[f"population.{who}"]}
            for who, count in found.agents.items()
        ],
    }
