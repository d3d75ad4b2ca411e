"""Effects of scenarios: each run beside its comparison on common random numbers, and the differences.

Both sides of a pair meet the same shocks (`paired_runs`), and a side that several rows need is run once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from numpy.typing import NDArray

from experiments.inputs.plan import Kpi, aggregate_days
from experiments.inputs.scenario import load_scenario
from experiments.inputs.shipped import FIRST, find_scenario
from experiments.inputs.strict_yaml import read_mapping
from experiments.statistics import estimate
from experiments.validation.expectations import EXPECTATIONS, ITSELF, NOTHING, Expectation
from experiments.validation.paired_runs import Paths, Side, run_sides
from experiments.validation.stylised_facts import volatility
from model.economy import Economy

SEED = 1


@dataclass(frozen=True)
class ScenarioEffect:
    """A row measured: the means of both sides, the mean difference with its 95 % interval, and the paths to draw."""

    expectation: Expectation
    found: float
    compared: float
    mean: float
    low: float
    high: float
    drawn: NDArray[Any]
    drawn_against: NDArray[Any]

    @property
    def met(self) -> bool:
        """Whether the whole interval is within what is expected."""
        low, high = self.expectation.expected
        return low <= self.low and self.high <= high


def scenario_effects(rows: Sequence[Expectation]) -> list[ScenarioEffect]:
    """Each row measured, in the order given."""
    sides: dict[str, Side] = {}
    for row in rows:
        for side in _sides(row):
            known = sides.setdefault(side.key, side)
            sides[side.key] = known.with_more(side)
    paths = run_sides(list(sides.values()), SEED)
    return [_outcome(row, *(paths[side.key] for side in _sides(row))) for row in rows]


@cache
def stress_effects() -> list[ScenarioEffect]:
    """Effects that the spec's Testing Strategy asks for: measured once a process."""
    return scenario_effects([row for row in EXPECTATIONS if row.spec])


def compared_with(row: Expectation) -> str:
    """The scenario or preset that a row compares with; its own in a row about one change or about the figure itself."""
    if row.against in (ITSELF, NOTHING):
        return row.scenario
    return row.against or extended(row.scenario)


def extended(scenario: str) -> str:
    """What a shipped scenario extends."""
    source = find_scenario(scenario)
    return str(read_mapping(source.path, source.where).get("extends") or FIRST)


def _sides(row: Expectation) -> tuple[Side, Side]:
    """The row's scenario and its comparison; for a row about the figure itself both are the scenario."""
    return (
        _side(row, row.scenario, dict(row.under)),
        _side(row, compared_with(row), {**row.under, **row.changes}),
    )


def _side(row: Expectation, scenario: str, changes: dict[str, object]) -> Side:
    key = f"{scenario} {row.days} {sorted(changes.items())}"
    metrics = frozenset({row.metric, row.figure or row.metric})
    return Side(key, _economy(scenario, row.days, tuple(changes.items())), row.runs, metrics)


@cache
def _economy(scenario: str, days: int, changes: tuple[tuple[str, object], ...]) -> Economy:
    return load_scenario(scenario, dict(changes), days)


def _outcome(row: Expectation, own: Paths, other: Paths) -> ScenarioEffect:
    found = _reduced(row, own)
    compared = 0.0 * found if row.against == NOTHING else _reduced(row, other)
    apart = estimate(found / compared - 1.0 if row.relative else found - compared)
    drawn = row.figure or row.metric
    paths = [side[drawn][:, : row.runs].mean(axis=-1) for side in (own, other)]
    return ScenarioEffect(row, float(found.mean()), float(compared.mean()), apart.mean, apart.low, apart.high, *paths)


def _reduced(row: Expectation, paths: Paths) -> NDArray[Any]:
    """A row's metric of each run as one figure; `volatility` is that of a year, beside the aggregations of a KPI."""
    series = paths[row.metric][:, : row.runs]
    if row.aggregation == "volatility":
        return volatility({"price_usd": series})
    return aggregate_days(Kpi("", "", row.metric, row.aggregation, "", "", ""), series)
