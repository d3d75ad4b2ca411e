"""Snapshots, checked to the wei, as a state to start from in whole nano-QUIV.

On chain an amount is whole wei, here whole nano-QUIV, 10**9 wei. Each balance is rounded down; what all of them lose
together is known to the wei. Its whole nano-QUIV are kept in one account (`vesting_released`), and what is left over,
under one nano-QUIV of the whole supply, is outside of the ledger and reported.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from experiments import values
from experiments.changes import Changes, read_dotted
from experiments.errors import Problems, UnfitError, unknown
from experiments.snapshot.buckets import Agent, bucketed
from experiments.snapshot.files import read_document
from experiments.snapshot.layout import ACCOUNTS, COLUMNS
from experiments.snapshot.totals import check_totals
from model.exact import WEI_PER_NQUIV
from model.parameters import REGISTRY
from model.parameters.supply import ALLOCATIONS
from model.start import UNBONDING, Start

DUST = "vesting_released"
PRICE = "market.initial_price_usd"
SPECULATORS = len(REGISTRY["speculators.horizons_days"].default)


@dataclass(frozen=True)
class Snapshot:
    """A snapshot's figures: totals of accounts in wei, entries of each list, and what a run starts with.

    `parameters` are live values, the price and the sizes of the population. `kept_nquiv` of the remainders of balances
    are in `vesting_released`, `outside_wei` in no account.
    """

    day: int
    block: int | None
    supply_wei: int
    accounts_wei: Mapping[str, int]
    agents: Mapping[str, int]
    parameters: Mapping[str, Any] = field(repr=False)
    start: Start = field(repr=False)
    kept_nquiv: int
    outside_wei: int


def load_snapshot(path: str | Path) -> Snapshot:
    """A snapshot's file, checked as a whole; `RequestError` says what does not add up, and by how many wei."""
    where, problems = str(path), Problems()
    content = read_document(Path(path), where)
    agents = {who: _agents(content, who, where, problems) for who in COLUMNS}
    _delegations(agents, where, problems)
    _releases(content, agents, where, problems)
    problems.raise_any()
    accounts = {name: int(content["accounts"].get(name, 0)) for name in ACCOUNTS}
    supply = {name: int(amount) for name, amount in content["supply"].items()}
    vesting = {name: int(amount) for name, amount in content.get("vesting", {}).items()}
    check_totals(accounts, supply, vesting, agents, where, problems)
    simulated = agents | {"holders": bucketed(agents["holders"])}
    parameters = _parameters(content, simulated, where, problems)
    problems.raise_any()
    start, kept = _start(content["day"], accounts, supply, vesting, simulated)
    left = supply["minted"] - supply["burned"]
    entries = {who: len(found) for who, found in agents.items()}
    outside = left % WEI_PER_NQUIV
    return Snapshot(content["day"], content.get("block"), left, accounts, entries, parameters, start, kept, outside)


def _agents(content: Mapping[str, Any], who: str, where: str, problems: Problems) -> list[Agent]:
    """The entries of a list, by name, so that their order in the file changes nothing."""
    agents = [
        Agent(item["id"], {column: int(item.get(column, 0)) for column in COLUMNS[who]}, item.get("provider", ""))
        for item in content[who]
    ]
    agents.sort(key=lambda agent: agent.name)
    for agent, following in zip(agents, agents[1:], strict=False):
        if agent.name == following.name:
            problems.add(where, who, UnfitError(f"the id {agent.name} twice", "each id once in a list"))
    return agents


def _delegations(agents: Mapping[str, Sequence[Agent]], where: str, problems: Problems) -> None:
    known = {agent.name for agent in agents["providers"]}
    for holder in agents["holders"]:
        if holder.provider and holder.provider not in known:
            rule = unknown(holder.provider, "provider", known, "the ids under providers")
            problems.add(where, f"holders.{holder.name}.provider", f"{holder.provider}: {rule}")
        if holder.amounts["delegated"] and not holder.provider:
            problems.add(
                where, f"holders.{holder.name}.provider", "missing; allowed: the provider to whom it delegates"
            )


