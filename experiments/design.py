"""The design of an experiment: the grid of settings, each one's economy built and checked."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

from experiments import values
from experiments.errors import Problems, RequestError, UnfitError, show, unknown
from experiments.scenario import override
from model.economy import Economy
from model.parameters import REGISTRY

MOST_POINTS = 100_000

Controls = Mapping[str, Sequence[Any]]


def grid(controls: Controls) -> list[dict[str, Any]]:
    """The Cartesian product in the order of the file, the last control fastest."""
    return [dict(zip(controls, point, strict=True)) for point in itertools.product(*controls.values())]


def build(base: Economy, controls: Controls, where: str, problems: Problems) -> tuple[Economy, ...]:
    """Every design point's economy; a setting that no economy can have is a problem of the file."""
    built = []
    for point in grid(controls):
        try:
            built.append(override(base, point, f"{where}: controls"))
        except RequestError as error:
            for sentence in error.problems:
                problems.add("", "", sentence)
    return tuple(built)


def read_controls(found: Any, where: str, problems: Problems) -> dict[str, tuple[Any, ...]]:
    """The parameters that vary and their values; notes what is wrong with them."""
    try:
        given = values.mapping(found, "parameters and the values that each takes")
    except UnfitError as error:
        problems.add(where, "controls", error)
        return {}
    if not given:
        problems.add(where, "controls", UnfitError("none", "at least one parameter and the values that it takes"))
    read = {key: _settings(key, items, where, problems) for key, items in given.items()}
    points = 1
    for items in read.values():
        points *= max(1, len(items))
    if points > MOST_POINTS:
        problems.add(where, "controls", UnfitError(f"{points:,} settings", f"at most {MOST_POINTS:,}"))
    return read


def _settings(key: str, found: Any, where: str, problems: Problems) -> tuple[Any, ...]:
    scalars = [name for name, entry in REGISTRY.items() if entry.kind != "list"]
    where_key = f"controls.{key}"
    if key not in scalars:
        what = "control: it holds a list" if key in REGISTRY else "parameter"
        problems.add(where, where_key, unknown(key, what, scalars, "a parameter of one value (quiver-sim params)"))
        return ()
    if not isinstance(found, list) or not found:
        problems.add(where, where_key, UnfitError(show(found), "a list of values, such as [0.25, 0.5]"))
        return ()
    settings: list[Any] = []
    for position, item in enumerate(found):
        try:
            value = values.fit(REGISTRY[key], item)
        except UnfitError as error:
            problems.add(where, f"{where_key}[{position}]", error)
            continue
        if value in settings:
            problems.add(where, f"{where_key}[{position}]", UnfitError(f"{show(item)} again", "each value once"))
        settings.append(value)
    return tuple(settings)
