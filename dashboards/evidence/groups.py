"""Who gains and who loses: each group's figures against today's values, scenario by scenario."""

from __future__ import annotations

import pandas as pd

from dashboards.evidence.effects import INTERVAL, NO_VALUE, in_percent
from dashboards.evidence.parts import BETTER, OPEN, WORSE, Block, Part, Sheet, line, names, panel, sheet, span, under
from dashboards.figures.compared import Against, Look, compared
from dashboards.figures.template import GREY
from dashboards.labels import upper_first
from dashboards.panels import Panel, View
from dashboards.site.grids import Cell, Column
from dashboards.units import with_unit
from experiments.proposals.case import Case
from experiments.proposals.groups import PREFIX
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import GAINS, LOSES, PROPOSED, SAME, TODAY, UNCLEAR
from experiments.words import figure
from model.metrics import METRICS

LOOKS = {
    upper_first(GAINS): BETTER,
    upper_first(LOSES): WORSE,
    upper_first(UNCLEAR): OPEN,
    upper_first(SAME): Look(GREY, "square-open"),
}
MARKS = {GAINS: "good", LOSES: "bad"}


def part(case: Case) -> Part:
    """A figure and a table for each scenario; the baseline's has the outcomes in the others."""
    scenarios = [stress.name for stress in case.asked.stress]
    ids = names(case, "groups", scenarios)
    blocks = [Block(text=[f"{INTERVAL} The proposal against today's values; the last column says what is a proxy."])]
    for scenario in scenarios:
        rows = rows_of(case, scenario)
        others = scenarios[1:] if scenario == BASELINE else []
        found = [_panel(case, rows, scenario, ids[scenario])]
        blocks.append(Block(head=f"In {_named(scenario)}", panels=found, sheet=_sheet(case, rows, scenario, others)))
    return Part("Who gains and who loses", blocks)


def rows_of(case: Case, scenario: str) -> pd.DataFrame:
    """The proposal's rows of the table of groups in a scenario, with `mean`, `low` and `high` in percent of today."""
    rows = case.groups[(case.groups["setting"] == PROPOSED) & (case.groups["scenario"] == scenario)]
    today = case.effects[(case.effects["setting"] == TODAY) & (case.effects["scenario"] == scenario)]
    means = today.set_index("kpi")["mean"].reindex(PREFIX + rows["metric"]).to_numpy()
    kept = rows.rename(columns={"low": "difference_low", "high": "difference_high", "mean": "level"})
    return kept.join(in_percent(kept, means)).assign(today=means)


def _named(scenario: str) -> str:
    return "the baseline" if scenario == BASELINE else f"the scenario {line(scenario)}"


def _called(row: pd.Series) -> str:
    """A group with what is measured of it."""
    return f"{upper_first(row['group'])}: {METRICS[row['metric']].label}"


def _panel(case: Case, rows: pd.DataFrame, scenario: str, name: str) -> Panel:
    """The differences in percent of today's means, coloured by outcome."""
    title = f"Groups in {_named(scenario)}, as proposed"
    table = rows.assign(case=rows.apply(_called, axis=1), series=rows["outcome"].map(upper_first))
    absent = list(table.loc[table["mean"].isna(), "case"])
    note = "In percent of today's mean. Blue is what the group would rather have, whichever way that is."
    note += f" {NO_VALUE}{'; '.join(absent)}." if absent else ""

    def draw() -> View:
        runs = case.effects.loc[case.effects["scenario"] == scenario, "n"].max()
        text = under(case, "Mean paired differences with 95 % intervals", int(runs))
        axis = "Difference to today (% of today's mean)"
        return View(compared(table, LOOKS, axis, Against(0.0), title, text), _said(rows))

    return panel(name, title, note, draw)


def _said(rows: pd.DataFrame) -> str:
    """How many figures speak of gain, loss, or neither."""
    counts = rows["outcome"].value_counts()
    said = ", ".join(f"{counts.get(word, 0)} {word}" for word in (GAINS, LOSES, UNCLEAR, SAME))
    return f"Of {len(rows)} figures of groups: {said}."


def _sheet(case: Case, rows: pd.DataFrame, scenario: str, others: list[str]) -> Sheet:
    words = case.groups[case.groups["setting"] == PROPOSED].set_index(["scenario", "group", "metric"])["outcome"]
    columns = [
        Column("Group", words=True),
        Column("Metric", words=True),
        Column("Today"),
        Column("Difference"),
        Column("95 % interval"),
        Column("Unit", words=True),
        Column("Of today's mean"),
        Column("Outcome", words=True),
        *(Column(line(other), "outcome", words=True) for other in others),
        Column("Reading", words=True),
    ]
    found = (
        (
            row["group"],
            f"{METRICS[row['metric']].label}, {row['aggregation']}",
            figure(row["today"]),
            figure(row["difference"]),
            span(row["difference_low"], row["difference_high"]),
            row["unit"],
            with_unit(figure(row["mean"]), "%"),
            *(_outcome(word) for word in (row["outcome"], *(words[(o, row["group"], row["metric"])] for o in others))),
            row["reading"],
        )
        for _, row in rows.iterrows()
    )
    return sheet(f"Groups in {_named(scenario)}", columns, found)


def _outcome(word: str) -> Cell:
    return Cell(word, MARKS.get(word, ""))
