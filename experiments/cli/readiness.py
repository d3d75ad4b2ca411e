"""`quiver-sim readiness`: the spec's Deployment Checklist, as far as a simulation can tell."""

from __future__ import annotations

from dataclasses import asdict

from experiments.cli.output import Debug, Json, answered, document, say, table


def readiness(as_json: Json = False, debug: Debug = False) -> None:
    """Go through the spec's Deployment Checklist: what the simulation supports, what is open, what it cannot judge."""
    with answered(debug):
        say("Running scenarios for the checklist; this takes about a minute.")
        from experiments.validation.readiness import checklist as lines

        found = lines()
        if as_json:
            document([asdict(line) for line in found])
            return
        rows = [
            (line.item, line.verdict, "\n".join([line.says, *(f"- {s.source}: {s.outcome}" for s in line.support), ""]))
            for line in found
        ]
        table(("line", "verdict", "what the simulation says"), rows)
