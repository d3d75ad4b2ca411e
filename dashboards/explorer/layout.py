"""Layout of the page: labelled controls, a region for problems, and a section a view."""

from __future__ import annotations

from collections.abc import Sequence

import dash_ag_grid as dag
from dash import dcc, html
from dash.development.base_component import Component

from dashboards.explorer.page import OPTIONS, labelled
from dashboards.explorer.state import PARTS, SHOWN, VIEWS
from dashboards.explorer.work import TASKS

LISTS = {
    "store": "Store",
    "metric": "Metric",
    "design": "Setting",
    "against": "Compared with",
    "kpi": "KPI",
    "versus": "The other KPI",
}
"""Controls that choose from a list, by the name of what they choose. The last stands beside its figure."""

NO_WEBGL = "Not drawn: this browser has no WebGL, which the figure needs. The fields above set the same limits."
"""Shown by the style sheet instead of parallel coordinates in a browser without WebGL."""

GRID = {"suppressColumnVirtualisation": True}
"""Options of all tables: every column is rendered at once, for screen readers too; rows as they are scrolled to."""

TICK_MS = 700
"""Milliseconds between two polls of the simulations."""


def layout() -> Component:
    """The whole page."""
    return html.Div(
        [
            html.A("Skip to the figures", href="#main", className="skip"),
            dcc.Location(id="url", refresh=False),
            *(dcc.Store(id=f"want-{part}") for part in SHOWN),
            *(dcc.Store(id=name) for name in ("theme", "offers", "shut", *LISTS)),
            dcc.Store(id="brushed"),
            *(dcc.Store(id=f"{kind}-done") for kind in TASKS),
            dcc.Download(id="file"),
            dcc.Interval(id="tick", interval=TICK_MS, disabled=True),
            _head(),
            _controls(),
            html.Main(
                [html.Div(id="notice", role="status"), html.Div(id="damage", role="status"), *_sections()],
                id="main",
                tabIndex=-1,
            ),
            html.Footer(id="provenance"),
        ]
    )


def _head() -> Component:
    buttons = [
        html.Button("Dark or light", id="toggle", type="button"),
        html.Button("Save as HTML", id="save-html", type="button"),
        html.Button("Save as CSV", id="save-csv", type="button"),
    ]
    return html.Header([html.H1("Explorer", id="title"), html.P(id="question"), html.Div(buttons, className="buttons")])


def _controls() -> Component:
    return html.Nav(
        [
            html.Div([_list(name) for name in LISTS if name != "versus"], className="pickers"),
            html.P(id="reading", className="note"),
            html.Ul(id="views"),
        ]
    )


def _list(name: str) -> Component:
    """A list of the browser's own, which `assets/explorer.js` fills."""
    return labelled(LISTS[name], html.Select(id=f"{name}-list"), f"{name}-list")


def _sections() -> Sequence[Component]:
    inside = {"filter": _filter(), "trajectory": _trajectory(), "whatif": _whatif()}
    return [
        html.Section(
            [
                html.H2(label, id=f"heading-{view}"),
                *inside.get(view, [html.Div(id=f"part-{part}", className="pair") for part in PARTS[view]]),
            ],
            id=f"view-{view}",
            hidden=view != "time",
        )
        for view, label in VIEWS.items()
    ]


