"""`quiver-sim attack`: an attack's cost, profit and damage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.command import SIMULATE, command
from experiments.cli.options import Debug, Json, Seed, check_numbers, check_simulation, parse_settings
from experiments.cli.output import answered, figure, print_json, print_table, say
from experiments.errors import RequestError
from experiments.words import counted, percent

if TYPE_CHECKING:
    from experiments.validation.attack_value import AttackOutcome

MOST_VALUES = 100
MOST_RUNS = 10_000
VARY = "Measure at several values of a parameter: KEY=V1,V2,... (default: a shipped attack's own deterrent)."


@command("attack", SIMULATE, 2, example="attack_wash_trading")
def attack_command(
    scenario: Annotated[
        str, typer.Argument(metavar="SCENARIO", help="A scenario with attacks, a file or a name such as attack_*.")
    ],
    vary: Annotated[str | None, typer.Option(metavar="KEY=VALUES", help=VARY)] = None,
    runs: Annotated[int, typer.Option(metavar="N", help="Pairs of trajectories, with and without the attack.")] = 20,
    seed: Seed = 1,
    as_json: Json = False,
    debug: Debug = False,
) -> None:
    """Measure an attack's cost, profit and damage: paired runs with the attackers acting and idle."""
    with answered(debug):
        from experiments.inputs.scenario import load_scenario
        from experiments.validation.attack_value import FRONTIERS, frontier

        check_numbers({"runs": (runs, 2, MOST_RUNS)})
        check_simulation(seed=seed)
        economy = load_scenario(scenario)
        if not economy.attacks:
            raise RequestError(f"{scenario} has no attacks; allowed: a scenario with attacks: {', '.join(FRONTIERS)}")
        parameter, points = _values(vary, FRONTIERS.get(economy.name))
        say(f"{economy.title}: {counted(economy.days, 'day')}, {counted(runs, 'pair')} of runs, seed {seed}")
        found = frontier(economy, parameter, points, runs, seed)
        rows = [{"value": value, **_row(outcome)} for value, outcome in found]
        if as_json:
            asked = {"scenario": economy.name, "title": economy.title, "days": economy.days, "seed": seed}
            print_json(asked | {"parameter": parameter, "outcomes": rows})
            return
        headings = (parameter, "capital", "profit", "victims' loss", "runs with profit", "loss per USD spent")
        title = "USD, means of pairs with 95 % intervals; capital is the most that the attackers are out of pocket"
        print_table(headings, [_cells(row) for row in rows], title, right=(1, 2, 3, 4, 5))


def _values(vary: str | None, shipped: tuple[str, tuple[Any, ...]] | None) -> tuple[str, list[Any]]:
    """The parameter to vary and its values."""
    if vary is None:
        if shipped is None:
            raise RequestError("--vary: missing; allowed: KEY=V1,V2,..., such as fees.network_share=0.1,0.2")
        return shipped[0], list(shipped[1])
    key, _, listed = vary.partition("=")
    texts = [text for text in listed.split(",") if text.strip()]
    if not texts or len(texts) > MOST_VALUES:
        raise RequestError(f"--vary: found {vary!r}; allowed: KEY=V1,V2,..., 1 to {MOST_VALUES} values")
    return key.strip(), [parse_settings([f"{key}={text}"])[key.strip()] for text in texts]


def _row(outcome: AttackOutcome) -> dict[str, Any]:
    """An outcome as plain figures."""
    amounts = {"capital_usd": outcome.capital, "profit_usd": outcome.profit, "loss_usd": outcome.loss}
    return {
        **{name: {"mean": found.mean, "low": found.low, "high": found.high} for name, found in amounts.items()},
        "success": outcome.success,
        "griefing": outcome.griefing,
        "runs": outcome.runs,
    }


def _cells(row: dict[str, Any]) -> list[str]:
    amounts = [
        f"{figure(row[name]['mean'])} ± {figure(row[name]['high'] - row[name]['mean'])}"
        for name in ("capital_usd", "profit_usd", "loss_usd")
    ]
    griefing = "free" if row["griefing"] == float("inf") else figure(row["griefing"])
    return [str(row["value"]), *amounts, percent(row["success"]), griefing]
