"""What a snapshot's keys are: accounts by the ledger's names, and lists of agents with what each entry has.

`SCHEMA` is its JSON Schema. Amounts are whole wei, 10**18 to the QUIV, as text, or as JSON numbers without a point.
"""

from __future__ import annotations

from typing import Any

from model.flows import LEDGER
from model.parameters import REGISTRY
from model.parameters.supply import ALLOCATIONS
from model.start import UNBONDING

VERSION = 1
PRICE = REGISTRY["market.initial_price_usd"]
COLUMNS = {
    "providers": ("wallet", "stake"),
    "validators": ("wallet", "stake"),
    "consumers": ("wallet", "escrow", "channel"),
    "holders": ("wallet", "delegated"),
}
"""Amounts of an agent by class: its parts of the accounts `provider_wallet`, `provider_stake` and so on."""

ACCOUNTS = tuple(name.removesuffix("_nquiv") for name in LEDGER.accounts)
LISTS = (*COLUMNS, "unbonding")
NAMES = ("id", "provider")
"""Keys of an entry that name an agent."""


AMOUNT: dict[str, Any] = {
    "type": ["string", "integer"],
    "pattern": "^(0|[1-9][0-9]{0,29})$",
    "minimum": 0,
    "maximum": 10**30 - 1,
    "description": "a whole number of wei, 0 or more, as text",
}
IDENTITY = {"type": "string", "minLength": 1, "maxLength": 100, "description": "a name of 1 to 100 characters, as text"}
DAY = {"type": "integer", "minimum": 0, "maximum": 10**6, "description": "a whole number of days since genesis"}
PARAMETER: dict[str, Any] = {
    "type": ["number", "string", "boolean", "array"],
    "items": {"type": ["number", "string", "boolean"], "description": "a number, text, true or false"},
    "description": "a number, text, true or false, or a list of them",
}


def _entry(required: dict[str, Any], optional: dict[str, Any]) -> dict[str, Any]:
    """The schema of a list of such entries, or of the path of a CSV file of them."""
    entry = {
        "type": "object",
        "properties": required | optional,
        "required": list(required),
        "additionalProperties": False,
        "description": "an entry with " + ", ".join([*required, *optional]),
    }
    return {"type": ["array", "string"], "items": entry, "description": "a list, or the path of a CSV file"}


def _agents(who: str) -> dict[str, Any]:
    delegates = {"provider": IDENTITY} if who == "holders" else {}
    return _entry({"id": IDENTITY}, dict.fromkeys(COLUMNS[who], AMOUNT) | delegates)


def _amounts(names: tuple[str, ...], required: tuple[str, ...], what: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": dict.fromkeys(names, AMOUNT),
        "required": list(required),
        "additionalProperties": False,
        "description": what,
    }


SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "A snapshot of a QUIVer network",
    "type": "object",
    "required": ["version", "day", "price_usd", "supply", "accounts", *COLUMNS],
    "additionalProperties": False,
    "description": "keys and what each has",
    "properties": {
        "version": {"const": VERSION, "description": str(VERSION)},
        "day": DAY,
        "block": {"type": "integer", "minimum": 0, "maximum": 2**63 - 1, "description": "the number of a block"},
        "price_usd": {
            "type": "number",
            "minimum": PRICE.low,
            "maximum": PRICE.high,
            "description": f"a price from {PRICE.low:g} to {PRICE.high:g} (USD per QUIV)",
        },
        "supply": _amounts(("minted", "burned"), ("minted", "burned"), "what was ever minted and burned"),
        "accounts": _amounts(ACCOUNTS, (), "the total of every account that is not empty"),
        "vesting": _amounts(ALLOCATIONS[1:], (), "what is locked of each allocation that vests"),
        **{who: _agents(who) for who in COLUMNS},
        "unbonding": _entry(
            {
                "of": {"enum": list(UNBONDING.values()), "description": ", ".join(UNBONDING.values())},
                "id": IDENTITY,
                "day": DAY,
                "amount": AMOUNT,
            },
            {},
        ),
        "parameters": {"type": "object", "description": "live parameters by name", "additionalProperties": PARAMETER},
    },
}
