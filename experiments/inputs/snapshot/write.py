"""The state of a run as a snapshot: the file that a live network would give on that day.

What a chain does not show (USD of agents, satisfaction, queues, open votes and cases) is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from experiments.inputs.snapshot.layout import ACCOUNTS, COLUMNS, VERSION
from model.economy import Economy
from model.ledger import BURNED, MINTED
from model.parameters import GOVERNED
from model.parameters.supply import ALLOCATIONS
from model.spec.exact import WEI_PER_NQUIV
from model.start import UNBONDING
from state_updates import COUNTERS, VARIABLES

TAKE, LEAST_USD = "valuation.first_take_usd", 1e-9
"""What the network takes a day, by which holders value the token; none at all would be read as not told."""


def snapshot_of(economy: Economy, state: Mapping[str, Any], trajectory: int = 0) -> dict[str, Any]:
    """A snapshot of one trajectory of an ensemble's state, as plain data for JSON, amounts as text in wei."""
    alone = {name: np.asarray(state[name]) for name in VARIABLES}
    alone |= {name: value[trajectory] for name, value in alone.items() if name not in COUNTERS}
    day = int(alone["day"]) + (economy.start.day if economy.start else 0)
    accounts = {name: int(np.sum(alone[f"{name}_nquiv"])) for name in ACCOUNTS}
    return {
        "version": VERSION,
        "day": day,
        "price_usd": float(alone["price_usd"]),
        "supply": {"minted": _wei(alone[MINTED]), "burned": _wei(alone[BURNED])},
        "accounts": {name: _wei(amount) for name, amount in accounts.items() if amount},
        "vesting": {name: _wei(alone["vesting_nquiv"][ALLOCATIONS.index(name)]) for name in ALLOCATIONS[1:]},
        **{who: _agents(alone, who) for who in COLUMNS},
        "unbonding": [item for who in UNBONDING for item in _unbonding(economy, alone, who, day)],
        "parameters": {name: float(alone[name]) for name in GOVERNED}
        | {TAKE: max(float(alone["take_usd"]), LEAST_USD)},
    }


def _wei(nquiv: Any) -> str:
    return str(int(nquiv) * WEI_PER_NQUIV)


def _agents(state: Mapping[str, Any], who: str) -> list[dict[str, str]]:
    word = who[:-1]
    columns = {column: state[f"{word}_{column}_nquiv"] for column in COLUMNS[who]}
    entries = []
    for place in range(len(state[f"{word}_wallet_nquiv"])):
        entry = {"id": _name(word, place)} | {column: _wei(amounts[place]) for column, amounts in columns.items()}
        if who == "holders":
            entry["provider"] = _name("provider", int(state["holder_provider"][place]))
        entries.append(entry)
    return entries


def _name(word: str, place: int) -> str:
    return f"{word}-{place:06d}"


def _unbonding(economy: Economy, state: Mapping[str, Any], who: str, day: int) -> list[dict[str, Any]]:
    """What each agent gets on each coming day, if nothing more is slashed: its shares at what they are worth."""
    word = UNBONDING[who]
    ring = state[f"{word}_released_nquiv"]
    due = np.roll(ring, -(int(state["day"]) % len(ring)), axis=0)
    if economy.parameters.staking.unbonding_shape == "linear":
        due = np.cumsum(np.vstack([state[f"{word}_release_rate_nquiv"], -due[:-1]]), axis=0)
    entries = []
    for place, held in enumerate(state[f"{word}_unbonding_nquiv"].tolist()):
        shares = due[:, place].tolist()
        for ahead, amount in _worth(held, shares):
            entries.append({"of": word, "id": _name(word, place), "day": day + ahead, "amount": _wei(amount)})
    return entries


def _worth(held: int, shares: list[int]) -> list[tuple[int, int]]:
    """What is held, divided by shares over days; the last day with shares has what rounding leaves."""
    days = [ahead for ahead, count in enumerate(shares) if count > 0] or [0]
    whole = max(sum(shares), 1)
    worth = {ahead: held * shares[ahead] // whole for ahead in days}
    worth[days[-1]] += held - sum(worth.values())
    return [(ahead, amount) for ahead, amount in worth.items() if amount]
