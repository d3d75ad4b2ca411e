"""The reader's choice and its query in the page's address, which alone restores a view."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields, replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboards.qualify import Limits
from experiments.errors import UnfitError, show, unknown

VIEWS = {
    "time": "Over time",
    "filter": "Which settings qualify",
    "compare": "Two settings",
    "trajectory": "One trajectory",
    "whatif": "What if",
}
"""The parts of the page by their name in the address."""

SHOWN = {
    "fan": ("store", "metric", "design", "against"),
    "kpi": ("store", "kpi", "design", "against"),
    "filter": ("store", "kpi", "versus", "limits", "design"),
    "compare": ("store", "metric", "design", "against"),
    "trajectory": ("store", "metric", "design", "run"),
    "whatif": ("store", "metric", "design"),
}
"""Fields that each part depends on: it is made again when one of them changes."""

PARTS = {
    "time": ("fan", "kpi"),
    "filter": ("filter",),
    "compare": ("compare",),
    "trajectory": ("trajectory",),
    "whatif": ("whatif",),
}
"""Parts of each view."""


@dataclass(frozen=True)
class Selection:
    """All that a reader can choose; empty text and -1 stand for the store's first or today's."""

    view: str = "time"
    store: str = ""
    metric: str = ""
    design: int = -1
    against: int = -1
    kpi: str = ""
    versus: str = ""
    run: int = 0
    limits: Limits = field(default_factory=dict)

    @property
    def query(self) -> str:
        """Query of the address, `?` included, without fields at their defaults."""
        found = {one.name: getattr(self, one.name) for one in fields(self)}
        defaults = Selection()
        said = {name: value for name, value in found.items() if value != getattr(defaults, name)}
        if self.limits:
            said["limits"] = ";".join(f"{name}:{_end(low)}..{_end(high)}" for name, (low, high) in self.limits.items())
        return f"?{urlencode(said, safe=':;.')}" if said else ""

    def part(self, name: str) -> str:
        """Query of the fields that a part depends on; empty where its view is not open."""
        if name not in PARTS[self.view]:
            return ""
        return replace(Selection(view=self.view), **{key: getattr(self, key) for key in SHOWN[name]}).query or "?"

    def limited(self, name: str, low: float, high: float) -> Selection:
        """The choice with one limit replaced; two open ends remove it."""
        others = {key: ends for key, ends in self.limits.items() if key != name}
        closed = math.isfinite(low) or math.isfinite(high)
        return replace(self, limits=others | ({name: (low, high)} if closed else {}))


def choice_of(query: str) -> tuple[Selection, list[str]]:
    """The choice in a query, and a sentence for each part that is not valid."""
    names, found, problems = [one.name for one in fields(Selection)], {}, []
    for name, text in parse_qsl(query.removeprefix("?"), keep_blank_values=False):
        if name not in names:
            problems.append(f"address: {name}: {unknown(name, 'choice', names)}")
            continue
        try:
            found[name] = _value(name, text)
        except UnfitError as error:
            problems.append(f"address: {name}: {error}")
    return Selection(**found), problems


def _value(name: str, text: str) -> Any:
    if name == "view" and text not in VIEWS:
        raise UnfitError(show(text), ", ".join(VIEWS))
    if name in ("design", "against", "run"):
        if not (text.isascii() and text.isdigit() and len(text) < 10):
            raise UnfitError(show(text), "a whole number from 0")
        return int(text)
    return _limits(text) if name == "limits" else text


def _limits(text: str) -> dict[str, tuple[float, float]]:
    """Limits as `name:low..high;...`; an end may be left out."""
    found = {}
    for part in text.split(";"):
        name, _, ends = part.rpartition(":")
        low, dots, high = ends.partition("..")
        try:
            pair = (float(low or -math.inf), float(high or math.inf))
        except ValueError:
            pair = (math.nan, math.nan)
        if not name or not dots or any(math.isnan(end) for end in pair):
            raise UnfitError(show(part), "limits such as treasury_end:1000000..;price_swing:..0.8")
        found[name] = pair
    return found


def _end(value: float) -> str:
    return f"{value:.12g}" if math.isfinite(value) else ""
