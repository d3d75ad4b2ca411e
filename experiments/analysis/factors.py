"""Factors: the controls and uncertain parameters of an experiment, as ranges and lists.

A factor's place is 0 at its low end and 1 at its high end, in between by its scale; a list of words is placed by its
order. Sensitivity samples places; the search draws values, from the list where there is one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments.inputs.experiment import Experiment
from experiments.inputs.ranges import Domain, numeric, own_values
from model.parameters import REGISTRY

CONTROL, ENVIRONMENT = "control", "environment"


@dataclass(frozen=True)
class Factor:
    """A parameter that varies from `low` to `high` in its own unit, or over `levels`.

    `scale` is linear or log; `whole` numbers are rounded; words and switches have levels and no ends. `kind` says who
    chooses: governance a control, nobody the environment.
    """

    name: str
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    levels: tuple[Any, ...] = ()
    whole: bool = False
    kind: str = CONTROL

    def value(self, place: float) -> Any:
        """The value at a place from 0 to 1; a list of words gives each an equal part."""
        if self.low is None or self.high is None:
            return self.levels[min(int(place * len(self.levels)), len(self.levels) - 1)]
        if self.scale == "log":
            found = self.low * (self.high / self.low) ** place
        else:
            found = self.low + place * (self.high - self.low)
        found = min(max(found, self.low), self.high)
        return round(found) if self.whole else float(found)

    def place(self, value: Any) -> float:
        """Place of a number: 0 at the low end, 1 at the high one, beyond them outside the range."""
        if self.low is None or self.high is None:
            return self.levels.index(value) / max(1, len(self.levels) - 1)
        if self.scale == "log":
            return math.log(value / self.low) / math.log(self.high / self.low) if value > 0.0 else -math.inf
        return float((value - self.low) / (self.high - self.low))

    def distance(self, one: Any, other: Any) -> float:
        """Distance of two values in units of the range; 1 between different words."""
        if self.low is None:
            return float(one != other)
        return 0.0 if one == other else abs(self.place(one) - self.place(other))

    def between(self, one: Any, other: Any, share: float) -> Any:
        """The value a share of the way from one to another, on the scale; of a list the nearest, of words the other."""
        if self.low is None:
            return other
        log = self.scale == "log" and one > 0.0
        found = one * (other / one) ** share if log else one + share * (other - one)
        if self.levels:
            return min(self.levels, key=lambda level: abs(level - found))
        return round(found) if self.whole else float(found)


def factor_of_levels(name: str, values: Sequence[Any], kind: str = CONTROL) -> Factor:
    """Factor of a list of values: numbers in order with their range, words and switches as listed."""
    if not numeric(name):
        return Factor(name, levels=tuple(values), kind=kind)
    ordered = tuple(sorted(values))
    return Factor(
        name, float(ordered[0]), float(ordered[-1]), levels=ordered, whole=REGISTRY[name].kind == "whole", kind=kind
    )


def factor_of(domain: Domain, kind: str = CONTROL) -> Factor:
    """Factor of a control or an uncertain parameter."""
    if domain.low is None or domain.high is None:
        return factor_of_levels(domain.key, domain.values, kind)
    return Factor(domain.key, float(domain.low), float(domain.high), domain.scale, (), domain.whole, kind)


def controls_of(experiment: Experiment) -> list[Factor]:
    """The controls of an experiment that take more than one value."""
    return [factor_of(domain) for domain in experiment.controls.values() if len(domain.values) != 1]


def environment_of(experiment: Experiment) -> list[Factor]:
    """The uncertain parameters of an experiment, without those that come in rows of a file."""
    return [factor_of(domain, ENVIRONMENT) for domain in experiment.environment.domains]


def without_environment(experiment: Experiment) -> Experiment:
    """The experiment with its uncertain parameters fixed at the scenario's values."""
    return replace(experiment, environment=replace(experiment.environment, domains=()))


def fixed_of(experiment: Experiment) -> dict[str, Any]:
    """The controls that have one value, which every point shares."""
    return {name: domain.values[0] for name, domain in experiment.controls.items() if len(domain.values) == 1}


def today_of(experiment: Experiment) -> dict[str, Any]:
    """The scenario's own value of every control."""
    return own_values(experiment.base, experiment.controls)


def points_at(factors: Sequence[Factor], places: Sequence[Sequence[float]]) -> list[Mapping[str, Any]]:
    """Design points from rows of places, `(points, factors)`."""
    return [{factor.name: factor.value(at) for factor, at in zip(factors, row, strict=True)} for row in places]
