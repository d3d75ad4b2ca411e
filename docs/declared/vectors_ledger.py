"""Vectors of the ledger: flows applied to accounts, with the balances after each, refused ones included."""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from model.flows import LEDGER
from model.ledger import BURNED, CAP_NQUIV, MINTED, LedgerError

FILE = "vectors/ledger.json"

QUIV = 10**9
SEQUENCES: dict[str, dict[str, Any]] = {
    "a payment through escrow and its receipt": {
        "start": {
            "consumer_wallet_nquiv": [100 * QUIV, 7],
            "provider_wallet_nquiv": [0, 0],
            "holder_wallet_nquiv": [5],
        },
        "steps": [
            {"escrow_lock": [100 * QUIV, 0]},
            {"failure_refund": [1, 0]},
            {"payment": [100 * QUIV - 1, 0]},
            {
                "receipt_provider": [60 * QUIV - 1, 20 * QUIV],
                "receipt_operations": 7_425_000_000,
                "receipt_insurance": 75_000_000,
                "receipt_treasury": 5 * QUIV,
                "receipt_burn": 7_500_000_000,
            },
            {"payment": [1, 0]},
        ],
    },
    "stake, slash and release": {
        "start": {"provider_wallet_nquiv": [50 * QUIV, 30 * QUIV], "provider_stake_nquiv": [0, 0]},
        "steps": [
            {"provider_stake": [50 * QUIV, 20 * QUIV]},
            {"provider_unstake": [10 * QUIV, 0], "stake_slash": [0, 3 * QUIV]},
            {"stake_slash": [0, 17 * QUIV + 1]},
            {"unbonding_slash": [QUIV, 0], "slash_burn": 2 * QUIV, "slash_to_insurance": 2 * QUIV},
            {"provider_release": [9 * QUIV, 0]},
            {"provider_release": [1, 0]},
        ],
    },
    "a mint up to the cap and not beyond": {
        "start": {"treasury_nquiv": CAP_NQUIV - 2 * QUIV},
        "steps": [
            {"emission_to_work": QUIV, "emission_to_staking": QUIV - 1},
            {"emission_to_work": 2},
            {"emission_to_work": 1},
            {"receipt_burn": 1},
        ],
    },
    "dust that an equal division leaves": {
        "start": {"slashed_nquiv": 10, "consumer_wallet_nquiv": [0, 0, 0]},
        "steps": [{"slash_to_consumer": [3, 3, 3]}, {"slash_burn": 1}, {"slash_burn": 1}],
    },
}
"""Accounts that are not named are empty; an amount of a list is each agent's, in the order of its account."""


def text() -> str:
    """Every sequence with what comes of it; amounts are decimal text, whole nano-QUIV."""
    found = [{"name": name, **_played(**sequence)} for name, sequence in SEQUENCES.items()]
    return json.dumps({"unit": "nano-QUIV", "cap": str(CAP_NQUIV), "sequences": found}, indent=1) + "\n"


def played(accounts: dict[str, Any], flows: dict[str, Any]) -> dict[str, Any] | None:
    """The accounts after a step of flows, as the ledger has them; None where it is refused."""
    state = {name: np.asarray(value, dtype=np.int64) for name, value in accounts.items()}
    signals = {name: np.asarray(amount, dtype=np.int64) for name, amount in flows.items()}
    touched = LEDGER.touched(signals)
    after = state | {name: LEDGER.updated(name, state[name], signals) for name in touched}
    try:
        LEDGER.audit(LEDGER.totals(state), after, signals, touched, 0, "vectors", np.asarray(0))
    except LedgerError:
        return None
    return {name: value.tolist() for name, value in after.items()}


def opened(start: dict[str, Any]) -> dict[str, Any]:
    """Every account, and what was minted for them."""
    sizes = {own: len(start[name]) for name in start if (own := LEDGER.accounts[name].own)}
    empty = {name: [0] * sizes.get(account.own, 1) if account.own else 0 for name, account in LEDGER.accounts.items()}
    return empty | start | {MINTED: sum(int(np.sum(value)) for value in start.values()), BURNED: 0}


def _played(start: dict[str, Any], steps: list[dict[str, Any]]) -> dict[str, Any]:
    accounts = opened(start)
    shown = set(start) | {MINTED, BURNED}
    shown |= {name for step in steps for name in LEDGER.touched(list(step))}
    flows = {name: LEDGER.flows[name] for step in steps for name in step}
    found: dict[str, Any] = {
        "flows": {name: {"from": flow.source, "to": flow.target} for name, flow in flows.items()},
        "start": _decimal({name: accounts[name] for name in accounts if name in shown}),
        "steps": [],
    }
    for step in steps:
        after = played(accounts, step)
        accounts = after or accounts
        balances = _decimal({name: accounts[name] for name in accounts if name in shown})
        found["steps"].append({"flows": _decimal(step), "accepted": after is not None, "after": balances})
    return found


def _decimal(amounts: dict[str, Any]) -> dict[str, Any]:
    """Amounts as decimal text, which holds whole numbers of any size in every language."""
    return {n: [str(x) for x in value] if isinstance(value, list) else str(value) for n, value in amounts.items()}
