"""The state at the end of a day, with the sums and rankings that several metrics share, each worked out once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from model.arrays import Array, ascending, namespace, ratio, sum_by, to_nquiv, to_quiv
from model.flows import LEDGER
from model.parameters.staking import TIERS
from model.supply import circulating_supply


@dataclass
class Reading:
    """State and parameters at the end of a day.

    `totals` are accounts' sums that are known already, nano-QUIV, `shared` what metrics have worked out for others.
    """

    state: Mapping[str, Array]
    params: Mapping[str, Array]
    totals: dict[str, Array] = field(default_factory=dict)
    shared: dict[str, tuple[Array, ...]] = field(default_factory=dict)

    @cached_property
    def xp(self) -> Any:
        """The array library of the state."""
        return namespace(self.state)

    def held(self, *accounts: str) -> Array:
        """The accounts' sum, QUIV."""
        for name in accounts:
            if name not in self.totals:
                self.totals[name] = LEDGER.total(name, self.state[name])
        return to_quiv(sum((self.totals[name] for name in accounts[1:]), start=self.totals[accounts[0]]))

    def moved(self, *flows: str) -> Array:
        """Tokens that flows moved today, QUIV."""
        return to_quiv(LEDGER.today(self.state, *flows))

    def summed(self, variable: str) -> Array:
        """A state variable summed over its own axis: agents, model sizes, causes."""
        return self.xp.sum(self.state[variable], axis=-1)

    @cached_property
    def circulating(self) -> Array:
        """Circulating supply, QUIV."""
        return circulating_supply(self.state, self.params, self.totals)

    @cached_property
    def balances(self) -> Array:
        """Tokens of each holder and provider, staked and unbonding ones included, QUIV, smallest first."""
        owned = [self.owned_nquiv("holders"), self.owned_nquiv("providers")]
        return to_quiv(ascending(self.xp.concat(owned, axis=-1)))

    def owned_nquiv(self, own: str) -> Array:
        """Tokens of each agent of a class in all of its accounts, nano-QUIV, shape `(*batch, agents)`."""
        names = LEDGER.where(lambda account: account.own == own)
        return sum((self.state[name] for name in names[1:]), start=self.state[names[0]])

    @cached_property
    def lorenz(self) -> Array:
        """Lorenz curve: share of all tokens that each holder or provider and the smaller ones own, smallest first."""
        summed = self.xp.cumulative_sum(self.balances, axis=-1)
        return ratio(summed, summed[..., -1:] + 0.0 * summed)

    @cached_property
    def reached(self) -> list[Array]:
        """Providers whose stake reaches each tier's minimum, and none for a tier above the last."""
        minimums = to_nquiv(self.params["staking.tier_minimum_quiv"])
        stake = self.state["provider_stake_nquiv"]
        counts = [self.xp.count_nonzero(stake >= minimums[..., i, None], axis=-1) * 1.0 for i in range(len(TIERS))]
        return [*counts, 0.0 * counts[0]]

    def in_tier(self, index: int) -> Array:
        """Whether each provider's stake reaches a tier and no higher one, shape `(*batch, providers)`."""
        minimums, stake = to_nquiv(self.params["staking.tier_minimum_quiv"]), self.state["provider_stake_nquiv"]
        inside = stake >= minimums[..., index, None]
        return inside & (stake < minimums[..., index + 1, None]) if index + 1 < len(TIERS) else inside

    @cached_property
    def delegated_by_provider(self) -> Array:
        """Tokens delegated to each provider, QUIV, smallest first."""
        count = self.state["provider_stake_nquiv"].shape[-1]
        summed = sum_by(self.state["holder_delegated_nquiv"], self.state["holder_provider"], count)
        return to_quiv(ascending(summed))

    @cached_property
    def cheating(self) -> Array:
        """Part of each provider that cheats today: a smaller model or garbage."""
        return self.state["provider_degraded"] + self.state["provider_garbage"]
