"""A live state to start from: balances, unbonding and delegations of real accounts in place of the genesis split.

Amounts are whole nano-QUIV. What a chain does not show (costs, budgets, patience, what agents remember) is that of
genesis, and so is USD that agents hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from model.flows import LEDGER

if TYPE_CHECKING:
    from model.economy import Economy

CLASSES = ("providers", "consumers", "validators", "holders")
UNBONDING = {"providers": "provider", "validators": "validator", "holders": "holder"}
"""Classes whose tokens unbond, with the word that their accounts begin with."""


@dataclass(frozen=True)
class Start:
    """The state of a day, `day` days after genesis.

    `balances` has every account's amounts along its own axis, one of an account without. `releases` are
    (days ahead, agent, amount) by class. `holder_provider` numbers the provider to whom each holder delegates, -1 for
    none.
    """

    day: int
    minted: int
    burned: int
    balances: Mapping[str, tuple[int, ...]]
    releases: Mapping[str, tuple[tuple[int, int, int], ...]]
    holder_provider: tuple[int, ...]

    def __hash__(self) -> int:
        """By what tells two days of a network apart; its mappings have none."""
        return hash((self.day, self.minted, self.burned, self.holder_provider))

    def balance(self, account: str) -> NDArray[np.int64]:
        """An account's amounts in its own shape, `int64` nano-QUIV."""
        amounts = np.asarray(self.balances[account], dtype=np.int64)
        return amounts if LEDGER.accounts[account].own else amounts[0]

    def due(self, who: str, days: int) -> NDArray[np.int64]:
        """What is released on each of the coming `days`, `(days, agents)`, nano-QUIV."""
        due = np.zeros((days, len(self.balances[f"{UNBONDING[who]}_unbonding_nquiv"])), dtype=np.int64)
        for ahead, agent, amount in self.releases[who]:
            due[ahead, agent] += amount
        return due

    def unfit(self, economy: Economy) -> Iterator[tuple[str, str, str]]:
        """What of an economy does not go with this state: the parameter, what was found, what is allowed."""
        for who in CLASSES:
            count, found = len(self.balances[f"{who[:-1]}_wallet_nquiv"]), getattr(economy.parameters.population, who)
            if found != count:
                yield f"population.{who}", str(found), f"{count}, as the snapshot to start from has"
        days = economy.parameters.staking.unbonding_days
        last = max((ahead for due in self.releases.values() for ahead, _, _ in due), default=0)
        if last >= days:
            allowed = f"at least {last + 1}: the snapshot to start from has a release {last} days ahead"
            yield "staking.unbonding_days", str(days), allowed
        held = sum(self.balances["consumer_escrow_nquiv"])
        if held and not (economy.on("escrow") and economy.on("settlement")):
            yield "mechanisms.escrow", "false", "true: the snapshot to start from has payments in escrow"
