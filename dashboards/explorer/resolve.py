"""Resolve a choice against its store: fill in defaults, name and replace what the store does not have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dashboards.explorer.data import Library, StoreView
from dashboards.explorer.state import Selection
from experiments.errors import RequestError, show, unknown

FIRST = ("price_usd", "supply_quiv")
"""Default metrics: the first of these that the store has."""


def resolve(choice: Selection, library: Library) -> tuple[Selection, StoreView | None, list[str]]:
    """The choice with every field filled in, its store (None where it cannot be opened), and the problems."""
    names = library.names
    if not names:
        return choice, None, [f"{library.root}: no store there; quiver-sim sweep makes one"]
    choice = replace(choice, store=choice.store or names[0])
    try:
        store = library.open(choice.store)
    except RequestError as error:
        return choice, None, error.problems
    problems: list[str] = []
    kpis, metrics = list(store.specs), store.metrics
    metric = _named("metric", choice.metric, metrics, next((m for m in FIRST if m in metrics), ""), problems)
    kpi = _named("KPI", choice.kpi, kpis, kpis[0] if kpis else "", problems)
    versus = _named("KPI", choice.versus, kpis, next((k for k in kpis if k != kpi), kpi), problems)
    against = _design(choice.against, store, store.reference, problems)
    other = next((d for d in store.designs if d != against), against)
    design = _design(choice.design, store, other, problems)
    run, runs = choice.run, int(store.manifest["runs"])
    if run >= runs:
        problems.append(f"run: found {run}; allowed: a whole number from 0 to {runs - 1}")
        run = 0
    limits, allowed = {}, [*(str(axis["key"]) for axis in store.labels.axes), *kpis]
    for name, ends in choice.limits.items():
        if name in allowed:
            limits[name] = ends
        else:
            problems.append(f"limits: {name}: {unknown(name, 'control or KPI', allowed)}")
    resolved = replace(
        choice, metric=metric, kpi=kpi, versus=versus, design=design, against=against, run=run, limits=limits
    )
    return resolved, store, problems


def _named(what: str, found: str, names: Sequence[str], default: str, problems: list[str]) -> str:
    if found and found not in names:
        problems.append(f"{what}: {show(found)}: {unknown(found, what, names, 'those in the list')}")
    return found if found in names else default or next(iter(names), "")


def _design(found: int, store: StoreView, default: int, problems: list[str]) -> int:
    if found in store.designs:
        return found
    if found >= 0:
        problems.append(f"setting: found {found}; allowed: one of the {len(store.designs)} settings in the list")
    return default
