"""KPIs of an experiment file: each a metric, how its days become one figure, which way is better, and what is enough.

A threshold is written with its unit, which must be the KPI's own, so that 0.3 of a share is not taken for 0.3 %.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from experiments.errors import UnfitError, nearest, show, unknown
from experiments.inputs import validate
from experiments.inputs.plan import AGGREGATIONS, Kpi
from experiments.inputs.reader import Reader

REQUIRED = ("name", "metric", "aggregation")
OPTIONAL = ("label", "direction", "description", "unit", "threshold", "goal", "chance", "window")
WINDOW = ("from", "to")
DIRECTIONS = ("up", "down", "none")
NAME = re.compile(r"[a-z][a-z0-9_]*")
TAKEN = ("design", "run", "day", "today")
"""Columns of the store that a KPI's name would hide."""


def read_goals(at: Reader) -> dict[str, str]:
    """The goals by name, each with its description; notes what is wrong with them."""
    goals: dict[str, str] = {}
    for name, place in at.keys("names of goals and what each means").items():
        with place.noting():
            goals[name] = " ".join(validate.text(place.found).split())
    return goals


def check_goals(goals: Mapping[str, str], kpis: Sequence[Kpi], file: Reader) -> None:
    """Where goals are declared, every KPI's is one of them, and each has a KPI."""
    for index, kpi in enumerate(kpis):
        if goals and kpi.goal and kpi.goal not in goals:
            file.note(f"{show(kpi.goal)}: {unknown(kpi.goal, 'goal', goals)}", f"kpis[{index}].goal")
    for name in goals:
        if all(kpi.goal != name for kpi in kpis):
            file.note("no KPI has this goal; allowed: goals that a KPI has", f"goals.{name}")


def read_kpis(at: Reader, days: int) -> tuple[Kpi, ...]:
    """The KPIs of an experiment over `days`; notes what is wrong with them."""
    before, required = at.noted, ", ".join(REQUIRED)
    items = at.items(f"KPIs, each with {required}")
    if not items and at.noted == before:
        at.note(UnfitError("none", f"at least one, with {required}"))
    kpis: list[Kpi] = []
    for item in items:
        kpi = _read(item, days)
        if kpi and any(kpi.name == other.name for other in kpis):
            item.note(UnfitError(f"{kpi.name} again", "a name for each KPI of its own"), "name")
        elif kpi:
            kpis.append(kpi)
    return tuple(kpis)


def read_metrics(at: Reader, kpis: Sequence[Kpi]) -> tuple[str, ...]:
    """The metrics to record, those of the KPIs included, in the order of their declaration; all if none are named."""
    from model.metrics import METRICS

    if at.found is None:
        return tuple(METRICS)
    before = at.noted
    names = [item.found for item in at.items("metrics (quiver-sim metrics)")]
    for name in names:
        if not isinstance(name, str) or name not in METRICS:
            at.note(f"{show(name)}: {unknown(name, 'metric', METRICS, 'quiver-sim metrics')}")
    if at.noted > before:
        return ()
    wanted = {*names, *(kpi.metric for kpi in kpis)}
    return tuple(name for name in METRICS if name in wanted)


def _read(at: Reader, days: int) -> Kpi | None:
    read = at.item("KPI", REQUIRED, OPTIONAL, lambda name: _field(name, at.found[name], days))
    if read is None:
        return None
    kpi, before = _kpi(read), at.noted
    for name, wrong in _threshold(kpi, read):
        at.note(wrong, name)
    return kpi if at.noted == before else None


def _threshold(kpi: Kpi, read: Mapping[str, Any]) -> Iterator[tuple[str, UnfitError]]:
    """What is wrong with a KPI's unit, threshold and chance as a whole: the key and the sentence."""
    if read.get("unit", kpi.unit) != kpi.unit:
        yield "unit", UnfitError(show(read["unit"]), f"{kpi.unit}, as {kpi.metric} has it by {kpi.aggregation}")
    if kpi.threshold is None:
        if kpi.chance is not None:
            yield "chance", UnfitError(f"{show(kpi.chance)} without a threshold", "a chance of meeting a threshold")
        return
    if "unit" not in read:
        yield "threshold", UnfitError(f"{show(kpi.threshold)} without a unit", f"unit: {kpi.unit}")
    if kpi.direction == "none":
        allowed = "direction: up (at least the threshold) or down (at most)"
        yield "threshold", UnfitError(f"{show(kpi.threshold)} with direction none", allowed)


def _field(name: str, found: Any, days: int) -> Any:
    from model.metrics import METRICS

    if name in ("aggregation", "direction"):
        return validate.choice(found, AGGREGATIONS if name == "aggregation" else DIRECTIONS)
    if name == "threshold":
        return validate.real(found, None, None, "in the unit of the KPI")
    if name == "chance":
        return validate.positive(found, 1.0, "probability")
    if name == "window":
        return _window(found, days)
    text = validate.text(found)
    if name == "name" and (not NAME.fullmatch(text) or text in TAKEN):
        raise UnfitError(show(text), f"small letters, digits and _, not {', '.join(TAKEN)}")
    if name == "metric" and text not in METRICS:
        near = nearest(text, METRICS)
        hint = f"; nearest: {', '.join(near)}" if near else ""
        raise UnfitError(show(text), f"a metric (quiver-sim metrics){hint}")
    return text


def _window(found: Any, days: int) -> tuple[int, int]:
    if not isinstance(found, dict) or not found:
        raise UnfitError(show(found), f"{{from: 0, to: {days}}}, in days")
    for key in found:
        if key not in WINDOW:
            raise UnfitError(show(found), f"the keys {' and '.join(WINDOW)}, in days")
    start = validate.whole(found.get("from", 0), 0, days, f"from, in days of a horizon of {days}")
    end = validate.whole(found.get("to", days), 0, days, f"to, in days of a horizon of {days}")
    if start >= end:
        raise UnfitError(f"from {start} and to {end}", "from below to")
    return start, end


def _kpi(fields: Mapping[str, Any]) -> Kpi:
    from model.metrics import METRICS

    metric, aggregation = METRICS[fields["metric"]], fields["aggregation"]
    return Kpi(
        name=fields["name"],
        label=fields.get("label", metric.label),
        metric=metric.name,
        aggregation=aggregation,
        unit=unit_of(metric.unit, aggregation),
        direction=fields.get("direction", "none"),
        description=fields.get("description", metric.doc),
        threshold=fields.get("threshold"),
        goal=fields.get("goal", ""),
        chance=fields.get("chance"),
        window=fields.get("window"),
    )


def unit_of(unit: str, aggregation: str) -> str:
    """The unit of an aggregate: a daily flow summed over days loses its "a day", a relative change has none."""
    if aggregation == "change":
        return "ratio"
    return unit.removesuffix(" a day") if aggregation == "sum" else unit
