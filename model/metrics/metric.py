"""A metric's declaration, and the ways in which most are read from the state at the end of a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from model.arrays import Array
from model.metrics.reading import Reading
from model.parameters import REGISTRY

Read = Callable[[Reading], Array]


@dataclass(frozen=True)
class Chapter:
    """Metrics of one subsystem, reported together: a page of the site, with its title and what it is about."""

    id: str
    title: str
    sentence: str


@dataclass(frozen=True)
class Metric:
    """A figure that is reported of each day.

    `read` gives an array of shape `(*batch)`. `spec` names the fields of the spec's structures that the metric carries.
    """

    name: str
    label: str
    unit: str
    doc: str
    read: Read
    spec: tuple[str, ...] = ()


def held_in(*accounts: str) -> Read:
    """The accounts' sum, QUIV."""
    return lambda r: r.held(*accounts)


def moved_by(*flows: str) -> Read:
    """Tokens that flows moved today, QUIV."""
    return lambda r: r.moved(*flows)


def value_of(variable: str) -> Read:
    """A state variable of shape `(*batch)`, as it is."""
    return lambda r: r.state[variable]


def entry_of(variable: str, index: int) -> Read:
    """One entry along a state variable's own axis."""
    return lambda r: r.state[variable][..., index] * 1.0


def sum_of(variable: str) -> Read:
    """A state variable summed over its own axis."""
    return lambda r: r.summed(variable) * 1.0


def mean_of(variable: str) -> Read:
    """The mean of a state variable over its own axis."""
    return lambda r: r.xp.mean(r.state[variable], axis=-1)


def live_value(parameter: str) -> Metric:
    """The live value of a governed parameter."""
    entry = REGISTRY[parameter]
    name, doc = f"live_{parameter.replace('.', '_')}", f"Live value of {parameter}: {entry.doc}"
    return Metric(name, f"Live {parameter}", entry.unit, doc, value_of(parameter))
