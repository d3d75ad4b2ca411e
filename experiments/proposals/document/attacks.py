"""What attacks cost, bring and destroy, today and as proposed."""

from __future__ import annotations

import pandas as pd

from experiments.proposals.attacks import AMOUNTS, RUNS
from experiments.proposals.case import Case
from experiments.proposals.document.blocks import (
    Block,
    Bullets,
    DataTable,
    DocumentSection,
    Figures,
    Paragraph,
    TableCell,
    number_columns,
    text_cells,
    word_columns,
)
from experiments.words import value_interval


def attacks_section(case: Case) -> DocumentSection:
    """The measured attacks, and those that the change can touch and that were not measured."""
    blocks: list[Block] = [Figures("attacks"), _table(case.attacks)]
    if not len(case.attacks):
        none = "" if case.unmeasured else " The change touches none of the shipped attacks."
        blocks = [Paragraph(f"No attack was measured.{none}")]
    if case.unmeasured:
        blocks.insert(0, Paragraph("The change can touch these attacks too, and they were not measured:"))
        blocks.insert(1, Bullets([("", name) for name in case.unmeasured]))
    return DocumentSection("attacks-part", "What attacks cost", blocks)


def _table(found: pd.DataFrame) -> DataTable:
    heads = [head for name in ("Capital", "Profit", "Victims' loss") for head in (name, "95 % interval")]
    return DataTable(
        "attacks-table",
        f"{RUNS} pairs of runs each, in USD, each attack in its own scenario",
        [*word_columns("Attack", "Setting"), *number_columns(*heads, "Pays")],
        [_row(row) for _, row in found.iterrows()],
        heads=2,
    )


def _row(row: pd.Series) -> list[TableCell]:
    columns = [(f"{name}_usd", f"{name}_usd_low", f"{name}_usd_high") for name in AMOUNTS]
    amounts = [value_interval(row[mean], row[low], row[high], "USD") for mean, low, high in columns]
    pays = "yes" if row["profit_usd_low"] > 0.0 else "not seen"
    if pd.isna(row["profit_usd"]):
        pays = "cannot have the setting"
    numbers = [text for amount in amounts for text in amount]
    return [TableCell(row["attack"], code=True), *text_cells(row["setting"], *numbers, pays)]
