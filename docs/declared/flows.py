"""Accounts and flows: where tokens can be, and every way in which they move."""

from __future__ import annotations

from collections.abc import Iterable

from docs.markdown import code, page, table
from model.flows import LEDGER

FILE = "flows.md"


def text() -> str:
    """The page."""
    return page("Accounts and flows", _parts())


def _parts() -> Iterable[str]:
    yield (
        "Tokens exist only in accounts, in whole nano-QUIV, and move only by flows. After every substep minted less "
        "burned equals the sum of all accounts, and no account is negative."
    )
    yield "## Accounts"
    accounts = [
        [code(a.name), a.own or "network", a.contract, "yes" if a.circulating else "no", a.doc]
        for a in LEDGER.accounts.values()
    ]
    yield table(["Account", "One for each of", "Contract", "Circulates", "Meaning"], accounts)
    yield "## Flows"
    flows = [
        [code(f.name), _end(f.source, "minted"), _end(f.target, "burned"), f.contract, f.doc, f.spec]
        for f in LEDGER.flows.values()
    ]
    yield table(["Flow", "From", "To", "Contract", "Meaning", "Source"], flows)


def _end(account: str | None, otherwise: str) -> str:
    return code(account) if account else f"*{otherwise}*"
