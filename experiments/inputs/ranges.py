"""What one key of an experiment may be: one of some values, or anything from a low end to a high one.

Controls and the environment are made of these. A place from 0 to 1 stands for a value, so that every sampler works on
the unit cube: equal parts of it are equally likely values, on a linear or a logarithmic scale.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from experiments.engines.wiring import MECHANISMS
from experiments.errors import UnfitError, show, unknown
from experiments.inputs import validate
from experiments.inputs.changes import FLAGS
from experiments.inputs.reader import Reader
from model.economy import Economy
from model.parameters import REGISTRY, flatten

SCALES = ("linear", "log")
MOST_LEVELS = 1000
SCALARS = tuple(name for name, entry in REGISTRY.items() if entry.kind != "list")
SWITCHES = (*(f"mechanisms.{name}" for name in MECHANISMS), *FLAGS)
LISTED = "a parameter of one value (quiver-sim params), mechanisms.X"


@dataclass(frozen=True)
class Domain:
    """What a key may be: one of `values`, all as likely, or anything from `low` to `high` in the parameter's unit.

    A range is even on its `scale`, and may have only `whole` numbers.
    """

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


def setting_value(key: str, found: Any) -> Any:
    """A value of a parameter, a mechanism or a flag as the model takes it; `UnfitError` if it is not allowed."""
    return validate.parameter_value(REGISTRY[key], found) if key in REGISTRY else validate.switch(found)


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


def read_values(key: str, at: Reader) -> Domain | None:
    """The domain of a key that stands as a list of values, each once."""
    if not isinstance(at.found, list) or not at.found:
        example = "[0.25, 0.5]" if numeric(key) or key not in REGISTRY else "[a, b]"
        at.note(UnfitError(show(at.found), f"a list of values, such as {example}"))
        return None
    settings: dict[Any, None] = {}
    for position, item in enumerate(at.found):
        place = at.sub(f"[{position}]", item)
        with place.noting():
            value = setting_value(key, item)
            if value in settings:
                place.note(UnfitError(f"{show(item)} again", "each value once"))
            settings[value] = None
    return Domain(key, tuple(settings)) if settings else None


def read_range(key: str, at: Reader, levels: bool) -> Domain | None:
    """The domain from `low` to `high`; with `levels` it may be cut into some values, spaced evenly on its scale."""
    if not numeric(key):
        allowed = "a list of values, such as [true, false]" if key not in REGISTRY else "a list of values"
        at.note(UnfitError(f"a range of {key}, which is no number", allowed))
        return None
    optional = ("scale", "levels") if levels else ("scale",)

    def field(name: str) -> Any:
        if name == "scale":
            return validate.choice(at.found[name], SCALES)
        if name == "levels":
            return validate.whole(at.found[name], 2, MOST_LEVELS, "levels")
        return setting_value(key, at.found[name])

    read = at.item("range", ("low", "high"), optional, field)
    if read is None:
        return None
    domain = Domain(key, (), read["low"], read["high"], read.get("scale", "linear"), REGISTRY[key].kind == "whole")
    if read["low"] >= read["high"]:
        at.note(UnfitError(f"low {show(read['low'])} and high {show(read['high'])}", "a low end below the high one"))
        return None
    if domain.scale == "log" and read["low"] <= 0:
        at.note(UnfitError(show(read["low"]), "above 0 where the scale is log"), "low")
        return None
    return _cut(domain, read["levels"]) if "levels" in read else domain


def _cut(domain: Domain, levels: int) -> Domain:
    """Evenly spaced values of a range, both ends among them."""
    smooth = Domain(domain.key, (), domain.low, domain.high, domain.scale)
    spaced = [smooth.at(step / (levels - 1)) for step in range(levels)]
    return Domain(domain.key, tuple(dict.fromkeys(round(value) if domain.whole else value for value in spaced)))
