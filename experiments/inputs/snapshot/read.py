"""Snapshots of a live network: a file's entries by agent, checked to the wei, and the state that a run starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

from experiments.errors import UnfitError, unknown
from experiments.inputs import validate
from experiments.inputs.address import one_spelling
from experiments.inputs.changes import Changes, read_dotted
from experiments.inputs.reader import Reader
from experiments.inputs.snapshot.buckets import Agent, bucketed
from experiments.inputs.snapshot.convert import to_start
from experiments.inputs.snapshot.files import read_document
from experiments.inputs.snapshot.layout import ACCOUNTS, COLUMNS, LISTS, NAMES
from experiments.inputs.snapshot.totals import check_totals
from experiments.inputs.text_file import path_of
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
    return read_snapshot(read_document(path_of(path), str(path)), str(path))


def read_snapshot(content: Mapping[str, Any], where: str) -> Snapshot:
    """A snapshot from the content of its file; `RequestError` says what does not add up, and by how many wei."""
    file = _spelled(Reader(where, content))
    agents = {who: _agents(file.at(who)) for who in COLUMNS}
    _delegations(agents, file)
    _releases(file, agents)
    file.problems.raise_any()
    accounts = {name: int(content["accounts"].get(name, 0)) for name in ACCOUNTS}
    supply = {name: int(amount) for name, amount in content["supply"].items()}
    vesting = {name: int(amount) for name, amount in content.get("vesting", {}).items()}
    check_totals(accounts, supply, vesting, agents, file)
    simulated = agents | {"holders": bucketed(agents["holders"])}
    parameters = _parameters(file, simulated)
    file.problems.raise_any()
    start, kept = to_start(content["day"], accounts, supply, vesting, simulated)
    left = supply["minted"] - supply["burned"]
    entries = {who: len(found) for who, found in agents.items()}
    outside = left % WEI_PER_NQUIV
    return Snapshot(content["day"], content.get("block"), left, accounts, entries, parameters, start, kept, outside)


def _spelled(file: Reader) -> Reader:
    """The file with every address in one spelling, so that it names one agent."""
    found = dict(file.found)
    for name in LISTS:
        at = file.sub(name)
        found[name] = [_entry(item, place, at) for place, item in enumerate(file.found.get(name, ()))]
    return replace(file, found=found)


def _entry(item: Mapping[str, Any], place: int, at: Reader) -> dict[str, Any]:
    spelled = dict(item)
    for key in (key for key in NAMES if key in item):
        try:
            spelled[key] = one_spelling(item[key])
        except UnfitError as error:
            at.note(error, f"{place}.{key}")
    return spelled


def _agents(at: Reader) -> list[Agent]:
    """The entries of a list, by name, so that their order in the file changes nothing."""
    columns = COLUMNS[at.key]
    agents = [
        Agent(item["id"], {column: int(item.get(column, 0)) for column in columns}, item.get("provider", ""))
        for item in at.found
    ]
    agents.sort(key=lambda agent: agent.name)
    for agent, following in pairwise(agents):
        if agent.name == following.name:
            at.note(UnfitError(f"the id {agent.name} twice", "each id once in a list, addresses in any spelling"))
    return agents


def _delegations(agents: Mapping[str, Sequence[Agent]], file: Reader) -> None:
    known = {agent.name for agent in agents["providers"]}
    for holder in agents["holders"]:
        key = f"holders.{holder.name}.provider"
        if holder.provider and holder.provider not in known:
            rule = unknown(holder.provider, "provider", known, "the ids under providers")
            file.note(f"{holder.provider}: {rule}", key)
        if holder.amounts["delegated"] and not holder.provider:
            file.note("missing; allowed: the one to whom it delegates", key)


def _releases(file: Reader, agents: Mapping[str, Sequence[Agent]]) -> None:
    """Give each agent what it has under `unbonding`."""
    named = {word: {agent.name: agent for agent in agents[who]} for who, word in UNBONDING.items()}
    today = file.found["day"]
    for place, item in enumerate(file.found.get("unbonding", [])):
        key, day = f"unbonding.{place}", item["day"] - today
        agent = named[item["of"]].get(item["id"])
        if agent is None:
            rule = unknown(item["id"], item["of"], named[item["of"]], f"the ids under {item['of']}s")
            file.note(f"{item['id']}: {rule}", f"{key}.id")
        elif day < 0:
            file.note(UnfitError(str(item["day"]), f"{today} or later, the day of the snapshot"), f"{key}.day")
        else:
            agent.releases[day] = agent.releases.get(day, 0) + int(item["amount"])


def _parameters(file: Reader, agents: Mapping[str, Sequence[Agent]]) -> dict[str, Any]:
    """Live parameters, the price, and as many agents as there are in the lists."""
    changes, live = Changes(), file.sub("parameters")
    for name, found in file.found.get("parameters", {}).items():
        if name == PRICE or name.startswith("population."):
            live.note("given by price_usd and the lists; allowed: other parameters", name)
        elif name not in REGISTRY:
            live.note(unknown(name, "parameter", REGISTRY, "quiver-sim params"), name)
        else:
            read_dotted(live.inside().sub(name, _plain(found)), changes, Path())
    for who, entries in agents.items():
        entry = REGISTRY[f"population.{who}"]
        with file.sub(who).noting():
            changes.parameters[entry.name] = validate.whole(len(entries), entry.low, entry.high, entry.unit)
    return changes.parameters | {PRICE: float(file.found["price_usd"])}


def _plain(found: Any) -> Any:
    return [_number(item) for item in found] if isinstance(found, list) else _number(found)


def _number(found: Any) -> Any:
    return float(found) if isinstance(found, Decimal) else found
