"""One substep of a day: a block's policies see the state, its updates see the state and what the policies emit.

    signals = union of policy(params, state),   state' = state with update(params, state, signals) of each variable

The ensemble, the compiled engine, the limiting cases and the controller maps all take their substeps here; radCAD and
cadCAD, the reference engines, take their own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from experiments.engines.wiring import Wired
from model.flows import LEDGER
from model.ledger import BOOKED, BURNED, MINTED

State = dict[str, Any]
Signals = dict[str, Any]


class BlockResult(NamedTuple):
    """The `state` after a block, the `signals` that its policies emitted, and the accounts that it wrote."""

    state: State
    signals: Signals
    accounts: list[str]


def run_block(
    params: Mapping[str, Any], state: State, block: Wired, share: Callable[[State, Signals], Signals] | None = None
) -> BlockResult:
    """A block's policies and state updates; `state` is not changed.

    `share` replaces the signals by others of the same value before the updates read them; the compiled engine has each
    worked out once in this way.
    """
    signals: Signals = {}
    for policy in block["policies"].values():
        signals.update(policy(params, None, None, state))
    if share is not None:
        signals = share(state, signals)
    updated = dict(update(params, None, None, state, signals) for update in block["variables"].values())
    accounts = [name for name in updated if name in LEDGER.accounts or name in (MINTED, BURNED)]
    return BlockResult(state | updated, signals, accounts)


def audit_block(
    params: Mapping[str, Any], totals: dict[str, Any], before: Mapping[str, Any], block: Wired, after: BlockResult
) -> dict[str, Any]:
    """The accounts' totals after a block, compared and counted; raises LedgerError where money is not conserved."""
    name, day = next(iter(block["policies"]), "without a policy"), int(before["day"])
    totals = LEDGER.audit(totals, after.state, after.signals, after.accounts, day, name, params["draws.run"])
    after.state["audited_substeps"] = after.state["audited_substeps"] + bool(after.accounts)
    return totals


def close_book(params: Mapping[str, Any], totals: dict[str, Any], state: State) -> None:
    """Keep the book for the next day in the state, once the whole is what was minted and not burned."""
    LEDGER.check_whole(totals, f"day {int(state['day']) - 1}, at its end", params["draws.run"])
    state[BOOKED] = LEDGER.book(totals)
