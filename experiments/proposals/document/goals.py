"""Summary and objective: what is to change, whether its goals are met, who gains and who loses."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from experiments.analysis.goals import MET, NOT_MET, UNDECIDED
from experiments.inputs.plan import Kpi
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
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import GAINS, LOSES, PROPOSED, SAME, TODAY, UNCLEAR, group_sentence, proposed_groups
from experiments.words import percent, value_text

MARKS = {MET: "good", NOT_MET: "bad", GAINS: "good", LOSES: "bad"}
BETTER = {"up": "higher", "down": "lower"}
AGGREGATED = {
    "last": "last day",
    "mean": "mean of the days",
    "sum": "sum of the days",
    "min": "lowest day",
    "max": "highest day",
    "p05": "5th percentile of the days",
    "p95": "95th percentile of the days",
    "change": "change over the days",
}
"""How the days of a run become one number, by the name that files have for it."""


def summary_section(case: Case) -> DocumentSection:
    """The change, each goal in the baseline, and the groups by outcome."""
    changes = [f"{name} from {before} to {after} ({unit})" for name, before, after, unit in case.changes]
    said = [(word, group_sentence(proposed_groups(case.groups, word))) for word in (GAINS, LOSES, UNCLEAR, SAME)]
    blocks: list[Block] = [
        Paragraph(f"Change {'; '.join(changes)}. {' '.join(_goals(case))}", answer=True),
        Paragraph("In the baseline, against today's values:"),
        Bullets([(f"{word.capitalize()}:", groups) for word, groups in said if groups]),
    ]
    return DocumentSection("summary", "Summary", blocks)


def _goals(case: Case) -> Iterator[str]:
    """Each goal in the baseline, in two sentences."""
    for kpi in (kpi for kpi in case.proposal.kpis if kpi.threshold is not None):
        rows = case.chances[(case.chances["scenario"] == BASELINE) & (case.chances["kpi"] == kpi.name)]
        found = rows.set_index("setting")
        now, then = found.loc[TODAY], found.loc[PROPOSED]
        often = "" if kpi.chance is None else f" in {percent(kpi.chance)} of runs"
        verdict = "too few runs to tell" if then["verdict"] == UNDECIDED else then["verdict"]
        yield (
            f"{case.labels[kpi.name]} should be {_threshold(now)}{often}: missed in {now['breached']} of {now['n']} "
            f"runs today and in {then['breached']} of {then['n']} as proposed{'; ' if verdict else ''}{verdict}."
        )


def _threshold(row: pd.Series) -> str:
    return f"{row['asked']} {value_text(float(row['threshold']), str(row['unit']))}"


def objective_section(case: Case) -> DocumentSection:
    """The KPIs by which the proposal is judged, and how often each threshold is breached."""
    blocks: list[Block] = [
        Paragraph("The KPIs by which the proposal is judged, and how often each threshold may be missed."),
        Figures("chances"),
        DataTable(
            "kpis",
            "",
            word_columns("KPI", "Metric", "Measured", "Better", "Threshold", "To be met in"),
            [_kpi(case, kpi) for kpi in case.proposal.kpis],
        ),
        DataTable(
            "chances",
            "How often thresholds are breached",
            [
                *word_columns("Scenario", "KPI", "Setting"),
                *number_columns("Threshold", "Breached in", "95 % interval", "Verdict"),
            ],
            [_chance(case, row) for _, row in case.chances.iterrows()],
            heads=3,
        ),
    ]
    return DocumentSection("objective", "Objective", blocks)


def _kpi(case: Case, kpi: Kpi) -> list[TableCell]:
    return [
        TableCell(case.labels[kpi.name]),
        TableCell(kpi.metric, code=True),
        *text_cells(
            AGGREGATED[kpi.aggregation],
            BETTER.get(kpi.direction, "neither"),
            "none" if kpi.threshold is None else value_text(kpi.threshold, kpi.unit),
            "not asked" if kpi.chance is None else f"{percent(kpi.chance)} of runs",
        ),
    ]


def _chance(case: Case, row: pd.Series) -> list[TableCell]:
    return [
        *text_cells(row["scenario"], case.labels[row["kpi"]], row["setting"], _threshold(row)),
        *text_cells(f"{row['breached']} of {row['n']} runs", f"{percent(row['low'], 1)} to {percent(row['high'], 1)}"),
        TableCell(row["verdict"], MARKS.get(row["verdict"], "")),
    ]