def _releases(
    content: Mapping[str, Any], agents: Mapping[str, Sequence[Agent]], where: str, problems: Problems
) -> None:
    """Give each agent what it has under `unbonding`."""
    named = {word: {agent.name: agent for agent in agents[who]} for who, word in UNBONDING.items()}
    for place, item in enumerate(content.get("unbonding", [])):
        key, day = f"unbonding.{place}", item["day"] - content["day"]
        agent = named[item["of"]].get(item["id"])
        if agent is None:
            rule = unknown(item["id"], item["of"], named[item["of"]], f"the ids under {item['of']}s")
            problems.add(where, f"{key}.id", f"{item['id']}: {rule}")
        elif day < 0:
            problems.add(
                where, f"{key}.day", UnfitError(str(item["day"]), f"{content['day']} or later, the snapshot's day")
            )
        else:
            agent.releases[day] = agent.releases.get(day, 0) + int(item["amount"])


def _parameters(
    content: Mapping[str, Any], agents: Mapping[str, Sequence[Agent]], where: str, problems: Problems
) -> dict[str, Any]:
    """Live parameters, the price, and as many agents as there are in the lists."""
    changes = Changes()
    for name, found in content.get("parameters", {}).items():
        if name == PRICE or name.startswith("population."):
            problems.add(
                where, f"parameters.{name}", "given by price_usd and the lists of agents; allowed: other parameters"
            )
        elif name not in REGISTRY:
            problems.add(where, f"parameters.{name}", unknown(name, "parameter", REGISTRY, "quiver-sim params"))
        else:
            read_dotted(name, _plain(found), changes, Path(), f"{where}: parameters", problems)
    for who, entries in agents.items():
        entry = REGISTRY[f"population.{who}"]
        try:
            changes.parameters[entry.name] = values.whole(len(entries), entry.low, entry.high, entry.unit)
        except UnfitError as error:
            problems.add(where, who, error)
    return changes.parameters | {PRICE: float(content["price_usd"])}


def _plain(found: Any) -> Any:
    if isinstance(found, list):
        return [_plain(item) for item in found]
    return float(found) if isinstance(found, Decimal) else found


def _start(
    day: int,
    accounts: Mapping[str, int],
    supply: Mapping[str, int],
    vesting: Mapping[str, int],
    agents: Mapping[str, Sequence[Agent]],
) -> tuple[Start, int]:
    """The state in nano-QUIV, and what of it the remainders of balances come to."""
    balances = {name: (amount // WEI_PER_NQUIV,) for name, amount in accounts.items()}
    balances["vesting"] = tuple(vesting.get(name, 0) // WEI_PER_NQUIV for name in ALLOCATIONS)
    each, rest = divmod(accounts["speculator_wallet"] // WEI_PER_NQUIV, SPECULATORS)
    balances["speculator_wallet"] = (each + rest, *[each] * (SPECULATORS - 1))
    for who, columns in COLUMNS.items():
        for column in columns:
            amounts = (agent.amounts[column] // WEI_PER_NQUIV for agent in agents[who])
            balances[f"{who[:-1]}_{column}"] = tuple(amounts)
    releases = {}
    for who, word in UNBONDING.items():
        due = [
            sorted((ahead, amount // WEI_PER_NQUIV) for ahead, amount in agent.releases.items())
            for agent in agents[who]
        ]
        balances[f"{word}_unbonding"] = tuple(sum(amount for _, amount in own) for own in due)
        releases[who] = tuple((ahead, place, amount) for place, own in enumerate(due) for ahead, amount in own)
    left = (supply["minted"] - supply["burned"]) // WEI_PER_NQUIV
    kept = left - sum(map(sum, balances.values()))
    balances[DUST] = (balances[DUST][0] + kept,)
    number = {agent.name: place for place, agent in enumerate(agents["providers"])}
    burned = supply["burned"] // WEI_PER_NQUIV
    start = Start(
        day=day,
        minted=burned + left,
        burned=burned,
        balances={f"{name}_nquiv": amounts for name, amounts in balances.items()},
        releases=releases,
        holder_provider=tuple(number.get(holder.provider, -1) for holder in agents["holders"]),
    )
    return start, kept
