"""Snapshots of a live network: a file's entries by agent, checked to the wei, and the state that a run starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from experiments.errors import Problems, UnfitError, unknown
from experiments.inputs import validate
from experiments.inputs.changes import Changes, read_dotted
from experiments.inputs.snapshot.buckets import Agent, bucketed
from experiments.inputs.snapshot.convert import to_start
from experiments.inputs.snapshot.files import read_document
from experiments.inputs.snapshot.layout import ACCOUNTS, COLUMNS
from experiments.inputs.snapshot.totals import check_totals
from model.parameters import REGISTRY
from model.spec.exact import WEI_PER_NQUIV
from model.start import UNBONDING, Start

PRICE = "market.initial_price_usd"


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
    return read_snapshot(read_document(Path(path), str(path)), str(path))


def read_snapshot(content: Mapping[str, Any], where: str) -> Snapshot:
    """A snapshot from the content of its file; `RequestError` says what does not add up, and by how many wei."""
    problems = Problems()
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
    start, kept = to_start(content["day"], accounts, supply, vesting, simulated)
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
    for agent, following in pairwise(agents):
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
            problems.add(where, f"holders.{holder.name}.provider", "missing; allowed: the one to whom it delegates")


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
            allowed = f"{content['day']} or later, the day of the snapshot"
            problems.add(where, f"{key}.day", UnfitError(str(item["day"]), allowed))
        else:
            agent.releases[day] = agent.releases.get(day, 0) + int(item["amount"])


def _parameters(
    content: Mapping[str, Any], agents: Mapping[str, Sequence[Agent]], where: str, problems: Problems
) -> dict[str, Any]:
    """Live parameters, the price, and as many agents as there are in the lists."""
    changes = Changes()
    for name, found in content.get("parameters", {}).items():
        if name == PRICE or name.startswith("population."):
            problems.add(where, f"parameters.{name}", "given by price_usd and the lists; allowed: other parameters")
        elif name not in REGISTRY:
            problems.add(where, f"parameters.{name}", unknown(name, "parameter", REGISTRY, "quiver-sim params"))
        else:
            read_dotted(name, _plain(found), changes, Path(), f"{where}: parameters", problems)
    for who, entries in agents.items():
        entry = REGISTRY[f"population.{who}"]
        try:
            changes.parameters[entry.name] = validate.whole(len(entries), entry.low, entry.high, entry.unit)
        except UnfitError as error:
            problems.add(where, who, error)
    return changes.parameters | {PRICE: float(content["price_usd"])}


def _plain(found: Any) -> Any:
    if isinstance(found, list):
        return [_plain(item) for item in found]
    return float(found) if isinstance(found, Decimal) else found
