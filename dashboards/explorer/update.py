"""State of the page after a change: the choice in the address, the control that was changed, and what is shown."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dashboards.explorer.data import Library, StoreView
from dashboards.explorer.resolve import resolve
from dashboards.explorer.state import SHOWN, Selection, choice_of
from dashboards.qualify import criteria
from experiments.words import counted

NUMBERS = ("design", "against", "run")
PLAIN = ("metric", "kpi", "versus", *NUMBERS)
"""Controls whose value is the field of the choice of the same name."""


@dataclass(frozen=True)
class PageState:
    """The resolved choice, its store or None, the problems to show, and the options of each list."""

    choice: Selection
    store: StoreView | None
    problems: list[str]
    offers: Mapping[str, list[list[Any]]]

    @property
    def wants(self) -> dict[str, str | None]:
        """The query of each part; None where it is not shown or the store cannot be opened."""
        return {part: (self.store and self.choice.part(part)) or None for part in SHOWN}

    @property
    def reading(self) -> str:
        """The controls that a setting's name is made of, in a sentence."""
        varied = self.store is not None and len(self.store.designs) > 1
        return f"Settings are named by {self.store.labels.reading}." if self.store and varied else ""

    @property
    def provenance(self) -> str:
        """Provenance of the figures: store, seed, length, runs and failures."""
        if self.store is None:
            return ""
        said = self.store.manifest
        failed = int((said.get("counts") or {}).get("failures") or 0)
        lost = f"; {counted(failed, 'run')} failed" if failed else ""
        length, runs = counted(int(said["days"]), "day"), counted(int(said["runs"]), "run")
        return f"{self.store.name}: seed {said['seed']}, {length}, {runs} a setting{lost}"


def update(query: str, changed: Sequence[tuple[str, Any]], library: Library) -> PageState:
    """State of the page at an address after controls (by id; a limit's id is JSON) got new values."""
    choice, problems = choice_of(query)
    for name, value in changed:
        choice = changed_choice(choice, name, value, library)
    resolved, store, wrong = resolve(choice, library)
    return PageState(resolved, store, [*problems, *wrong], offers(library, store))


def changed_choice(choice: Selection, name: str, value: Any, library: Library) -> Selection:
    """The choice after one control got a value; None, as of an empty list, changes nothing."""
    if name == "clear-limits":
        return replace(choice, limits={})
    if value is None and not name.startswith("{"):
        return choice
    if name == "store":
        return choice if value == choice.store else Selection(view=choice.view, store=str(value), metric=choice.metric)
    if name in PLAIN:
        said: Any = {name: max(0, int(value)) if name in NUMBERS else str(value)}
        return replace(choice, **said)
    if name == "settings" and value:
        return replace(choice, design=int(value[0]["design"]))
    if name == "tradeoff":
        return replace(choice, design=int(value["points"][0]["customdata"]))
    if name == "brushed":
        return _brushed(choice, value, library)
    return _limit(choice, json.loads(name), value, library) if name.startswith("{") else choice


def offers(library: Library, store: StoreView | None) -> dict[str, list[list[Any]]]:
    """Options of each list: value and label."""
    stores = [[name, name] for name in library.names]
    if store is None:
        return {"store": stores}
    names = store.labels
    designs = [[d, names.short[d]] for d in sorted(store.designs, key=lambda d: d != names.today)]
    kpis = [[name, str(kpi.get("label") or name)] for name, kpi in store.specs.items()]
    metrics = [[name, names.metric(name)] for name in store.metrics]
    return {"store": stores, "metric": metrics, "design": designs, "against": designs, "kpi": kpis, "versus": kpis}


def _brushed(choice: Selection, value: Mapping[str, Any], library: Library) -> Selection:
    """Limits from the ranges on parallel coordinates, by column in shown units; of several on one axis the hull."""
    factors = _factors(choice, library)
    limits = {}
    for key, ranges in value.items():
        ends = [end for pair in (ranges if ranges and isinstance(ranges[0], list) else [ranges]) for end in pair or ()]
        if ends and key in factors:
            limits[key] = (min(ends) / factors[key], max(ends) / factors[key])
    return replace(choice, limits=limits)


def _limit(choice: Selection, control: Mapping[str, str], value: float | None, library: Library) -> Selection:
    """One end of a limit, typed in shown units; an end that stays what it is to the digits shown is left alone."""
    key, low = control["key"], control["end"] == "low"
    ends = choice.limits.get(key, (-math.inf, math.inf))
    factor = _factors(choice, library).get(key, 1.0)
    old, new = ends[0 if low else 1], (-math.inf if low else math.inf) if value is None else value / factor
    if math.isclose(old, new, rel_tol=1e-5):
        return choice
    return choice.limited(key, *((new, ends[1]) if low else (ends[0], new)))


def _factors(choice: Selection, library: Library) -> dict[str, float]:
    """Factor from raw to shown unit, by column."""
    _, store, _ = resolve(choice, library)
    return {one.key: 1.0 if one.words else one.scale.factor for one in criteria(store)} if store else {}
