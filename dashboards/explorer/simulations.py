"""Callbacks of simulations: start, cancel, progress and results."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import Dash, Input, Output, State, ctx, no_update

from dashboards.explorer import drill, page, whatif
from dashboards.explorer.answer import answer
from dashboards.explorer.data import Library
from dashboards.explorer.jobs import Desk
from dashboards.explorer.resolve import resolve
from dashboards.explorer.state import Selection, choice_of
from dashboards.explorer.work import TASKS
from experiments.errors import RequestError

RESULTS = {"trajectory": drill.trajectory_part, "whatif": whatif.whatif_part}
"""The function that shows the results of each kind of task."""


def simulations(app: Dash, library: Library, desk: Desk) -> None:
    """Bind the callbacks of the two views that simulate."""
    _work(app, library, desk)
    for kind in TASKS:
        _results(app, library, desk, kind)
    _parameters(app, library)
    _events(app, desk)


def _work(app: Dash, library: Library, desk: Desk) -> None:
    """The buttons, and progress while the page polls."""

    @app.callback(
        output={
            "still": Output("tick", "disabled"),
            "states": {kind: Output(f"{kind}-state", "children") for kind in TASKS},
            "damage": Output("damage", "children"),
            "idle": {kind: Output(f"{kind}-cancel", "disabled") for kind in TASKS},
            "done": {kind: Output(f"{kind}-done", "data") for kind in TASKS},
        },
        inputs={
            "buttons": {
                f"{kind}-{act}": Input(f"{kind}-{act}", "n_clicks") for kind in TASKS for act in ("start", "cancel")
            },
            "tick": Input("tick", "n_intervals"),
        },
        state={
            "query": State("url", "search"),
            "table": State("changes", "rowData"),
            "runs": State("whatif-runs", "value"),
            "done": {kind: State(f"{kind}-done", "data") for kind in TASKS},
        },
    )
    def _polled(buttons: Any, tick: Any, query: str, table: Any, runs: Any, done: Any) -> dict[str, Any]:
        refused: dict[str, str] = {}
        kind, _, act = str(ctx.triggered_id or "").partition("-")
        try:
            if act == "start":
                start(desk, library, kind, choice_of(query or "")[0], table or [], runs)
            elif act == "cancel":
                desk.cancel(kind)
        except RequestError as error:
            refused[kind] = " ".join(error.problems)
        jobs = {name: desk.last(name) for name in TASKS}
        running = any(job.running for job in jobs.values() if job)
        damage, checking = library.damage(choice_of(query or "")[0].store)
        keys = {name: str(job.folder) if job and job.finished else None for name, job in jobs.items()}
        states = {name: refused.get(name) or (job.state if job else "") for name, job in jobs.items()}
        return {
            "still": not running and not checking,
            "damage": page.notice(damage, "problem"),
            "states": {name: no_update if refused and name not in refused else text for name, text in states.items()},
            "idle": {name: not (job and job.running) for name, job in jobs.items()},
            "done": {name: no_update if keys[name] == done[name] else keys[name] for name in TASKS},
        }


def start(
    desk: Desk, library: Library, kind: str, choice: Selection, table: list[Mapping[str, Any]], runs: Any
) -> None:
    """Start a simulation for a choice; RequestError where it cannot be."""
    resolved, store, problems = resolve(choice, library)
    if store is None:
        raise RequestError(*problems)
    if kind == "trajectory":
        _ = store.plan
        given = drill.trajectory_request(resolved)
    else:
        given = whatif.whatif_request(store.plan, resolved.design, whatif.read_changes(table), runs)
    desk.start(kind, library.place(resolved.store), given)


def _results(app: Dash, library: Library, desk: Desk, kind: str) -> None:
    @app.callback(
        Output(f"part-{kind}", "children"),
        Input(f"want-{kind}", "data"),
        Input(f"{kind}-done", "data"),
        Input("theme", "data"),
        prevent_initial_call=True,
    )
    def _shown(want: str | None, _done: str | None, theme: str | None) -> Any:
        if not want or not theme:
            return no_update
        return answer(
            want, theme == "dark", library, lambda store, choice: RESULTS[kind](store, choice, desk.last(kind))
        )


def _parameters(app: Dash, library: Library) -> None:
    """The table of parameters at a setting, made again when store or setting changes."""

    @app.callback(
        Output("changes", "rowData"),
        Output("whatif-note", "children"),
        Input("want-whatif", "data"),
        State("changes", "rowData"),
        prevent_initial_call=True,
    )
    def _listed(want: str | None, before: Any) -> Any:
        choice, store, _ = resolve(choice_of(want or "")[0], library)
        if not want or store is None:
            return no_update, no_update
        try:
            fresh = whatif.parameter_rows(store.plan, choice.design)
        except RequestError as error:
            return [], " ".join(error.problems)
        written = {row["name"]: row["new"] for row in before or []}
        return [row | {"new": written.get(row["name"], "")} for row in fresh], ""


def _events(app: Dash, desk: Desk) -> None:
    @app.callback(
        Output("events", "rowData"),
        Output("log", "hidden"),
        Input("trajectory-done", "data"),
        prevent_initial_call=True,
    )
    def _told(done: str | None) -> Any:
        job = desk.last("trajectory")
        return (job.said["events"], False) if done and job and job.finished else ([], True)
