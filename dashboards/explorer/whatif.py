"""What-if: one setting with governed parameters changed, against the same setting in the store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd

from dashboards.explorer.data import StoreView
from dashboards.explorer.elements import Element, FigureElement, TextElement
from dashboards.explorer.jobs import Job
from dashboards.explorer.parts import kpi_differences, step
from dashboards.explorer.state import Selection
from dashboards.explorer.work import DAYS, RUNS
from dashboards.figures.fan import fan, fan_caption
from dashboards.labels import upper_first
from dashboards.source import every
from experiments.errors import RequestError, UnfitError, show
from experiments.inputs import validate
from experiments.inputs.plan import Plan
from experiments.inputs.scenario import override
from experiments.inputs.strict_yaml import parse
from experiments.words import counted
from model.parameters import GOVERNED, REGISTRY, flatten

MOST_RUNS = 200
"""Runs of a what-if: its days are in memory at once."""

OURS = -2
"""The number of the changed setting beside those of the store."""


def parameter_rows(plan: Plan, design: int) -> list[dict[str, Any]]:
    """Governed parameters, a row each: unit, allowed values, value at the setting."""
    now = flatten(plan.economies[design].parameters)
    return [
        {
            "name": name,
            "unit": entry.unit,
            "allowed": " or ".join(entry.choices) if entry.choices else f"{_end(entry.low)} to {_end(entry.high)}",
            "now": show(now[name]),
            "new": "",
            "doc": entry.doc,
        }
        for name, entry in ((name, REGISTRY[name]) for name in GOVERNED)
    ]


def read_changes(table: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """New values entered in the table, parsed as those of `--set`."""
    written = {str(row["name"]): str(row["new"]).strip() for row in table if str(row.get("new") or "").strip()}
    return {name: parse(text, f"what if: {name}") for name, text in written.items()}


def whatif_request(plan: Plan, design: int, changes: Mapping[str, Any], runs: Any) -> dict[str, Any]:
    """Request for the simulation of a what-if, validated as a scenario is."""
    if not changes:
        raise RequestError("what if: no new value is written; write one beside a parameter")
    most = min(plan.runs, MOST_RUNS)
    try:
        validate.whole(runs, 1, most, "runs")
    except UnfitError as error:
        raise RequestError(f"runs: {error}") from None
    drawn = set(plan.environment[0]) if plan.environment else set()
    if both := [name for name in changes if name in drawn]:
        raise RequestError(
            f"what if: {both[0]}: the store's environment draws it anew for each run, so it cannot be set"
        )
    override(plan.economies[design], changes, "what if")
    return {"design": design, "changes": dict(changes), "runs": runs}


def whatif_part(store: StoreView, choice: Selection, job: Job | None) -> list[Element]:
    """The changed setting against the store's: fan chart and KPIs; a sentence where none is simulated yet."""
    here = (
        job is not None and job.finished and (job.asked["store"], job.asked["design"]) == (choice.store, choice.design)
    )
    if job is None or not here:
        return [TextElement("No what-if of this setting is simulated yet.")]
    changed = ", ".join(f"{name} = {show(value)}" for name, value in job.asked["changes"].items())
    beside = _beside(store, pd.read_parquet(job.folder / RUNS), changed)
    days = pd.read_parquet(job.folder / DAYS, filters=[("metric", "==", choice.metric)]).assign(design=OURS)
    lost = [f"{counted(len(job.said['failures']), 'run')} failed"] if job.said["failures"] else []
    return [*_over_time(beside, days, choice, lost), kpi_differences(beside, OURS, choice.design)]


def _over_time(beside: StoreView, days: pd.DataFrame, choice: Selection, lost: list[str]) -> list[Element]:
    if not choice.metric:
        return [TextElement("This store keeps no daily quantiles, so there is none to compare with.")]
    names = beside.labels
    both = every(pd.concat([days, beside.days(choice.metric, choice.design)]), step(beside))
    drawn = fan(both, choice.metric, OURS, names, "", "", compare=choice.design)
    runs = counted(int(days["n"].max()), "run") if len(days) else "no run"
    note = "; ".join(
        [upper_first(names.long[OURS]), runs, *lost, f"dashed: {names.long[choice.design]}, all runs of the store"]
    )
    caption = fan_caption(both, choice.metric, OURS, names)
    return [FigureElement("whatif", f"{names.metric(choice.metric)}, what if", note, drawn, caption)]


def _beside(store: StoreView, kpis: pd.DataFrame, changed: str) -> StoreView:
    """The store with one more setting, in memory."""
    return store.with_setting(OURS, f"what if {changed}", kpis.assign(design=OURS))


def _end(value: float | None) -> str:
    return "any" if value is None else f"{value:.12g}"
