"""`quiver-sim replay`: one trajectory of a sweep, simulated again."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import SWEEP, command
from experiments.cli.options import AnyStore, Debug, Json, check_folder
from experiments.cli.output import answered, figure, print_json, print_table, quiet_stdout, say
from experiments.words import counted

if TYPE_CHECKING:
    from experiments.inputs.plan import Plan
    from experiments.sweeps.replay import Replay


@command("replay", SWEEP, 4, example="results/demo-1f3a9c --design 0 --run 3")
def replay_command(
    store: AnyStore,
    design: Annotated[int, typer.Option(metavar="I", help="Design point, as in design.parquet.")],
    run: Annotated[int, typer.Option(metavar="J", help="Run of that design point, from 0.")],
    engine: Annotated[
        str | None,
        typer.Option(
            metavar="ENGINE", help="radcad, cadcad, ensemble or jax (default: jax for a store made by it, else radcad)."
        ),
    ] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Simulate one trajectory of a sweep again and compare it with the store; --debug shows where it fails."""
    with answered(debug):
        check_folder(store)
        from experiments.storage.folder import Folder
        from experiments.storage.version import code_version
        from experiments.sweeps.plan_file import read_plan, read_plan_data
        from experiments.sweeps.replay import replay_trajectory as simulate

        folder = Folder.at(store)
        made_by = read_plan_data(folder)["code_version"]
        if made_by != code_version():
            say(f"warning: the store was made by other code ({made_by}), so the numbers may differ")
        plan = read_plan(folder)
        engine = engine or ("jax" if plan.engine == "jax" else "radcad")
        with quiet_stdout():
            found = simulate(plan, folder, design, run, engine)
        asked = {"store": store, "design": design, "run": run, "engine": engine, "settings": dict(plan.points[design])}
        if as_json:
            print_json(asked | _content(found))
        else:
            _print(plan, found)
        if found.error and debug:
            say("".join(traceback.format_exception(found.error)).rstrip())
        if found.error or found.differences:
            raise typer.Exit(1)


def _content(found: Replay) -> dict[str, Any]:
    error = f"{type(found.error).__name__}: {found.error}" if found.error else None
    equal = not found.differences if found.compared else None
    what = {"error": error, "stored_error": found.stored or None, "kpis": found.kpis}
    return what | {"compared": found.compared, "equal": equal, "differences": found.differences}


def _print(plan: Plan, found: Replay) -> None:
    if found.error:
        say(f"error: it fails: {type(found.error).__name__}: {found.error}")
        say(f"as in the store: {found.stored}" if found.stored else "the store does not say that it fails")
        return
    rows = [(kpi.label, kpi.unit, figure(found.kpis[kpi.name])) for kpi in plan.kpis]
    print_table(("KPI", "unit", "value"), rows, right=(2,))
    if found.stored:
        say(f"it does not fail now; in the store it did: {found.stored}")
    elif not found.compared:
        say("the store keeps nothing of it to compare with")
    elif not found.differences:
        say(f"equal: {counted(found.compared, 'figure')} are those of the store")
    for one in found.differences:
        where = f"day {one['day']}, {one['metric']}" if one["day"] is not None else f"KPI {one['metric']}"
        say(f"not equal: {where}: the store has {one['stored']!r}, replayed {one['replayed']!r}")
