"""`quiver-sim run`: headline figures of one scenario."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import SIMULATE, command
from experiments.cli.options import (
    Days,
    Debug,
    Json,
    ScenarioName,
    Seed,
    Settings,
    check_engine,
    check_file,
    check_out,
    check_simulation,
    parse_settings,
)
from experiments.cli.output import answered, figure, print_json, print_table, progress, quiet_stdout, say
from experiments.words import counted

if TYPE_CHECKING:
    import pandas as pd

    from model.economy import Economy

ENGINES = ("ensemble", "radcad", "cadcad", "jax")
HEADLINES = (
    "supply_quiv",
    "circulating_quiv",
    "minted_quiv",
    "burned_quiv",
    "price_usd",
    "tvl_usd",
    "staking_ratio",
    "delegator_apr",
    "treasury_quiv",
    "payments_usd",
    "provider_income_quiv",
    "take_rate",
    "fee_multiplier",
    "congestion",
    "active_providers",
    "gini",
)
LEVELS = {"least": 0.0, "p05": 0.05, "p50": 0.5, "p95": 0.95, "most": 1.0}
ENOUGH = 20
"""Runs from which the 5 % and 95 % quantiles are more than the least and the most."""


@command("run", SIMULATE, 1, example="whitepaper --days 365 --runs 100")
def run_command(
    scenario: ScenarioName,
    days: Days = None,
    seed: Seed = 1,
    runs: Annotated[int, typer.Option(metavar="N", help="Number of trajectories.")] = 1,
    engine: Annotated[str, typer.Option(metavar="ENGINE", help="ensemble, radcad, cadcad or jax.")] = "ensemble",
    settings: Settings = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write a store into this folder.")] = None,
    state_out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write a snapshot of the state after the last day of run 0.")
    ] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Simulate one scenario and print its headline figures."""
    with answered(debug):
        overrides = parse_settings(settings or [])
        check_engine(engine, ENGINES)
        check_simulation(runs, seed, days)
        if out is not None:
            check_out(out)
        if state_out is not None:
            check_file("--state-out", state_out)
        from experiments.inputs.scenario import load_scenario

        economy = load_scenario(scenario, overrides, days, given_as="--set")
        say(f"{economy.title}: {counted(economy.days, 'day')}, {counted(runs, 'run')}, seed {seed}, engine {engine}")
        from experiments.api import simulate

        with quiet_stdout(), progress() as report:
            frame = simulate(
                scenario, days=days, seed=seed, runs=runs, engine=engine, overrides=overrides, out=out, progress=report
            )
            if state_out is not None:
                _write_state(economy, seed, state_out)
        rows, store = headlines(frame), str(frame.attrs["store"]) if out else None
        if as_json:
            asked = {"scenario": economy.name, "title": economy.title, "days": economy.days, "runs": runs}
            where = {"out": str(out) if out else None, "store": store, "state": str(state_out) if state_out else None}
            print_json(asked | {"seed": seed, "engine": engine} | where | {"figures": rows})
        else:
            _print(rows, runs, economy.days)
        if state_out:
            say(f"next: quiver-sim snapshot {shlex.quote(str(state_out))}, or start: {state_out} in a scenario")
        if store:
            say(f"next: quiver-sim publish {shlex.quote(store)}")


def _write_state(economy: Economy, seed: int, path: Path) -> None:
    from experiments.engines.ensemble import execute
    from experiments.inputs.snapshot import snapshot_of
    from experiments.storage.results_io import write_json

    write_json(snapshot_of(economy, execute([economy], seed, [0], [])["state"]), path)


def headlines(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """First and last day of each headline metric over runs: median, 90 % band, least and most."""
    from model.metrics import METRICS

    day = frame.index.get_level_values("day")
    ends = {"first": frame[day == day.min()], "last": frame[day == day.max()]}
    rows = []
    for name in (name for name in HEADLINES if name in frame.columns):
        metric = METRICS[name]
        row: dict[str, Any] = {"metric": name, "label": metric.label, "unit": metric.unit}
        for end, part in ends.items():
            row[end] = {level: float(part[name].quantile(share)) for level, share in LEVELS.items()}
        rows.append(row)
    return rows


def _print(rows: list[dict[str, Any]], runs: int, days: int) -> None:
    headings = ["figure", "unit", "day 0", f"day {days}"]
    cells = [[row["label"], row["unit"], figure(row["first"]["p50"]), figure(row["last"]["p50"])] for row in rows]
    title = ""
    if runs > 1:
        band = {"5 %": "p05", "95 %": "p95"} if runs >= ENOUGH else {"least": "least", "most": "most"}
        title = _title(runs, days)
        headings += band
        for cell, row in zip(cells, rows, strict=True):
            cell += [figure(row["last"][level]) for level in band.values()]
    print_table(headings, cells, title, right=(2, 3, 4, 5))


def _title(runs: int, days: int) -> str:
    """What the columns are when there are several runs."""
    if runs >= ENOUGH:
        return f"Medians of {runs} runs; on day {days}, 90 % of runs lie between the last two columns"
    return f"Medians of {runs} runs; least and most on day {days} (too few runs for 5 % and 95 %)"
