"""The ledger: accounts, declared flows, and the audit that stops a run in which a token appears or disappears.

Tokens exist only in accounts, `int64` nano-QUIV. Each kind of transfer is a `Flow`, declared once in
`model/flows.py`. A policy emits amounts under flow names; what an account becomes is derived from the declarations:

    account' = account + sum of flows into it - sum of flows out of it

so no policy can credit without debiting. A flow between an agent account `(*batch, n)` and a network account
`(*batch)` carries the agents' amounts, and the network account takes their sum. After every substep the audit holds

    minted - burned = sum of all accounts,   every account >= 0,   minted <= the cap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from model.arrays import NQUIV_PER_QUIV, Array, namespace, to_quiv

MINTED = "minted_nquiv"
BURNED = "burned_nquiv"
CAP_NQUIV = 1_000_000_000 * NQUIV_PER_QUIV
"""Cumulative mint that no run may pass (SPEC, Core Contracts: total supply 1,000,000,000)."""


SupplyPart = Literal["liquid", "liquidity", "staked", "unbonding", "vesting", "treasury", "protocol"]
"""The parts into which the supply is divided; each has the metric `stack_<part>_quiv`."""


@dataclass(frozen=True)
class Account:
    """A place where tokens are. `own` names its axis ("" for a network account); `circulating` says how it counts.

    `group` is whose tokens they are in words: the payer or receiver that token flows are drawn between; a new name is
    a new payer or receiver. `part` is the part of the supply that they count to.
    """

    name: str
    own: str
    contract: str
    circulating: bool
    group: str
    part: SupplyPart
    doc: str


@dataclass(frozen=True)
class Flow:
    """One kind of transfer, made by `contract`; `source` None mints, `target` None burns; `spec` is its source."""

    name: str
    source: str | None
    target: str | None
    contract: str
    spec: str
    doc: str


class LedgerError(AssertionError):
    """Money was not conserved, or an account fell below zero, or more was minted than the cap allows."""


class Ledger:
    """Accounts and flows, checked against each other when declared."""

    def __init__(self, accounts: list[Account], flows: list[Flow]) -> None:
        self.accounts = {account.name: account for account in accounts}
        self.flows = {flow.name: flow for flow in flows}
        self.index = {name: position for position, name in enumerate(self.flows)}
        for flow in flows:
            self._check(flow)

    def _check(self, flow: Flow) -> None:
        ends = [end for end in (flow.source, flow.target) if end is not None]
        unknown = [end for end in ends if end not in self.accounts]
        if unknown or not ends:
            raise ValueError(f"flow {flow.name}: {unknown or 'no account at either end'} is not a declared account")
        axes = {self.accounts[end].own for end in ends} - {""}
        if len(axes) > 1:
            raise ValueError(f"flow {flow.name} joins two populations ({sorted(axes)}): let it pass through a pool")

    def touched(self, flows: Mapping[str, Any] | list[str]) -> list[str]:
        """The ledger's variables that these flows change, minted and burned included, in order of declaration."""
        names = [name for name in flows if name in self.flows]
        ends = {end for name in names for end in (self.flows[name].source, self.flows[name].target)}
        totals = [MINTED] * any(self.flows[name].source is None for name in names)
        totals += [BURNED] * any(self.flows[name].target is None for name in names)
        return [name for name in self.accounts if name in ends] + totals

    def updated(self, account: str, value: Array, signals: Mapping[str, Array]) -> Array:
        """The account (or `minted_nquiv`, `burned_nquiv`) after the flows among `signals`; the input is not written."""
        for name, amount in signals.items():
            flow = self.flows.get(name)
            if flow is None:
                continue
            source, target = flow.source or MINTED, flow.target or BURNED
            if account == target:
                value = value + self._at(account, flow, amount)
            if account == source:
                taken = self._at(account, flow, amount)
                value = value + taken if account == MINTED else value - taken
        return value

    def _at(self, account: str, flow: Flow, amount: Array) -> Array:
        """A flow's amount as one of its ends sees it: an agent account its own part, a network account the sum."""
        own = self.accounts[account].own if account in self.accounts else ""
        return amount if own or not self.axis(flow) else namespace(amount).sum(amount, axis=-1)

    def axis(self, flow: Flow) -> str:
        """The axis that the amounts of a flow carry: that of its agent account, or "" between network accounts."""
        ends = [self.accounts[end].own for end in (flow.source, flow.target) if end is not None]
        return next((own for own in ends if own), "")

    def moved(self, flow: str, amount: Array) -> Array:
        """A flow's amount summed over agents, shape `(*batch)`."""
        return namespace(amount).sum(amount, axis=-1) if self.axis(self.flows[flow]) else amount

    def today(self, state: Mapping[str, Array], *flows: str) -> Array:
        """What the flows have moved so far today, summed over agents and flows, shape `(*batch)`, nano-QUIV."""
        moved = [state["flows_nquiv"][..., self.index[flow]] for flow in flows]
        return sum(moved[1:], start=moved[0])

    def total(self, name: str, value: Array) -> Array:
        """An account summed over its own axis, shape `(*batch)`."""
        own = self.accounts[name].own if name in self.accounts else ""
        return namespace(value).sum(value, axis=-1) if own else value

    def where(self, wanted: Callable[[Account], bool]) -> tuple[str, ...]:
        """Names of the wanted accounts, in order of declaration."""
        return tuple(name for name, account in self.accounts.items() if wanted(account))

    def holdings(self, state: Mapping[str, Array], wanted: Callable[[Account], bool] = lambda _: True) -> Array:
        """The sum of the wanted accounts, shape `(*batch)`, nano-QUIV."""
        chosen = [self.total(name, state[name]) for name in self.where(wanted)]
        return sum(chosen[1:], start=chosen[0])

    def totals(self, state: Mapping[str, Array]) -> dict[str, Array]:
        """Every account's total and the minted and burned ones: what the audit of the next substep starts from."""
        return {name: self.total(name, state[name]) for name in [*self.accounts, MINTED, BURNED]}

    def tally(
        self, totals: Mapping[str, Array], state: Mapping[str, Array], changed: Sequence[str]
    ) -> tuple[dict[str, Array], Any]:
        """The totals after some accounts changed, and what appeared from nowhere: nothing, if money is conserved."""
        after, appeared = dict(totals), 0
        for name in changed:
            after[name] = self.total(name, state[name])
            sign = {MINTED: -1, BURNED: 1}.get(name, 1)
            appeared = appeared + sign * (after[name] - totals[name])
        return after, appeared

    def audit(
        self,
        totals: dict[str, Array],
        state: Mapping[str, Array],
        signals: Mapping[str, Array],
        written: Sequence[str],
        day: int,
        substep: str,
        runs: Array,
    ) -> dict[str, Array]:
        """Check the accounts that a substep wrote (`written`); the totals after it.

        `totals` are those before the substep, `state` is the one after it, `signals` what its policies emitted,
        `runs` `(*batch)` numbers the trajectories. Raises LedgerError naming the day, the substep, the flow and the
        run.
        """
        changed = [name for name in written if name in totals]
        for name in changed:
            value = state[name]
            if int(np.min(value)) < 0:
                raise LedgerError(f"day {day}, substep {substep}, {self._overdrawn(name, value, signals, runs)}")
        after, appeared = self.tally(totals, state, changed)
        if changed and bool(np.any(appeared != 0)):
            raise LedgerError(
                f"day {day}, substep {substep}, {self._unbalanced(np.asarray(appeared), totals, after, signals, runs)}"
            )
        if MINTED in changed and int(np.max(after[MINTED])) > CAP_NQUIV:
            raise LedgerError(f"day {day}, substep {substep}, {self._overminted(after[MINTED], signals, runs)}")
        return after

    def _overminted(self, minted: Array, signals: Mapping[str, Array], runs: Array) -> str:
        row = tuple(np.argwhere(np.asarray(minted) > CAP_NQUIV)[0])
        minters = [flow for flow in signals if flow in self.flows and self.flows[flow].source is None]
        by = ", ".join(minters) or "none declared"
        return f"run {np.asarray(runs)[row]}: cumulative mint passes 1,000,000,000 QUIV; flow {by}"

    def _overdrawn(self, name: str, value: Array, signals: Mapping[str, Array], runs: Array) -> str:
        own = 1 if name in self.accounts and self.accounts[name].own else 0
        where = np.argwhere(np.asarray(value) < 0)[0]
        row, agent = where[: len(where) - own], where[len(where) - own :]
        takers = [flow for flow in signals if flow in self.flows and self.flows[flow].source == name]
        takers = [f for f in takers if int(np.asarray(self.moved(f, signals[f]))[tuple(row)])] or takers
        owner = f" of agent {int(agent[0])}" if own else ""
        short = to_quiv(np.asarray(value)[tuple(where)])
        return (
            f"run {np.asarray(runs)[tuple(row)]}: {name}{owner} would fall to {short} QUIV; "
            f"flow out of it: {', '.join(takers) or 'none declared'}"
        )

    def _unbalanced(
        self,
        appeared: NDArray[np.int64],
        before: Mapping[str, Array],
        after: Mapping[str, Array],
        signals: Mapping[str, Array],
        runs: Array,
    ) -> str:
        row = tuple(np.argwhere(appeared != 0)[0])
        excess = int(appeared[row])
        amounts = {
            name: int(np.asarray(self.moved(name, signals[name]))[row]) for name in signals if name in self.flows
        }
        wrong = []
        for name in before:
            due = int(np.asarray(before[name])[row])
            for flow, amount in amounts.items():
                declared = self.flows[flow]
                due += amount * ((declared.target or BURNED) == name)
                due += amount * ((declared.source or MINTED) == name) * (1 if name == MINTED else -1)
            if due != int(np.asarray(after[name])[row]):
                wrong.append(name)
        touching = [f for f in amounts if {self.flows[f].source or MINTED, self.flows[f].target or BURNED} & set(wrong)]
        moving = [f for f in touching or amounts if amounts[f]] or touching or list(amounts)
        suspects = [f for f in moving if amounts[f] == abs(excess)] or moving
        verb = "appeared from nothing" if excess > 0 else "vanished"
        return (
            f"run {np.asarray(runs)[tuple(row)]}: {abs(excess) / NQUIV_PER_QUIV} QUIV {verb}; "
            f"flow {', '.join(suspects) or 'none declared'}; account {', '.join(wrong) or 'none by its declaration'}"
        )
