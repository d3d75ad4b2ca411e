"""The report's summary: what is asked, whether its goals are met before and after, who gains and who loses."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from dashboards.evidence.parts import Block, Part, called, line, percent
from dashboards.labels import lower_first, upper_first
from dashboards.units import counted
from experiments.analysis.goals import MET, NOT_MET, UNDECIDED
from experiments.proposals.case import Case
from experiments.proposals.rails import support_needed
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import GAINS, LOSES, PROPOSED, SAME, TODAY, UNCLEAR, against
from model.metrics import METRICS


def part(case: Case) -> Part:
    """The summary."""
    asked = case.asked
    votes = f"{line(asked.author)} asks for it as a proposal of type {asked.type}, which needs"
    text = f"{votes} {percent(support_needed(asked))} of the votes cast."
    words = [(f"{upper_first(word)}:", named(against(case.groups, [word]))) for word in (GAINS, LOSES, UNCLEAR, SAME)]
    points = [*_breaches(case), *words]
    frame = "In the baseline, against today's values on the same random numbers:"
    return Part("Summary", [Block(answer=answer(case)), Block(text=[text, frame]), Block(points=points)])


def answer(case: Case) -> str:
    """What is asked and what comes of it, in one paragraph."""
    changes = "; ".join(f"{name} from {old} to {new} ({unit})" for name, old, new, unit in case.changes)
    found = against(case.groups, [GAINS]), against(case.groups, [LOSES])
    gains, loses = ("; ".join(dict.fromkeys(rows["group"])) or "no group" for rows in found)
    said = f"Gains, by at least one figure: {gains}. Loses, by at least one: {loses}."
    return f"Asked: {changes}. {_goals(case.chances)} {said}"


def _goals(chances: pd.DataFrame) -> str:
    """How many goals are met before and after."""
    rows = chances[(chances["scenario"] == BASELINE) & chances["chance_asked"].notna()]
    found = {word: rows.loc[rows["setting"] == name, "verdict"] for name, word in WORDS.items()}
    said = [f"{word} {verdicts(part)}" for word, part in found.items()]
    return f"Of {counted(len(found['today']), 'goal')} in the baseline: {'; '.join(said)}."


def verdicts(found: pd.Series) -> str:
    """How many goals are met, not met and undecided."""
    return ", ".join(f"{int((found == word).sum())} {word}" for word in (MET, NOT_MET, UNDECIDED))


def _breaches(case: Case) -> Iterator[tuple[str, str]]:
    """How often each threshold is breached, today and as proposed."""
    labels, rows = called(case), case.chances[case.chances["scenario"] == BASELINE]
    for kpi, found in rows.groupby("kpi", sort=False):
        row = found.set_index("setting")
        counts = [f"{row['breached'][name]} of {row['n'][name]} runs {word}" for name, word in WORDS.items()]
        yield f"{labels[str(kpi)]}:", f"threshold breached in {' and '.join(counts)}."


WORDS = {TODAY: "today", PROPOSED: "as proposed"}


def named(rows: pd.DataFrame) -> str:
    """Groups with the metrics that say so."""
    found: dict[str, list[str]] = {}
    for row in rows.itertuples():
        found.setdefault(row.group, []).append(lower_first(METRICS[row.metric].label))
    return "; ".join(f"{group} ({', '.join(metrics)})" for group, metrics in found.items()) or "none"
