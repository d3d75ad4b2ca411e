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
    """The outcomes in all scenarios as a table, then a figure and a table for each."""
    scenarios = [stress.name for stress in case.asked.stress]
    ids = names(case, "groups", scenarios)
    blocks = [Block(text=[f"{INTERVAL} What is no measure of the group itself is a proxy."], sheet=_outcomes(case))]
    for scenario in scenarios:
        rows = rows_of(case, scenario)
        blocks.append(Block(panels=[_panel(case, rows, scenario, ids[scenario])], sheet=_sheet(rows, scenario)))
    return Part("Who gains and who loses", blocks)


def _outcomes(case: Case) -> Sheet:
    """What each figure says in each scenario."""
    found = {stress.name: rows_of(case, stress.name) for stress in case.asked.stress}
    columns = [Column("Group and figure", words=True), *(Column(line(name), words=True) for name in found)]
    words = pd.DataFrame({name: rows["outcome"].to_numpy() for name, rows in found.items()})
    rows = (
        (_called(row), *map(_outcome, said), row["reading"])
        for (_, row), said in zip(found[BASELINE].iterrows(), words.to_numpy(), strict=True)
    )
    return sheet("Outcomes by scenario", [*columns, Column("Reading", words=True)], rows)


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
    said = ", ".join(f"{word} in {counts.get(word, 0)}" for word in (GAINS, LOSES, UNCLEAR, SAME))
    return f"Of {len(rows)} figures, the group {said}."


def _sheet(rows: pd.DataFrame, scenario: str) -> Sheet:
    columns = [
        Column("Group and figure", words=True),
        Column("Taken as", words=True),
        Column("Today"),
        Column("Difference"),
        Column("95 % interval", "of the difference"),
        Column("Unit", words=True),
        Column("Difference", "% of today's mean"),
        Column("95 % interval", "% of today's mean"),
        Column("Outcome", words=True),
    ]
    found = (
        (
            _called(row),
            row["aggregation"],
            figure(row["today"]),
            figure(row["difference"]),
            span(row["difference_low"], row["difference_high"]),
            row["unit"],
            figure(row["mean"]),
            span(row["low"], row["high"]),
            _outcome(row["outcome"]),
        )
        for _, row in rows.iterrows()
    )
    return sheet(f"Groups in {_named(scenario)}", columns, found)


def _outcome(word: str) -> Cell:
    return Cell(word, MARKS.get(word, ""))
