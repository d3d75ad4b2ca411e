"""`quiver-sim readiness`: which items of the Deployment Checklist simulation can support."""

from __future__ import annotations

from dataclasses import asdict

from experiments.cli.command import GOVERN, command
from experiments.cli.options import Debug, Json
from experiments.cli.output import answered, print_json, print_table, say


@command("readiness", GOVERN, 5, example="--json")
def readiness_command(as_json: Json = False, debug: Debug = False) -> None:
    """Go through the spec's Deployment Checklist: items that simulation supports, leaves open, or cannot judge."""
    with answered(debug):
        say("Running scenarios for the checklist; this takes about a minute.")
        from experiments.validation.readiness import checklist as lines

        found = lines()
        if as_json:
            print_json([asdict(line) for line in found])
            return
        rows = [
            (line.item, line.verdict, "\n".join([line.says, *(f"- {s.source}: {s.outcome}" for s in line.support), ""]))
            for line in found
        ]
        print_table(("line", "verdict", "what the simulation says"), rows)
