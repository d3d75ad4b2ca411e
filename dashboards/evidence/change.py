"""The specification: the change as a diff and a table, the rails that were checked, and the calls on chain."""

from __future__ import annotations

from collections.abc import Iterator

from dashboards.evidence.parts import Block, Part, line, sheet
from dashboards.site.grids import Cell, Column
from dashboards.units import counted, number, with_unit
from experiments.proposals.case import Case


def part(case: Case) -> Part:
    """The specification."""
    delay = f"In force {counted(case.delay_days, 'day')} after submission at the earliest."
    changed = [
        Column("Parameter", words=True),
        Column("Before"),
        Column("After"),
        Column("Change"),
        Column("Unit", words=True),
    ]
    checked = [Column(name, words=True) for name in ("About", "Rail", "Found", "Allowed", "Kept")]
    rails = (
        (line(c.about), c.rail, line(c.found), line(c.allowed), Cell(*(("yes", "good") if c.passed else ("no", "bad"))))
        for c in case.checks
    )
    blocks = [
        Block(diff=list(_diff(case))),
        Block(sheet=sheet("Values before and after", changed, _changes(case)), text=[delay]),
        Block(head="What was checked", sheet=sheet("Rails", checked, rails)),
        _calls(case),
    ]
    return Part("Specification", blocks)


def _diff(case: Case) -> Iterator[tuple[str, str]]:
    for name, before, after, unit in case.changes:
        yield "", f"{name} ({unit})"
        yield "-", before
        yield "+", after


def _changes(case: Case) -> Iterator[tuple[str | Cell, ...]]:
    for name, before, after, unit in case.changes:
        old, new = float(before), float(after)
        share = with_unit(f"{'+' if new > old else ''}{number(100.0 * (new / old - 1.0))}", "%") if old else "from none"
        yield Cell(name, code=True), before, after, share, unit


def _calls(case: Case) -> Block:
    """What executes it on chain."""
    head = "On chain"
    if case.calls is None:
        return Block(head=head, text=["No map of contracts was given, so there are no calls for the chain."])
    columns = [Column(name, words=True) for name in ("Parameter", "Contract", "Function", "Argument")]
    keys = ("parameter", "address", "function", "to_raw")
    rows = (tuple(Cell(line(row[key]), code=True) for key in keys) for row in case.calls["changes"])
    text = "By the map of contracts in targets.yaml; calldata and a Snapshot ballot are in calls.json."
    facts = [("Number of the proposal", str(case.calls["governor"]["proposal_id"]))]
    return Block(head=head, text=[text], facts=facts, sheet=sheet("Calls", columns, rows))
