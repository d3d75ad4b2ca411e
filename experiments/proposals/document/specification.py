"""Specification: the parameters before and after, the rails that were checked, the calls on chain."""

from __future__ import annotations

from experiments.proposals.case import CALLS, TARGETS, Case
from experiments.proposals.document.blocks import (
    Block,
    DataTable,
    DocumentSection,
    Facts,
    ParameterChanges,
    TableCell,
    text_cells,
    word_columns,
)
from model.parameters import REGISTRY


def specification_section(case: Case) -> DocumentSection:
    """What the proposal changes, and what executes it."""
    facts = [(name, REGISTRY[name].doc) for name in case.proposal.changes]
    facts += [("In force", f"{case.delay_days} days after submission, at the earliest"), _on_chain(case)]
    blocks: list[Block] = [ParameterChanges(list(case.changes)), Facts(facts), _checks(case)]
    if case.calls is not None:
        blocks.append(_calls(case.calls["changes"]))
    return DocumentSection("specification", "Specification", blocks)


def _on_chain(case: Case) -> tuple[str, str]:
    if case.calls is None:
        return "On chain", "no map of contracts was given, so there are no calls for the chain"
    return "Proposal id on chain", case.calls["governor"]["proposal_id"]


def _checks(case: Case) -> DataTable:
    rows = [text_cells(c.about, c.rail, c.found, c.allowed, "yes" if c.passed else "no") for c in case.checks]
    heads = word_columns("About", "Rail", "Found", "Allowed", "Kept")
    return DataTable("checks", "What was checked", heads, rows, heads=2)


def _calls(found: list[dict[str, str]]) -> DataTable:
    keys = ("parameter", "address", "function", "to_raw")
    return DataTable(
        "calls",
        f"Calls on chain, by the map of contracts in {TARGETS}; calldata and a Snapshot ballot: {CALLS}",
        word_columns("Parameter", "Contract", "Function", "Argument"),
        [[TableCell(row[key], code=True) for key in keys] for row in found],
    )
