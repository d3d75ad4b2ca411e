"""What attacks cost: capital, profit and victims' loss of each that was measured, today and as proposed."""

from __future__ import annotations

import pandas as pd

from dashboards.evidence.parts import Block, Part, line, looks, panel, settings, sheet, span
from dashboards.figures.compared import Against, compared
from dashboards.labels import lower_first, upper_first
from dashboards.panels import Panel, View
from dashboards.site.grids import Cell, Column
from dashboards.units import counted, scale_for
from experiments.proposals.attacks import AMOUNTS, PREFIX, RUNS
from experiments.proposals.case import Case
from experiments.proposals.tables import PROPOSED, TODAY
from experiments.words import figure

WHAT = "Each attack in its own scenario, with 95 % intervals. It pays where the whole interval of profit is positive."
CANNOT = "its scenario cannot have the setting"
HEADS = {"capital": "Capital", "profit": "Profit", "loss": "Victims' loss"}


def part(case: Case) -> Part:
    """The attacks that were measured, and those that were not."""
    blocks = []
    if len(case.attacks):
        shown = settings(case)
        columns = [Column("Attack", words=True), Column("Setting", words=True)]
        for amount in AMOUNTS:
            columns += [Column(HEADS[amount], "USD"), Column("95 % interval", "USD")]
        columns.append(Column("Pays", words=True))
        rows = (_row(row, shown[row["setting"]]) for _, row in case.attacks.iterrows())
        found = sheet("Attacks, today and as proposed", columns, rows)
        blocks.append(Block(text=[f"{WHAT} {RUNS} pairs of runs each."], panels=[_panel(case)], sheet=found))
    else:
        touched = "" if case.unmeasured else " The change touches none of the shipped attacks."
        blocks.append(Block(text=[f"No attack was measured, so there is no figure.{touched}"]))
    if case.unmeasured:
        text = "Attacks that the change can touch and that were not measured:"
        blocks.append(Block(text=[text], points=[("", _called(name)) for name in case.unmeasured]))
    return Part("What attacks cost", blocks)


def _panel(case: Case) -> Panel:
    """Profits beside each other; an attack that has none is named."""
    title, table, shown = "What attackers gain", case.attacks, settings(case)
    missing = table.loc[table["profit_usd"].isna(), ["attack", "setting"]].itertuples(index=False, name=None)
    absent = "; ".join(f"{_called(name)} ({lower_first(shown[setting])})" for name, setting in missing)
    note = f"Not in it, as {CANNOT}: {absent}." if absent else ""
    ends = {"mean": "profit_usd", "low": "profit_usd_low", "high": "profit_usd_high"}
    scale = scale_for("USD", table[list(ends.values())].to_numpy())
    rows = pd.DataFrame({name: table[column] * scale.factor for name, column in ends.items()})
    rows = rows.assign(case=table["attack"].map(_called), series=table["setting"].map(shown))
    text = f"Mean profit with 95 % intervals; {counted(RUNS, 'pair')} of runs; seed {case.asked.seed}"

    def draw() -> View:
        found = compared(rows, looks(case), scale.axis("Profit of the attacker"), Against(0.0), title, text)
        return View(found, _said(table))

    return panel("attacks", title, note, draw)


def _said(table: pd.DataFrame) -> str:
    """How many attacks pay, before and after."""
    pays = table["profit_usd_low"] > 0.0
    counts = [f"{int(pays[table['setting'] == name].sum())} {word}" for name, word in WORDS.items()]
    return f"Of {counted(table['attack'].nunique(), 'attack')}, it is seen to pay: {' and '.join(counts)}."


WORDS = {TODAY: "today", PROPOSED: "as proposed"}


def _called(name: str) -> str:
    return upper_first(line(name).removeprefix(PREFIX).replace("_", " "))


def _row(row: pd.Series, setting: str) -> tuple[str | Cell, ...]:
    head = (_called(row["attack"]), setting)
    if pd.isna(row["profit_usd"]):
        return (*head, *["-"] * (2 * len(AMOUNTS)), CANNOT)
    cells = [
        text for a in AMOUNTS for text in (figure(row[f"{a}_usd"]), span(row[f"{a}_usd_low"], row[f"{a}_usd_high"]))
    ]
    return (*head, *cells, Cell("yes", "bad") if row["profit_usd_low"] > 0.0 else "not seen")
