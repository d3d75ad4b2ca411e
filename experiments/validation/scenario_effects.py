"""Effects of scenarios: each run beside its comparison on common random numbers, and the differences.

Every draw is a function of seed, run and what it is for, so both sides of a pair meet the same shocks. Sides of one
structure share a batch, and a side that several rows need is run once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.inputs.plan import Kpi, aggregate_days
from experiments.inputs.scenario import load_scenario
from experiments.inputs.shipped import FIRST, find_scenario
from experiments.inputs.strict_yaml import read_mapping
from experiments.statistics import estimate
from experiments.validation.expectations import EXPECTATIONS, ITSELF, NOTHING, Expectation
from experiments.validation.stylised_facts import volatility
from model.economy import Economy

SEED = 1

Paths = Mapping[str, NDArray[Any]]
"""Metrics by name, `(days + 1, runs)`."""


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
    sides: dict[str, _Side] = {}
    for row in rows:
        for side in _sides(row):
            known = sides.setdefault(side.key, side)
            sides[side.key] = known.with_more(side)
    paths = _run(list(sides.values()))
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


@dataclass(frozen=True)
class _Side:
    """A scenario with changes to run, and what to record."""

    key: str
    economy: Economy
    runs: int
    metrics: frozenset[str]

    def with_more(self, other: _Side) -> _Side:
        """The same with the runs and metrics that either needs."""
        return _Side(self.key, self.economy, max(self.runs, other.runs), self.metrics | other.metrics)


def _sides(row: Expectation) -> tuple[_Side, _Side]:
    """The row's scenario and its comparison; for a row about the figure itself both are the scenario."""
    return (
        _side(row, row.scenario, dict(row.under)),
        _side(row, compared_with(row), {**row.under, **row.changes}),
    )


def _side(row: Expectation, scenario: str, changes: dict[str, object]) -> _Side:
    key = f"{scenario} {row.days} {sorted(changes.items())}"
    metrics = frozenset({row.metric, row.figure or row.metric})
    return _Side(key, _economy(scenario, row.days, tuple(changes.items())), row.runs, metrics)


@cache
def _economy(scenario: str, days: int, changes: tuple[tuple[str, object], ...]) -> Economy:
    return load_scenario(scenario, dict(changes), days)


def _run(sides: Sequence[_Side]) -> dict[str, Paths]:
    """The recorded paths of every side, those of one structure in one batch."""
    batches: dict[tuple[object, ...], list[_Side]] = {}
    for side in sides:
        batches.setdefault(side.economy.structure(), []).append(side)
    return {key: paths for batch in batches.values() for key, paths in _batch(batch).items()}


def _batch(sides: Sequence[_Side]) -> dict[str, Paths]:
    metrics = sorted(frozenset().union(*(side.metrics for side in sides)))
    economies = [side.economy for side in sides for _ in range(side.runs)]
    record = execute(economies, SEED, [run for side in sides for run in range(side.runs)], metrics)["record"]
    ends = np.cumsum([side.runs for side in sides])
    parts = np.split(record, ends[:-1], axis=-1)
    return {
        side.key: dict(zip(metrics, part.swapaxes(0, 1), strict=True)) for side, part in zip(sides, parts, strict=True)
    }


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