def _filter() -> list[Component]:
    grid = dag.AgGrid(
        id="settings",
        rowData=[],
        columnDefs=[],
        defaultColDef={
            "sortable": True,
            "resizable": True,
            "minWidth": 110,
            "wrapHeaderText": True,
            "autoHeaderHeight": True,
        },
        dashGridOptions={
            **GRID,
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
        },
        style={"height": "26rem"},
    )
    plots = {
        "parallel": "Drag along an axis to keep the settings in that range; click outside the range to clear it.",
        "tradeoff": "Each point is the mean of a setting over its runs. Select a point to choose its setting.",
    }
    titles = {"parallel": "Controls and KPIs of every setting", "tradeoff": "One KPI against another"}
    drawn = {
        name: html.Figure(
            [
                html.H3(titles[name]),
                html.P(note, className="note"),
                *([html.P(NO_WEBGL, className="without")] if name == "parallel" else []),
                html.Div(
                    dcc.Graph(id=name, config=OPTIONS, responsive=True, className="plot"),
                    style={"height": "420px"},
                    className="wide" if name == "parallel" else "",
                    tabIndex=0 if name == "parallel" else None,
                ),
            ]
        )
        for name, note in plots.items()
    }
    return [
        html.P(id="count", role="status", className="answer"),
        html.Details([html.Summary("Limits as numbers"), html.Div(id="limits", className="limits")], open=True),
        html.Button("Clear all limits", id="clear-limits", type="button"),
        drawn["parallel"],
        html.H3("Settings within the limits"),
        html.P("Select a row to choose its setting. KPIs are means over runs.", className="note"),
        grid,
        _list("versus"),
        drawn["tradeoff"],
    ]


def _trajectory() -> list[Component]:
    run = dcc.Input(id="run", type="number", min=0, step=1, value=0, debounce=True)
    columns = [
        {
            "field": "day",
            "headerName": "Day",
            "maxWidth": 110,
            "type": "rightAligned",
            "filter": "agNumberColumnFilter",
        },
        {"field": "kind", "headerName": "Kind", "maxWidth": 170, "filter": True},
        {"field": "text", "headerName": "Event", "minWidth": 320, "filter": True, "wrapText": True},
    ]
    events = dag.AgGrid(
        id="events",
        rowData=[],
        columnDefs=columns,
        defaultColDef={"sortable": True, "resizable": True, "flex": 1},
        dashGridOptions=GRID,
        style={"height": "24rem"},
    )
    return [
        html.P(
            "Simulates one run of the setting again, in a separate process, and shows it day by day.",
            className="note",
        ),
        html.Div(
            [
                labelled("Run, from 0", run, "run"),
                html.Button("Simulate this run", id="trajectory-start", type="button"),
                html.Button("Cancel", id="trajectory-cancel", type="button", disabled=True),
            ],
            className="row",
        ),
        html.P(id="trajectory-state", role="status"),
        html.Div(id="part-trajectory"),
        html.Div([html.H3("Event log"), events], id="log", hidden=True),
    ]


def _whatif() -> list[Component]:
    columns = [
        {"field": "name", "headerName": "Parameter", "minWidth": 230, "filter": True},
        {"field": "new", "headerName": "New value", "minWidth": 120, "editable": True, "cellClass": "field"},
        {"field": "now", "headerName": "At this setting", "minWidth": 130},
        {"field": "allowed", "headerName": "Allowed", "minWidth": 130},
        {"field": "unit", "headerName": "Unit", "minWidth": 130},
        {"field": "doc", "headerName": "Description", "minWidth": 320},
    ]
    grid = dag.AgGrid(
        id="changes",
        rowData=[],
        columnDefs=columns,
        getRowId="params.data.name",
        defaultColDef={"sortable": True, "resizable": True, "flex": 1, "wrapText": True, "autoHeight": True},
        dashGridOptions={**GRID, "stopEditingWhenCellsLoseFocus": True, "singleClickEdit": True},
        style={"height": "22rem"},
    )
    runs = dcc.Input(id="whatif-runs", type="number", min=1, step=1, value=8, debounce=True)
    return [
        html.P(
            "Enter new values for governed parameters and simulate the setting with them. The seed is the store's, so "
            "runs are paired with its own. Nothing is written into the store.",
            className="note",
        ),
        html.P(id="whatif-note"),
        grid,
        html.Div(
            [
                labelled("Runs", runs, "whatif-runs"),
                html.Button("Simulate", id="whatif-start", type="button"),
                html.Button("Cancel", id="whatif-cancel", type="button", disabled=True),
            ],
            className="row",
        ),
        html.P(id="whatif-state", role="status"),
        html.Div(id="part-whatif"),
    ]
