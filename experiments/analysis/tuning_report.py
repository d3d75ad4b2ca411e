"""Report of a search: a JSON document, and a page in Markdown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from experiments.analysis.goals import NOT_MET, UNDECIDED
from experiments.analysis.search import LOWER
from experiments.analysis.tune import FRONT, HOLDS, NO_GOALS, Tuning
from experiments.errors import show
from experiments.storage.results_io import records
from experiments.words import counted, figure, percent

VERDICTS = {
    HOLDS: "It holds: on runs that the search has not seen, every goal is met as often as asked.",
    NOT_MET: "It does not hold: on runs that the search has not seen, a goal is met less often than asked.",
    UNDECIDED: "It is undecided: on runs that the search has not seen, an interval lies around the chance asked for.",
    NO_GOALS: "No goal has a chance to be met with, so every setting is admissible and the objectives decide.",
    "": "No setting that was tried meets every goal.",
}
MOST_FRONT = 20


def content(found: Tuning, given: Mapping[str, Any]) -> dict[str, Any]:
    """One JSON document; `given` is what the search was given."""
    question = found.question
    return {
        "asked": dict(given),
        "rule": rule(found),
        "objectives": [vars(objective) for objective in question.objectives],
        "goals": [{"name": g.name, "is": str(g), "chance": g.chance} for g in question.goals],
        "today": dict(question.today),
        "recommended": None if found.chosen is None else found.setting(found.chosen),
        "candidate": found.chosen,
        "quarters": found.quarters,
        "obstacles": list(found.obstacles),
        "verdict": found.verdict or "none admissible",
        "validation": records(found.validation),
        "effect": records(found.effect),
        "rejected": records(found.rejected),
        "candidates": len(found.candidates),
        "admissible": [int(i) for i in found.candidates.index[found.candidates["admissible"]]],
        "front": [int(i) for i in found.candidates.index[found.candidates["front"]]],
        "hypervolume": found.hypervolume,
        "reference_point": dict(found.reference),
    }


def rule(found: Tuning) -> str:
    """How a setting is admissible and which is recommended, in a sentence."""
    lower = found.question.judged_by == LOWER
    judged = "the lower end of the 95 % interval of its probability" if lower else "the share of runs that meet it"
    among = "on the Pareto front" if found.among == FRONT else "that is admissible"
    return (
        f"A setting is admissible if {judged} is at the chance or above for every goal with a chance; recommended is "
        f"the one nearest to today's {among}, in units of each control's range."
    )


def markdown(found: Tuning, title: str, given: Mapping[str, Any]) -> str:
    """The page, by chapters."""
    return "\n".join(_lines(found, title, given)) + "\n"


def setting_rows(found: Tuning) -> list[list[str]]:
    """Parameter, today's value, the recommended one; those that change first."""
    today, chosen = found.question.today, found.setting(found.chosen or 0)
    names = sorted(chosen, key=lambda name: chosen[name] == today[name])
    return [[name, _value(today[name]), _value(chosen[name])] for name in names]


def goal_rows(found: Tuning) -> list[list[str]]:
    """Each goal on fresh runs: how often it is met today and if recommended, the chance asked for, the verdict."""
    table = found.validation
    rows = []
    for goal in found.question.goals:
        cells = [goal.name]
        for design in (0, 1):
            cells.append(probability(table[(table["goal"] == goal.name) & (table["design"] == design)].iloc[0]))
        last = table[(table["goal"] == goal.name) & (table["design"] == 1)].iloc[0]
        rows.append([*cells, chance_asked(last["chance"]), last["verdict"] or "-"])
    return rows


def effect_rows(effect: pd.DataFrame) -> list[list[str]]:
    """Each objective on fresh runs: today, recommended, their paired difference, how many runs are better."""
    return [
        [
            row["kpi"],
            figure(row["reference"]),
            figure(row["value"]),
            f"{figure(row['difference'])} ({figure(row['low'])} to {figure(row['high'])})",
            f"{percent(row['better'])} of {row['n']}",
        ]
        for _, row in effect.iterrows()
    ]


def chance_asked(chance: float) -> str:
    """The chance that a goal asks for, NaN for none."""
    return "-" if math.isnan(chance) else f"{100.0 * chance:g} %"


def probability(row: Mapping[str, Any]) -> str:
    """How often a goal is met, with its interval and the number of runs."""
    if not row["n"]:
        return "no run has a value"
    low, high = 100.0 * row["low"], 100.0 * row["high"]
    return f"{percent(row['share'])} ({low:.0f} to {high:.0f}) of {row['n']}"


def way(found: Tuning) -> str:
    """Quarters that governance needs to reach the setting, in a sentence."""
    if found.obstacles:
        return "Governance cannot get there: " + "; ".join(found.obstacles) + "."
    if not found.quarters:
        return "Nothing changes: it is today's setting."
    return f"Governance gets there in {counted(found.quarters, 'quarter')} of the largest steps that its limit allows."


def _lines(found: Tuning, title: str, given: Mapping[str, Any]) -> Iterator[str]:
    question = found.question
    yield f"# Which settings meet the goals: {title}"
    yield ""
    yield VERDICTS[found.verdict]
    if found.chosen is not None:
        yield from ("", "## Recommended", "", way(found), "")
        yield from _table(["Parameter", "Today", "Recommended"], setting_rows(found))
        if question.goals:
            yield from ("", "## Goals on fresh runs", "")
            yield from _table(["Goal", "Today", "Recommended", "Chance asked", "Verdict"], goal_rows(found))
        if len(found.effect):
            yield from ("", "## Objectives on fresh runs, as paired differences", "")
            heads = ["Objective", "Today", "Recommended", "Difference (95 % interval)", "Better in"]
            yield from _table(heads, effect_rows(found.effect))
    yield from ("", "## Not recommended", "")
    rejected = [[str(r["candidate"]), f"{r['distance']:.3f}", r["why"]] for _, r in found.rejected.iterrows()]
    yield from _table(["Candidate", "Distance", "Why"], rejected)
    if question.objectives and found.candidates["front"].any():
        yield from ("", "## Pareto front", "", *_front(found))
    yield from ("", "## How it was found", "", rule(found), "")
    yield from (f"- {goal.name}: {goal}" for goal in question.goals)
    yield from (f"- {name}: {show(value)}" for name, value in given.items())


def _front(found: Tuning) -> Iterator[str]:
    reference = ", ".join(f"{name} {figure(value)}" for name, value in found.reference.items())
    yield (
        f"Hypervolume {found.hypervolume:.3f} of the box between the best and the worst value of each objective among "
        f"all candidates; reference point: {reference}."
    )
    yield ""
    front = found.candidates[found.candidates["front"]].head(MOST_FRONT)
    names = [*found.question.today, *(objective.kpi for objective in found.question.objectives)]
    rows = [[str(i), *(_value(row[name]) for name in names)] for i, row in front.iterrows()]
    yield from _table(["Candidate", *names], rows)


def _value(value: Any) -> str:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return figure(float(value)) if number else str(value)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "| " + " | ".join("---" for _ in heads) + " |"
    yield from ("| " + " | ".join(str(cell).replace("|", "/") for cell in row) + " |" for row in rows)
