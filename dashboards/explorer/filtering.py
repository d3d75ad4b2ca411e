"""Settings within limits: fields of the limits, parallel coordinates, a table, and a trade-off of two KPIs."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.explorer.data import StoreView
from dashboards.explorer.state import Selection
from dashboards.figures.parallel import parallel
from dashboards.figures.tradeoff import trade_off
from dashboards.qualify import Criterion, admissible, criteria, criteria_table, undominated
from experiments.words import counted, number

DIGITS = 6
"""Significant digits of a limit in its field."""


SETTING = {
    "field": "setting",
    "headerName": "Setting",
    "pinned": "left",
    "width": 150,
    "wrapText": True,
    "autoHeight": True,
}
"""The table's first column: narrow, for it stays in place beside the others on a phone too."""


@dataclass(frozen=True)
class Filtered:
    """Contents of the view: number of settings within limits, fields, two figures, rows and columns of the table."""

    count: str
    limits: list[Component]
    parallel: go.Figure
    tradeoff: go.Figure
    rows: list[dict[str, Any]]
    heads: list[dict[str, Any]]


def filtered(store: StoreView, choice: Selection) -> Filtered:
    """Contents of the view for a resolved choice."""
    found = criteria(store)
    frame = criteria_table(store, found)
    inside = admissible(frame, choice.limits)
    by_key = {column.key: column for column in found}
    across, up = by_key[choice.kpi], by_key[choice.versus]
    best = undominated(frame, inside, across, up)
    said = f"{inside.sum():,} of {counted(len(frame), 'setting')} {'qualifies' if inside.sum() == 1 else 'qualify'}"
    within = " under no limit." if not choice.limits else f" under {counted(len(choice.limits), 'limit')}."
    return Filtered(
        said + within,
        [_field(column, choice) for column in found if not column.words],
        parallel(frame, found, choice.limits, choice.kpi),
        trade_off(frame, across, up, inside, best, store.labels, choice.design),
        qualifying_rows(store, found, choice),
        [SETTING, *map(_head, found)],
    )


def qualifying_rows(store: StoreView, found: list[Criterion], choice: Selection) -> list[dict[str, Any]]:
    """The settings within the limits, as the table has them: values in shown units, `design` beside them."""
    frame = criteria_table(store, found)
    kept = frame[admissible(frame, choice.limits)]
    return [
        {"design": int(row["design"]), "setting": store.labels.short[int(row["design"])]}
        | {_field_of(column): _cell(column, row[column.key]) for column in found}
        for row in kept.to_dict("records")
    ]


def _field_of(column: Criterion) -> str:
    """A column's name in the table, where a dot would mean a part of a value."""
    return column.key.replace(".", "-")


def _head(column: Criterion) -> dict[str, Any]:
    field = _field_of(column)
    if column.words:
        return {"field": field, "headerName": column.title}
    return {
        "field": field,
        "headerName": column.title,
        "type": "rightAligned",
        "valueFormatter": {"function": "d3.format(',.4~r')(params.value)"},
    }


def _cell(column: Criterion, value: float) -> Any:
    if column.words:
        return column.words[int(value)]
    return value * column.scale.factor if math.isfinite(value) else None


def _field(column: Criterion, choice: Selection) -> Component:
    """The two ends of a column's limit, in its shown unit."""
    ends = choice.limits.get(column.key, (-math.inf, math.inf))
    fields: list[Component] = []
    for end, word, value in zip(("low", "high"), ("at least", "at most"), ends, strict=True):
        name = {"end": end, "key": column.key, "type": "limit"}
        target = json.dumps(name, sort_keys=True, separators=(",", ":"))
        typed = float(f"{value * column.scale.factor:.{DIGITS}g}") if math.isfinite(value) else None
        fields += [
            html.Label(word, htmlFor=target),
            dcc.Input(id=name, type="number", step="any", debounce=True, value=typed),
        ]
    return html.Fieldset([html.Legend(column.title), *fields], className="limit")


def described(store: StoreView, choice: Selection) -> str:
    """The limits in words, for a saved page."""
    said = []
    for column in criteria(store):
        if column.key in choice.limits and not column.words:
            low, high = (end * column.scale.factor for end in choice.limits[column.key])
            ends = [f"at least {number(low)}"] * math.isfinite(low) + [f"at most {number(high)}"] * math.isfinite(high)
            said.append(f"{column.title} {' and '.join(ends)}")
    return "; ".join(said)
