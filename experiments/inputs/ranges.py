"""What one key of an experiment may be: one of some values, or anything from a low end to a high one.

Controls and the environment are made of these. A place from 0 to 1 stands for a value, so that every sampler works on
the unit cube: equal parts of it are equally likely values, on a linear or a logarithmic scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from experiments.errors import Problems, UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.changes import FLAGS
from experiments.inputs.items import read_item
from model.economy import Economy
from model.parameters import REGISTRY, flatten
from policies import MECHANISMS

SCALES = ("linear", "log")
MOST_LEVELS = 1000
SCALARS = tuple(name for name, entry in REGISTRY.items() if entry.kind != "list")
SWITCHES = (*(f"mechanisms.{name}" for name in MECHANISMS), *FLAGS)
LISTED = "a parameter of one value (quiver-sim params), mechanisms.X"


@dataclass(frozen=True)
class Spread:
    """`values`, all as likely, or from `low` to `high` in the parameter's unit, evenly on `scale`; `whole` numbers."""

    key: str
    values: tuple[Any, ...] = ()
    low: float | None = None
    high: float | None = None
    scale: str = "linear"
    whole: bool = False

    def at(self, place: float) -> Any:
        """The value at a place from 0 to below 1; each value of a list, and each whole number, has an equal part."""
        if self.low is None or self.high is None:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        low, high = float(self.low), float(self.high) + (1.0 if self.whole else 0.0)
        along = low * math.exp(place * math.log(high / low)) if self.scale == "log" else low + place * (high - low)
        found = min(max(along, self.low), self.high)
        return math.floor(found) if self.whole else found

    @property
    def ends(self) -> tuple[Any, ...]:
        """The two ends of the range, or of a list of numbers; every one of other values."""
        if self.low is not None and self.high is not None:
            return (self.low, self.high)
        return tuple(dict.fromkeys((min(self.values), max(self.values)))) if numeric(self.key) else self.values


def numeric(key: str) -> bool:
    """Whether a key is a parameter that takes numbers."""
    return key in REGISTRY and REGISTRY[key].kind in ("number", "whole")


def fit(key: str, found: Any) -> Any:
    """A value of a parameter, a mechanism or a flag as the model takes it; `UnfitError` if it is not allowed."""
    return validate.fit(REGISTRY[key], found) if key in REGISTRY else validate.switch(found)


def own_values(economy: Economy, keys: Iterable[str]) -> dict[str, Any]:
    """What an economy itself has for some keys."""
    flat = flatten(economy.parameters)
    return {key: flat[key] if key in flat else _switched(economy, key) for key in keys}


def _switched(economy: Economy, key: str) -> bool:
    section, _, name = key.partition(".")
    return economy.on(name) if section == "mechanisms" else bool(getattr(economy, key))


def axis(key: str) -> dict[str, str]:
    """A key with its label and unit."""
    if key in REGISTRY:
        return {"key": key, "label": REGISTRY[key].label, "unit": REGISTRY[key].unit}
    words = key.rpartition(".")[2].replace("_", " ")
    return {"key": key, "label": words[0].upper() + words[1:], "unit": ""}


def no_such(key: str, noun: str, allowed: Iterable[str] = (*SCALARS, *SWITCHES), listed: str = LISTED) -> str:
    """The sentence for a key that cannot vary as a `noun`."""
    what = "parameter"
    if key in REGISTRY:
        what = f"{noun}: it holds a list"
    elif key.startswith("exogenous."):
        what = f"{noun}: a process from outside is the scenario's"
    return unknown(key, what, allowed, listed)


def read_values(key: str, found: Any, place: str, where: str, problems: Problems) -> Spread | None:
    """A spread over a list of values, each once."""
    if not isinstance(found, list) or not found:
        example = "[0.25, 0.5]" if numeric(key) or key not in REGISTRY else "[a, b]"
        problems.add(where, place, UnfitError(show(found), f"a list of values, such as {example}"))
        return None
    settings: list[Any] = []
    for position, item in enumerate(found):
        try:
            value = fit(key, item)
        except UnfitError as error:
            problems.add(where, f"{place}[{position}]", error)
            continue
        if value in settings:
            problems.add(where, f"{place}[{position}]", UnfitError(f"{show(item)} again", "each value once"))
        settings.append(value)
    return Spread(key, tuple(settings)) if settings else None


def read_range(key: str, found: Any, place: str, where: str, problems: Problems, levels: bool) -> Spread | None:
    """A spread from `low` to `high`; with `levels` it may be cut into some values, spaced evenly on its scale."""
    if not numeric(key):
        allowed = "a list of values, such as [true, false]" if key not in REGISTRY else "a list of values"
        problems.add(where, place, UnfitError(f"a range of {key}, which is no number", allowed))
        return None
    optional = ("scale", "levels") if levels else ("scale",)

    def field(name: str) -> Any:
        if name == "scale":
            return validate.choice(found[name], SCALES)
        if name == "levels":
            return validate.whole(found[name], 2, MOST_LEVELS, "levels")
        return fit(key, found[name])

    read = read_item(found, place, "range", ("low", "high"), optional, field, where, problems)
    if read is None:
        return None
    spread = Spread(key, (), read["low"], read["high"], read.get("scale", "linear"), REGISTRY[key].kind == "whole")
    if read["low"] >= read["high"]:
        wrong = UnfitError(f"low {show(read['low'])} and high {show(read['high'])}", "a low end below the high one")
        problems.add(where, place, wrong)
        return None
    if spread.scale == "log" and read["low"] <= 0:
        problems.add(where, f"{place}.low", UnfitError(show(read["low"]), "above 0 where the scale is log"))
        return None
    return _cut(spread, read["levels"]) if "levels" in read else spread


def _cut(spread: Spread, levels: int) -> Spread:
    """Evenly spaced values of a range, both ends among them."""
    smooth = Spread(spread.key, (), spread.low, spread.high, spread.scale)
    spaced = [smooth.at(step / (levels - 1)) for step in range(levels)]
    return Spread(spread.key, tuple(dict.fromkeys(round(value) if spread.whole else value for value in spaced)))
