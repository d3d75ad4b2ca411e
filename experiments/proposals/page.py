"""A proposal as a page of Markdown, for those who vote: what is asked, why, what it does, to whom, and what is open."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from experiments.proposals.attacks import AMOUNTS, RUNS
from experiments.proposals.case import Case
from experiments.proposals.limits import limits
from experiments.proposals.markdown import bullets, paragraphs, safe, table
from experiments.proposals.rails import support_needed
from experiments.proposals.stress import BASELINE
from experiments.proposals.tables import GAINS, LOSES, PROPOSED, SAME, TODAY, against, named
from experiments.words import figure
from model.metrics import METRICS

INTERVAL = "Differences are to today's values, run by run on the same random numbers: mean, and its 95 % interval."


def page(case: Case) -> str:
    """The whole page."""
    parts = {
        "Summary": _summary(case),
        "Objective": _objective(case),
        "Specification": _specification(case),
        "Rationale and alternatives": _rationale(case),
        "Who gains and who loses": _groups(case),
        "What attacks cost": _attacks(case),
        "Where the effect turns": _flips(case),
        "Risks, and what the model cannot say": _risks(case),
        "Review": _review(case),
        "References": iter([bullets(case.asked.references) or "None."]),
    }
    sections = [f"## {head}\n\n" + "\n\n".join(found) for head, found in parts.items()]
    return "\n\n".join([f"# {safe(case.asked.title)}", *sections]) + "\n"


def _summary(case: Case) -> Iterator[str]:
    asked = case.asked
    share = f"{support_needed(asked):.0%} of the votes cast"
    yield f"By {safe(asked.author)}. A proposal of type *{asked.type}*, which needs {share}."
    yield bullets(f"{name}: {before} to {after} ({unit})" for name, before, after, unit in case.changes)
    words = [f"{word}: {named(against(case.groups, [word])) or 'none'}" for word in (GAINS, LOSES, SAME)]
    yield "In the baseline, against today's values:"
    yield bullets([*words, *_breaches(case)])


def _breaches(case: Case) -> Iterator[str]:
    chances = case.chances
    part = chances[(chances["scenario"] == BASELINE) & chances["setting"].isin([TODAY, PROPOSED])]
    for kpi, rows in part.groupby("kpi", sort=False):
        row = rows.set_index("setting")
        counts = [f"{row['breached'][name]} of {row['n'][name]} runs {name}" for name in (TODAY, PROPOSED)]
        yield f"{case.labels[kpi]}: breached in {', '.join(counts)}"


def _objective(case: Case) -> Iterator[str]:
    yield "The figures by which the proposal is to be judged, and how often a threshold may be missed."
    heads = ["KPI", "Metric", "Of its days", "Better", "Threshold", "Chance asked"]
    yield table(
        heads,
        [
            (
                case.labels[kpi.name],
                kpi.metric,
                kpi.aggregation,
                kpi.direction,
                "none" if kpi.threshold is None else f"{figure(kpi.threshold)} {kpi.unit}",
                "none" if kpi.chance is None else f"{kpi.chance:.0%}",
            )
            for kpi in case.asked.kpis
        ],
    )
    heads = ["Scenario", "KPI", "Setting", "Asked", "Breached in", "95 % interval", "Verdict"]
    yield table(
        heads,
        [
            (
                row.scenario,
                case.labels[row.kpi],
                row.setting,
                f"{row.asked} {figure(row.threshold)} {row.unit}",
                f"{row.breached} of {row.n} runs",
                f"{row.low:.1%} to {row.high:.1%}",
                row.verdict,
            )
            for row in case.chances.itertuples()
        ],
    )


def _specification(case: Case) -> Iterator[str]:
    yield table(["Parameter", "Before", "After", "Unit"], list(case.changes))
    yield f"In force {case.delay_days} days after submission at the earliest. What was checked:"
    heads = ["About", "Rail", "Found", "Allowed", "Kept"]
    yield table(heads, [(c.about, c.rail, c.found, c.allowed, "yes" if c.passed else "no") for c in case.checks])
    yield from _calls(case)


def _calls(case: Case) -> Iterator[str]:
    """What executes it on chain."""
    if case.calls is None:
        yield "No map of contracts was given, so there are no calls for the chain."
        return
    yield "On chain, by the map of contracts in `targets.yaml` (calldata and a Snapshot ballot are in `calls.json`):"
    heads = ["Parameter", "Contract", "Function", "Argument"]
    rows = [(row["parameter"], row["address"], row["function"], row["to_raw"]) for row in case.calls["changes"]]
    yield table(heads, rows)
    yield f"Number of the proposal: `{case.calls['governor']['proposal_id']}`."


def _rationale(case: Case) -> Iterator[str]:
    yield paragraphs(case.asked.rationale)
    for name, point in list(case.asked.settings.items())[2:]:
        yield f"*{name.capitalize()}*: " + safe(", ".join(f"{key}: {value!r}" for key, value in point.items()))
    yield f"{INTERVAL} In the baseline:"
    own = [kpi.name for kpi in case.asked.kpis]
    rows = case.effects[(case.effects["scenario"] == BASELINE) & case.effects["kpi"].isin(own)]
    heads = ["KPI", "Setting", "Mean", "Difference", "95 % interval", "Unit", "Better in"]
    yield table(heads, [(case.labels[row["kpi"]], *_effect(row)) for _, row in rows.iterrows()])


def _effect(row: pd.Series) -> tuple[str, ...]:
    first = (row["setting"], figure(row["mean"]))
    if row["setting"] == TODAY:
        return (*first, "-", "-", row["unit"], "-")
    span = _span(row["difference_low"], row["difference_high"])
    return (*first, figure(row["difference"]), span, row["unit"], f"{row['better']:.0%} of runs")


def _groups(case: Case) -> Iterator[str]:
    yield f"{INTERVAL} The proposal in the baseline, and the outcome in each other scenario."
    rows = case.groups[case.groups["setting"] == PROPOSED]
    others = [stress.name for stress in case.asked.stress[1:]]
    words = rows.set_index(["scenario", "group", "metric"])["outcome"]
    heads = ["Group", "Metric", "Difference", "95 % interval", "Unit", "Outcome", *others, "Reading"]
    yield table(
        heads,
        [
            (
                row.group,
                f"{METRICS[row.metric].label}, {row.aggregation}",
                figure(row.difference),
                _span(row.low, row.high),
                row.unit,
                row.outcome,
                *(words[(other, row.group, row.metric)] for other in others),
                row.reading,
            )
            for row in rows[rows["scenario"] == BASELINE].itertuples()
        ],
    )


def _attacks(case: Case) -> Iterator[str]:
    if len(case.attacks):
        yield f"In USD, {RUNS} pairs of runs each, means with 95 % intervals: each attack in its own scenario."
        heads = ["Attack", "Setting", "Capital", "Profit", "Victims' loss", "Pays"]
        yield table(heads, [_attack(row) for _, row in case.attacks.iterrows()])
    else:
        yield "No attack was measured."
    if case.unmeasured:
        yield "Attacks that the change can touch and that were **not** measured:"
        yield bullets(case.unmeasured)
    elif not len(case.attacks):
        yield "The change touches none of the shipped attacks."


def _attack(row: pd.Series) -> tuple[str, ...]:
    if pd.isna(row["profit_usd"]):
        return row["attack"], row["setting"], *["its scenario cannot have the setting"] * len(AMOUNTS), "-"
    cells = [f"{figure(row[f'{a}_usd'])} ({_span(row[f'{a}_usd_low'], row[f'{a}_usd_high'])})" for a in AMOUNTS]
    return row["attack"], row["setting"], *cells, "yes" if row["profit_usd_low"] > 0.0 else "not seen"


def _flips(case: Case) -> Iterator[str]:
    yield (
        "Differences of the proposal by scenario, and by thirds of the runs along what no one decides. It turns where "
        "the whole interval lies on the other side of zero from that of all runs of the baseline."
    )
    heads = ["KPI", "Along", "Part", "Span", "Runs", "Difference", "95 % interval", "Unit", "Turns"]
    yield table(
        heads,
        [
            (
                case.labels[row.kpi],
                row.factor,
                row.part,
                row.span,
                row.n,
                figure(row.difference),
                _span(row.low, row.high),
                row.unit,
                "yes" if row.flips else "no",
            )
            for row in case.flips.itertuples()
        ],
    )


def _risks(case: Case) -> Iterator[str]:
    yield bullets(limits(case.asked.changes))


def _review(case: Case) -> Iterator[str]:
    asked = case.asked
    made = f"made on {case.created}" if case.created else "of no stated date"
    yield f"To be reviewed on {asked.review}. The evidence, {made}, counts for {asked.valid_days} days."
    start = asked.base.start
    yield (
        f"{safe(asked.scenario)}{'' if start is None else f' from day {start.day} of the network'}, "
        f"{asked.base.days} days, at most {asked.runs} runs a setting and scenario, "
        f"seed {asked.seed}, code {safe(case.code)}. `quiver-sim verify` on the folder of this page checks it."
    )


def _span(low: float, high: float) -> str:
    return f"{figure(low)} to {figure(high)}"
