"""A small snapshot by hand, with balances that are no whole nano-QUIV, and files made from changes of it."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from experiments.inputs.scenario import load_scenario
from model.economy import Economy

QUIV = 10**18
DAY = 400
STAKE, LOCKED = 50_000 * QUIV + 7, 100_000_000 * QUIV

SMALL: dict[str, Any] = {
    "version": 1,
    "day": DAY,
    "block": 19_000_000,
    "price_usd": 0.25,
    "supply": {"minted": 0, "burned": 5 * QUIV + 1},
    "accounts": {"treasury": 9_000_000 * QUIV + 3, "pool": 4_000_000 * QUIV, "speculator_wallet": 100_000 * QUIV + 2},
    "vesting": {"team": LOCKED, "investors": 11},
    "providers": [{"id": name, "wallet": 1_000 * QUIV + 999_999_999, "stake": STAKE} for name in ("p1", "p2", "p3")],
    "validators": [{"id": "v1", "wallet": 2, "stake": 20_000 * QUIV}],
    "consumers": [
        {"id": "c1", "wallet": 5_000 * QUIV + 1, "escrow": 10 * QUIV + 5, "channel": 20 * QUIV},
        {"id": "c2", "wallet": 3 * QUIV},
    ],
    "holders": [
        {"id": "h1", "wallet": 10 * QUIV + 600_000_000},
        {"id": "h2", "wallet": 7_000 * QUIV + 600_000_000, "delegated": 900 * QUIV, "provider": "p2"},
        {"id": "h3", "wallet": 1, "delegated": 800 * QUIV + 1, "provider": "p3"},
        {"id": "h4", "wallet": 40 * QUIV},
    ],
    "unbonding": [
        {"of": "provider", "id": "p1", "day": DAY + 2, "amount": 30 * QUIV + 1},
        {"of": "provider", "id": "p1", "day": DAY + 5, "amount": 60 * QUIV},
        {"of": "validator", "id": "v1", "day": DAY, "amount": 9 * QUIV},
        {"of": "holder", "id": "h2", "day": DAY + 20, "amount": 4 * QUIV + 999_999_999},
    ],
    "parameters": {"fees.burn_share": 0.61, "fees.take_limit": 0.31},
}


def small() -> dict[str, Any]:
    """The snapshot with every total as its parts have it."""
    content = copy.deepcopy(SMALL)
    accounts = content["accounts"]
    accounts["vesting"] = sum(content["vesting"].values())
    for who in ("providers", "validators", "consumers", "holders"):
        for item in content[who]:
            for column in set(item) - {"id", "provider"}:
                accounts[f"{who[:-1]}_{column}"] = accounts.get(f"{who[:-1]}_{column}", 0) + item[column]
    for item in content["unbonding"]:
        accounts[f"{item['of']}_unbonding"] = accounts.get(f"{item['of']}_unbonding", 0) + item["amount"]
    content["supply"]["minted"] = sum(accounts.values()) + content["supply"]["burned"]
    return content


def write(folder: Path, content: Any, name: str = "state.json") -> Path:
    """A snapshot's file."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def started(folder: Path, content: Any, text: str = "", days: int = 4) -> Economy:
    """The economy of a scenario that starts from the snapshot, with more lines of its file."""
    write(folder, content)
    file = folder / "go-on.yaml"
    file.write_text(f"extends: whitepaper\nstart: state.json\ndays: {days}\n{text}", encoding="utf-8")
    return load_scenario(file)
