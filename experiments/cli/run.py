"""`quiver-sim run`: one scenario, its headline figures."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.output import Debug, Json, answered, document, figure, progress, quiet_stdout, say, table
from experiments.errors import RequestError, nearest

if TYPE_CHECKING:
    import pandas as pd

ENGINES = ("ensemble", "radcad", "cadcad")
LATER = ("jax",)
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
LEVELS = {"p05": 0.05, "p50": 0.5, "p95": 0.95}


def run(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario file, or a name (quiver-sim scenarios).")
    ],
    days: Annotated[int | None, typer.Option(metavar="N", help="Horizon; the scenario's own if left out.")] = None,
    seed: Annotated[int, typer.Option(metavar="N", help="Seed of every random draw.")] = 1,
    runs: Annotated[int, typer.Option(metavar="N", help="Trajectories.")] = 1,
    engine: Annotated[str, typer.Option(metavar="ENGINE", help="ensemble, radcad or cadcad.")] = "ensemble",
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE", help="Replace one value; may be repeated.")
    ] = None,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write the store into this folder.")] = None,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Simulate one scenario and print its headline figures."""
    with answered(debug):
        overrides = parse_settings(settings or [])
        _check(engine, runs, seed, out)
        from experiments.scenario import load_scenario

        economy = load_scenario(scenario, overrides, days)
        say(f"{economy.title}: {economy.days} days, {_count(runs)}, seed {seed}, engine {engine}")
        from experiments.api import simulate

        with quiet_stdout(), progress("trajectories") as report:
            frame = simulate(economy, seed=seed, runs=runs, engine=engine, out=out, progress=report)
        rows = headlines(frame)
        if as_json:
            asked = {"scenario": economy.name, "title": economy.title, "days": economy.days, "runs": runs}
            document(asked | {"seed": seed, "engine": engine, "out": str(out) if out else None, "figures": rows})
        else:
            _print(rows, runs, economy.days)
        if out:
            say(f"the store is in a folder of its own below {out}")


def parse_settings(settings: list[str]) -> dict[str, Any]:
    """`KEY=VALUE` pairs by key; values are YAML, as in a scenario file."""
    from experiments.yaml_files import parse

    overrides: dict[str, Any] = {}
    for pair in settings:
        key, equals, value = pair.partition("=")
        key = key.strip()
        if not equals or not key or not value.strip():
            raise RequestError(f"--set: found {pair!r}; allowed: KEY=VALUE, such as fees.burn_share=0.6")
        if key in overrides:
            raise RequestError(f"--set: {key} is given twice")
        overrides[key] = parse(value, f"--set {key}")
    return overrides


def headlines(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """First and last day of each headline metric over runs: median and 90 % band."""
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
    if runs > 1:
        headings = [*headings[:2], "day 0, median", f"day {days}, median", "90 % of runs lie between"]
        for cell, row in zip(cells, rows, strict=True):
            cell.append(f"{figure(row['last']['p05'])} and {figure(row['last']['p95'])}")
    table(headings, cells, right=(2, 3, 4))


def _check(engine: str, runs: int, seed: int, out: Path | None) -> None:
    if engine in LATER:
        raise RequestError(f"--engine: {engine} is not available in this version; allowed: {', '.join(ENGINES)}")
    if engine not in ENGINES:
        near = nearest(engine, ENGINES)
        hint = f"; nearest: {near[0]}" if near else ""
        raise RequestError(f"--engine: found {engine!r}; allowed: {', '.join(ENGINES)}{hint}")
    if runs < 1:
        raise RequestError(f"--runs: found {runs}; allowed: a whole number from 1")
    if not 0 <= seed < 2**63:
        raise RequestError(f"--seed: found {seed}; allowed: a whole number from 0 to 2**63 - 1")
    if out is not None and out.is_file():
        raise RequestError(f"--out: found the file {out}; allowed: a folder, which is made if it is missing")


def _count(runs: int) -> str:
    return "one run" if runs == 1 else f"{runs} runs"
