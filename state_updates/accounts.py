"""The ledger's accounts and its two totals, which blocks change only by the flows that they emit."""

from __future__ import annotations

from model.flows import ACCOUNTS
from model.variable import Start, Variable
from state_updates.common import account


def _balance(name: str) -> Start:
    return lambda opening: opening.balances[name]


def _of_ledger(name: str, axes: str, contract: str, doc: str) -> Variable:
    return Variable(name, axes, "nQUIV", doc, start=_balance(name), dtype=int, update=account(name), contract=contract)


VARIABLES = [
    *(_of_ledger(a.name, a.own, a.contract, a.doc) for a in ACCOUNTS),
    _of_ledger("minted_nquiv", "", "supply", "Cumulative mint: genesis allocations and emission."),
    _of_ledger("burned_nquiv", "", "supply", "Cumulative burn."),
]
