"""What the proposal does: the KPIs against its alternatives, who gains and who loses, where the effect turns."""

from __future__ import annotations

import re

import pandas as pd

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
from experiments.proposals.document.goals import AGGREGATED, MARKS
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import PROPOSED, TODAY
from experiments.words import MISSING, percent, value_interval
from model.metrics import METRICS

PAIRED = "Differences are to today's values, run by run on the same random numbers, with the 95 % interval of the mean."


def rationale_section(case: Case) -> DocumentSection:
    """The author's reasons, the alternatives, and the KPIs under each."""
    proposal = case.proposal
    others = [
        (f"{name.capitalize()}:", ", ".join(f"{key} {value!r}" for key, value in point.items()))
        for name, point in list(proposal.settings.items())[2:]
    ]
    reasons = [Paragraph(part) for part in re.split(r"\n\s*\n", proposal.rationale) if part.strip()]
    own = case.effects[case.effects["kpi"].isin([kpi.name for kpi in proposal.kpis])]
    blocks: list[Block] = [
        *reasons,
        Bullets(others) if others else Paragraph("No alternative was compared."),
        Paragraph(PAIRED),
        Figures("effects"),
        Figures("spreads"),
        DataTable(
            "effects",
            "Means, and differences to today",
            [
                *word_columns("Scenario", "KPI", "Setting"),
                *number_columns("Mean", "95 % interval", "Difference", "95 % interval", "Better in"),
            ],
            [_effect(case, row) for _, row in own.iterrows()],
            heads=3,
        ),
    ]
    return DocumentSection("rationale", "Rationale and alternatives", blocks)


def _effect(case: Case, row: pd.Series) -> list[TableCell]:
    named = (row["scenario"], case.labels[row["kpi"]], row["setting"])
    mean = value_interval(row["mean"], row["low"], row["high"], row["unit"])
    if row["setting"] == TODAY:
        return text_cells(*named, *mean, *[MISSING] * 3)
    ends = (row["difference"], row["difference_low"], row["difference_high"])
    change = value_interval(*ends, row["unit"], difference=True)
    return text_cells(*named, *mean, *change, f"{percent(row['better'])} of runs")


def groups_section(case: Case) -> DocumentSection:
    """Each group's metrics under the proposal, and how it fares in the other scenarios."""
    rows = case.groups[case.groups["setting"] == PROPOSED]
    others = [stress.name for stress in case.proposal.stress[1:]]
    outcome = rows.set_index(["scenario", "group", "metric"])["outcome"]
    found = []
    for row in rows[rows["scenario"] == BASELINE].itertuples():
        fates = [row.outcome, *(outcome[(other, row.group, row.metric)] for other in others)]
        named = text_cells(row.group, f"{METRICS[row.metric].label}, {AGGREGATED[row.aggregation]}")
        change = text_cells(*value_interval(row.difference, row.low, row.high, row.unit, difference=True))
        marked = [TableCell(word, MARKS.get(word, "")) for word in fates]
        found.append([*named, *change, *marked, TableCell(row.reading)])
    table = DataTable(
        "groups-table",
        "The proposal in the baseline, and the outcome in each other scenario",
        [
            *word_columns("Group", "Metric"),
            *number_columns("Difference", "95 % interval"),
            *word_columns("Outcome", *others, "Reading"),
        ],
        found,
        heads=2,
    )
    return DocumentSection("groups-part", "Who gains and who loses", [Paragraph(PAIRED), Figures("groups"), table])


def turning_points_section(case: Case) -> DocumentSection:
    """In which scenarios, and for which values of uncertain parameters, the effect has the other sign."""
    said = (
        "Differences of the proposal by scenario, and by thirds of the runs along each uncertain parameter. The effect "
        "turns where the whole interval lies on the other side of zero from that of all runs of the baseline."
    )
    rows = [
        [
            *text_cells(case.labels[row.kpi], row.factor, row.part, row.span, str(row.n)),
            *text_cells(*value_interval(row.difference, row.low, row.high, row.unit, difference=True)),
            TableCell("yes" if row.flips else "no", "bad" if row.flips else ""),
        ]
        for row in case.flips.itertuples()
    ]
    heads = [
        *word_columns("KPI", "Along", "Part", "Span"),
        *number_columns("Runs", "Difference", "95 % interval", "Turns"),
    ]
    table = DataTable("flips-table", "", heads, rows, heads=3)
    return DocumentSection("flips", "Where the effect turns", [Paragraph(said), Figures("flips"), table])
