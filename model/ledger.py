"""The ledger: accounts, declared flows, and the audit that stops a run in which a token appears or disappears.

Tokens exist only in accounts, `int64` nano-QUIV. Each kind of transfer is a `Flow`, declared once in
`model/flows.py`. A policy emits amounts under flow names; what an account becomes is derived from the declarations:

    account' = account + sum of flows into it - sum of flows out of it

so no policy can credit without debiting. A flow between an agent account `(*batch, n)` and a network account
`(*batch)` carries the agents' amounts, and the network account takes their sum. At genesis and after every day

    minted - burned = sum of all accounts,

and after every substep the audit compares each account with a book of its own, which changes by flows alone, so that
tokens that are minted, lost or moved without a flow are found on their day; every account is >= 0, minted <= the cap.
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
BOOKED = "booked_nquiv"
"""The state variable that keeps the audit's book from one day to the next."""

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
        self.columns = (*self.accounts, MINTED, BURNED)
        self.network = (*(name for name, account in self.accounts.items() if not account.own), MINTED, BURNED)
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
        return value.sum(axis=-1) if own else value

    def where(self, wanted: Callable[[Account], bool]) -> tuple[str, ...]:
        """Names of the wanted accounts, in order of declaration."""
        return tuple(name for name, account in self.accounts.items() if wanted(account))

    def holdings(self, state: Mapping[str, Array], wanted: Callable[[Account], bool] = lambda _: True) -> Array:
        """The sum of the wanted accounts, shape `(*batch)`, nano-QUIV."""
        chosen = [self.total(name, state[name]) for name in self.where(wanted)]
        return sum(chosen[1:], start=chosen[0])

    def totals(self, state: Mapping[str, Array]) -> dict[str, Array]:
        """Every account's total and the minted and burned ones: what the audit of the next substep starts from."""
        return {name: self.total(name, state[name]) for name in self.columns}

    def book(self, totals: Mapping[str, Array]) -> Array:
        """Totals side by side in an array of their own, `(*batch, accounts + 2)`, nano-QUIV."""
        xp = namespace(totals[MINTED])
        return xp.stack(xp.broadcast_arrays(*[totals[name] for name in self.columns]), axis=-1)

    def read(self, book: Array) -> dict[str, Array]:
        """The totals of a book by name."""
        return {name: book[..., place] for place, name in enumerate(self.columns)}

    def entered(self, totals: Mapping[str, Array], signals: Mapping[str, Array]) -> dict[str, Array]:
        """The totals after the flows among `signals`."""
        due = dict(totals)
        for name in signals:
            if name not in self.flows:
                continue
            flow, amount = self.flows[name], self.moved(name, signals[name])
            source, target = flow.source or MINTED, flow.target or BURNED
            due[source] = due[source] + amount if source == MINTED else due[source] - amount
            due[target] = due[target] + amount
        return due

    def check_whole(self, totals: Mapping[str, Array], when: str, runs: Array) -> None:
        """LedgerError where all accounts together are not what was minted and not burned."""
        held = sum((totals[name] for name in self.accounts), start=0)
        held, minted, burned, runs = np.broadcast_arrays(held, totals[MINTED], totals[BURNED], runs)
        apart = held - (minted - burned)
        if np.any(apart != 0):
            row = tuple(np.argwhere(apart)[0])
            amounts = [int(value[row]) / NQUIV_PER_QUIV for value in (held, minted, burned)]
            raise LedgerError(
                f"{when}, run {runs[row]}: {_verb(int(apart[row]))}; all accounts together have "
                f"{amounts[0]} QUIV, {amounts[1]} were minted and {amounts[2]} burned"
            )

    def audit(
        self,
        totals: Mapping[str, Array],
        state: Mapping[str, Array],
        signals: Mapping[str, Array],
        written: Sequence[str],
        day: int,
        substep: str,
        runs: Array,
    ) -> dict[str, Array]:
        """Compare accounts with the book after a substep; the totals after it.

        `totals` are those of the book before the substep, `state` is the one after it, `signals` what its policies
        emitted, `written` the accounts that it wrote: of none, only network accounts are compared. `runs` `(*batch)`
        numbers the trajectories. Raises LedgerError naming the day, the substep, the run, the account and the flow.
        """
        for name in written:
            if int(state[name].min()) < 0:
                raise LedgerError(f"day {day}, substep {substep}, {self._overdrawn(name, state[name], signals, runs)}")
        due = self.entered(totals, signals)
        looked = self.columns if written else self.network
        apart = np.array([self.total(name, state[name]) for name in looked]) - np.array([due[name] for name in looked])
        if apart.any():
            raise LedgerError(f"day {day}, substep {substep}, {self._apart(looked, apart, signals, runs)}")
        if MINTED in written and int(np.max(due[MINTED])) > CAP_NQUIV:
            raise LedgerError(f"day {day}, substep {substep}, {self._overminted(due[MINTED], signals, runs)}")
        return due

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

    def _apart(self, names: Sequence[str], apart: NDArray[np.int64], signals: Mapping[str, Array], runs: Array) -> str:
        """The first trajectory in which accounts are not what the book says, by how much, and which flows touch them.

        `apart` `(accounts, *batch)` is what each has too much.
        """
        row = tuple(np.argwhere(apart.any(axis=0))[0])
        wrong = {name: int(more[row]) for name, more in zip(names, apart, strict=True) if more[row]}
        excess = sum(amount * {MINTED: -1, BURNED: 1}.get(name, 1) for name, amount in wrong.items())
        amounts = {n: int(np.asarray(self.moved(n, signals[n]))[row]) for n in signals if n in self.flows}
        touching = [f for f in amounts if {self.flows[f].source or MINTED, self.flows[f].target or BURNED} & set(wrong)]
        moving = [f for f in touching if amounts[f]] or touching
        suspects = [f for f in moving if amounts[f] == abs(excess)] or moving
        most = max(abs(amount) for amount in wrong.values())
        what = _verb(excess) if excess else f"{most / NQUIV_PER_QUIV} QUIV moved without a flow"
        accounts = ", ".join(f"{name} {amount / NQUIV_PER_QUIV:+}" for name, amount in wrong.items())
        return f"run {np.asarray(runs)[row]}: {what}; flow {', '.join(suspects) or 'none declared'}; account {accounts}"


def _verb(excess: int) -> str:
    """What happened to tokens of which there are so many too many, nano-QUIV."""
    verb = "appeared from nothing" if excess > 0 else "vanished"
    return f"{abs(excess) / NQUIV_PER_QUIV} QUIV {verb}"
