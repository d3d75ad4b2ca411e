"""Callbacks of the browser: each reads its arguments and calls a function of its own module."""

from __future__ import annotations

from typing import Any

from dash import ALL, ClientsideFunction, Dash, Input, Output, State, ctx, no_update

from dashboards.explorer import page
from dashboards.explorer.answer import answer
from dashboards.explorer.data import Library, StoreView
from dashboards.explorer.elements import Element
from dashboards.explorer.export import csv_of, filter_elements, html_of, stem
from dashboards.explorer.filtering import filtered
from dashboards.explorer.jobs import Desk
from dashboards.explorer.layout import LISTS
from dashboards.explorer.parts import PART
from dashboards.explorer.resolve import resolve
from dashboards.explorer.simulations import RESULTS, simulations
from dashboards.explorer.state import PARTS, SHOWN, VIEWS, Selection, choice_of
from dashboards.explorer.update import update

TRIGGERS = {"settings": "selectedRows", "tradeoff": "clickData", "brushed": "data", "clear-limits": "n_clicks"}
"""Other controls that change the choice: id and property."""


def bind_callbacks(app: Dash, library: Library, desk: Desk) -> None:
    """Bind the page to a library of stores and to the desk that simulates."""
    _client_side(app)
    _update(app, library)
    for part in PART:
        _part(app, library, part)
    _filter(app, library)
    _files(app, library, desk)
    simulations(app, library, desk)


def _client_side(app: Dash) -> None:
    """The callbacks that `assets/explorer.js` runs in the browser."""
    lists, theme, brushed = (ClientsideFunction("explorer", name) for name in ("lists", "theme", "brushed"))
    values = [Input(name, "data") for name in LISTS]
    bind: Any = app.clientside_callback
    bind(lists, Output("shut", "data"), Input("offers", "data"), *values)
    bind(theme, Output("theme", "data"), Input("toggle", "n_clicks"))
    bind(brushed, Output("brushed", "data"), Input("parallel", "restyleData"), prevent_initial_call=True)


def _update(app: Dash, library: Library) -> None:
    """The address and all controls in one callback, as each follows the other; only what changes is sent.

    An address that the reader arrives at stays as it is, or the browser could not go back beyond it.
    """

    @app.callback(
        output={
            "query": Output("url", "search"),
            "views": Output("views", "children"),
            "run": Output("run", "value"),
            "values": {name: Output(name, "data") for name in LISTS},
            "offers": Output("offers", "data"),
            "wants": {part: Output(f"want-{part}", "data") for part in SHOWN},
            "hidden": {view: Output(f"view-{view}", "hidden") for view in VIEWS},
            "notice": Output("notice", "children"),
            "title": Output("title", "children"),
            "question": Output("question", "children"),
            "reading": Output("reading", "children"),
            "provenance": Output("provenance", "children"),
        },
        inputs={
            "query": Input("url", "search"),
            "run": Input("run", "value"),
            "values": {name: Input(name, "data") for name in LISTS},
            "others": {name: Input(name, what) for name, what in TRIGGERS.items()},
            "limits": Input({"type": "limit", "end": ALL, "key": ALL}, "value"),
        },
        state={
            "offers": State("offers", "data"),
            "wants": {part: State(f"want-{part}", "data") for part in SHOWN},
        },
    )
    def _updated(
        query: str, run: Any, values: Any, others: Any, limits: Any, offers: Any, wants: Any
    ) -> dict[str, Any]:
        arrived = "url.search" in ctx.triggered_prop_ids or not ctx.triggered_id
        found = update(query or "", [] if arrived else _changed(), library)
        choice, said = found.choice, found.store.manifest if found.store else {}
        return {
            "query": no_update if arrived else _new(choice.query, query or ""),
            "views": page.views(choice),
            "run": _new(choice.run, run),
            "values": {name: _new(getattr(choice, name), values[name]) for name in LISTS},
            "offers": _new(found.offers, offers),
            "wants": {part: _new(want, wants[part]) for part, want in found.wants.items()},
            "hidden": {view: view != choice.view or found.store is None for view in VIEWS},
            "notice": page.notice(found.problems, "problem"),
            "title": str(said.get("title") or "Explorer"),
            "question": str(said.get("question") or ""),
            "reading": found.reading,
            "provenance": found.provenance,
        }


def _changed() -> list[tuple[str, Any]]:
    """The controls that triggered the callback: id (a limit's as JSON) and new value."""
    return [(one["prop_id"].rpartition(".")[0], one["value"]) for one in ctx.triggered]


def _new(value: Any, old: Any) -> Any:
    return no_update if value == old else value


def _part(app: Dash, library: Library, part: str) -> None:
    @app.callback(
        Output(f"part-{part}", "children"),
        Input(f"want-{part}", "data"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )
    def _shown(want: str | None, theme: str | None) -> Any:
        return answer(want, theme == "dark", library, PART[part]) if want and theme else no_update


def _filter(app: Dash, library: Library) -> None:
    @app.callback(
        Output("count", "children"),
        Output("limits", "children"),
        Output("parallel", "figure"),
        Output("tradeoff", "figure"),
        Output("settings", "rowData"),
        Output("settings", "columnDefs"),
        Input("want-filter", "data"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )
    def _filtered(want: str | None, theme: str | None) -> Any:
        if not want or not theme:
            return [no_update] * 6
        choice, store, problems = resolve(choice_of(want)[0], library)
        if store is None:
            return [" ".join(problems), *[no_update] * 5]
        found = filtered(store, choice)
        plots = [page.shown(figure, theme == "dark") for figure in (found.parallel, found.tradeoff)]
        return [found.count, found.limits, *plots, found.rows, found.heads]


def _files(app: Dash, library: Library, desk: Desk) -> None:
    @app.callback(
        Output("file", "data"),
        Input("save-html", "n_clicks"),
        Input("save-csv", "n_clicks"),
        State("url", "search"),
        prevent_initial_call=True,
    )
    def _file(_html: int, _csv: int, query: str | None) -> Any:
        choice, store, _ = resolve(choice_of(query or "")[0], library)
        if store is None:
            return no_update
        if ctx.triggered_id == "save-csv":
            return {"content": csv_of(store, choice), "filename": f"{stem(choice)}.csv"}
        return {
            "content": html_of(store, choice, elements_of(store, choice, desk)),
            "filename": f"{stem(choice)}.html",
        }


def elements_of(store: StoreView, choice: Selection, desk: Desk) -> list[Element]:
    """The elements of the view that is open."""
    if choice.view in RESULTS:
        return RESULTS[choice.view](store, choice, desk.last(choice.view))
    if choice.view == "filter":
        return filter_elements(store, choice)
    return [element for part in PARTS[choice.view] for element in PART[part](store, choice)]
