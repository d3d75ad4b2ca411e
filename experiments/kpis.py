"""KPIs of an experiment file: each a metric, how its days become one figure, and which way is better."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from experiments import values
from experiments.errors import Problems, UnfitError, nearest, show, unknown
from experiments.items import read_item
from experiments.plan import AGGREGATIONS, Kpi

REQUIRED = ("name", "metric", "aggregation")
OPTIONAL = ("label", "direction", "description", "unit")
DIRECTIONS = ("up", "down", "none")
NAME = re.compile(r"[a-z][a-z0-9_]*")
TAKEN = ("design", "run", "day", "today")
"""Columns of the store that a KPI's name would hide."""


def read_kpis(found: Any, where: str, problems: Problems) -> tuple[Kpi, ...]:
    """The KPIs of an experiment; notes what is wrong with them."""
    try:
        items = values.listed(found, "KPIs, each with " + ", ".join(REQUIRED))
    except UnfitError as error:
        problems.add(where, "kpis", error)
        return ()
    if not items:
        problems.add(where, "kpis", UnfitError("none", "at least one, with " + ", ".join(REQUIRED)))
    kpis: list[Kpi] = []
    for index, item in enumerate(items):
        kpi = _read(item, f"kpis[{index}]", where, problems)
        if kpi and any(kpi.name == other.name for other in kpis):
            problems.add(
                where, f"kpis[{index}].name", UnfitError(f"{kpi.name} again", "a name for each KPI of its own")
            )
        elif kpi:
            kpis.append(kpi)
    return tuple(kpis)


def read_metrics(found: Any, kpis: Sequence[Kpi], where: str, problems: Problems) -> tuple[str, ...]:
    """The metrics to record, those of the KPIs included, in the order of their declaration; all if none are named."""
    from model.metrics import METRICS

    if found is None:
        return tuple(METRICS)
    try:
        names = values.listed(found, "metrics (quiver-sim metrics)")
    except UnfitError as error:
        problems.add(where, "metrics", error)
        return ()
    for name in names:
        if not isinstance(name, str) or name not in METRICS:
            problems.add(where, f"metrics: {show(name)}", unknown(name, "metric", METRICS, "quiver-sim metrics"))
    wanted = {*(name for name in names if isinstance(name, str)), *(kpi.metric for kpi in kpis)}
    return tuple(name for name in METRICS if name in wanted)


def _read(item: Any, key: str, where: str, problems: Problems) -> Kpi | None:
    read = read_item(item, key, "KPI", REQUIRED, OPTIONAL, lambda name: _field(name, item[name]), where, problems)
    return None if read is None else _kpi(read)


def _field(name: str, found: Any) -> str:
    from model.metrics import METRICS

    if name == "aggregation":
        return values.choice(found, AGGREGATIONS)
    if name == "direction":
        return values.choice(found, DIRECTIONS)
    text = values.text(found)
    if name == "name" and (not NAME.fullmatch(text) or text in TAKEN):
        raise UnfitError(show(text), f"small letters, digits and _, not {', '.join(TAKEN)}")
    if name == "metric" and text not in METRICS:
        near = nearest(text, METRICS)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise UnfitError(show(text), f"a metric (quiver-sim metrics){hint}")
    return text


def _kpi(fields: dict[str, str]) -> Kpi:
    from model.metrics import METRICS

    metric, aggregation = METRICS[fields["metric"]], fields["aggregation"]
    return Kpi(
        name=fields["name"],
        label=fields.get("label", metric.label),
        metric=metric.name,
        aggregation=aggregation,
        unit=fields.get("unit", _unit(metric.unit, aggregation)),
        direction=fields.get("direction", "none"),
        description=fields.get("description", metric.doc),
    )


def _unit(unit: str, aggregation: str) -> str:
    """The unit of an aggregate: a daily flow summed over days loses its "a day", a relative change has none."""
    if aggregation == "change":
        return "ratio"
    return unit.removesuffix(" a day") if aggregation == "sum" else unit
