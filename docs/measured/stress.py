"""Stress tests and simulations of the spec's Testing Strategy: what is expected of each, and what is measured."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import chart, code, page, table
from experiments.inputs.shipped import about
from experiments.validation import scenario_effects
from experiments.validation.expectations import DOWN, ITSELF, NOTHING, SAME, SIMULATIONS, STRESS, UP, Expectation
from experiments.validation.scenario_effects import ScenarioEffect, compared_with, stress_effects
from experiments.words import signed
from model.metrics import METRICS

FILE = "stress.md"


def text() -> str:
    """The page."""
    return page("Stress tests and economic simulations", _parts())


def _parts() -> Iterable[str]:
    found = stress_effects()
    met = sum(outcome.met for outcome in found)
    yield (
        "The items of SPEC, Testing Strategy, as scenarios that ship, each with what is expected of it "
        "(`experiments/validation/expectations.py`) and what it does. Both sides of a row meet the same shocks, seed "
        f"{scenario_effects.SEED}; the difference is the mean over the runs, with Student's interval at 95 %. A "
        f"row is met if "
        f"the whole interval is on the expected side or within the expected range: {met} of {len(found)} are. Runs are "
        "few and short, enough for a sign and not for a forecast. Every other scenario that ships has such a row too, "
        "which a test measures."
    )
    for part, items in (("Stress tests", STRESS), ("Economic simulations", SIMULATIONS)):
        yield f"## {part}"
        heads = ["Item", "Scenario", "Against", "Metric", "Expected", "Measured", "95 % interval", "Runs, days", "Met"]
        rows = [outcome for item in items for outcome in found if outcome.expectation.spec == item]
        yield table([*heads, "Why"], [_stressed(outcome) for outcome in rows])
    yield "## Figures"
    yield (
        "Mean over the runs by day, the scenario in blue and what it is compared with in orange. The same figure "
        "with bands, of as many runs as wanted: `quiver-sim run SCENARIO --runs 40 --out results`, then `quiver-sim "
        "publish` of the folder that it names."
    )
    for item in (*STRESS, *SIMULATIONS):
        first = next(outcome for outcome in found if outcome.expectation.spec == item)
        described = about(first.expectation.scenario)
        yield f"### {item}: `{described.name}`"
        yield f"{described.title}. {described.description}"
        yield _chart(first)


def _stressed(outcome: ScenarioEffect) -> list[str]:
    row = outcome.expectation
    scale = 100.0 if row.relative else 1.0
    mean, low, high = (f"{signed(scale * value)}" for value in (outcome.mean, outcome.low, outcome.high))
    unit = "%" if row.relative else METRICS[row.metric].unit if row.aggregation in ("last", "mean", "max") else ""
    metric = f"{code(row.metric)}, {row.aggregation}"
    return [
        row.spec,
        code(row.scenario),
        _against(row),
        metric,
        _expected(row),
        f"{mean} {unit}".strip(),
        f"{low} to {high}",
        f"{row.runs}, {row.days}",
        "yes" if outcome.met else "**no**",
        row.reason,
    ]


def _against(row: Expectation) -> str:
    changed = ", ".join(code(f"{key}: {value}") for key, value in row.changes.items())
    name = {ITSELF: "itself", NOTHING: "nothing: the figure itself"}.get(row.against, code(compared_with(row)))
    return f"{name} with {changed}" if changed else name


def _expected(row: Expectation) -> str:
    alone = row.against == NOTHING
    words = {UP: ("higher", "above zero"), DOWN: ("lower", "below zero"), SAME: ("the same", "zero")}
    if row.expected in words:
        return words[row.expected][alone]
    low, high = ((signed(100.0 * end) + " %" if row.relative else signed(end)) for end in row.expected)
    return low if low == high else f"{low} to {high}"


def _chart(outcome: ScenarioEffect) -> str:
    """A line chart that Markdown renders: some twenty points of each side."""
    row = outcome.expectation
    metric = METRICS[row.figure or row.metric]
    step = max(len(outcome.drawn) // 20, 1)
    sides = [outcome.drawn] if row.against == NOTHING else [outcome.drawn, outcome.drawn_against]
    return chart(metric.label, ("day", 0, row.days), metric.unit, [side[::step] for side in sides])
