"""State variables: each declared once, with its axes, unit, meaning, first value and law of motion."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from model.arrays import Array, scale_down, to_nquiv, to_quiv
from model.economy import Economy
from model.formulas import valuation
from model.formulas.pricing import pegged_rate
from model.ledger import BURNED

Update = Callable[..., tuple[str, Array]]
"""A state update of cadCAD's five arguments."""


@dataclass(frozen=True)
class Opening:
    """What first values are worked out from: the economy, its constants, and the balances of the first day, nano-QUIV.

    The balances are those of genesis, or of the snapshot that a run starts from.
    """

    economy: Economy
    params: Mapping[str, Array]
    balances: Mapping[str, Array]

    @cached_property
    def price_usd(self) -> Array:
        """Price of the token, USD per QUIV."""
        path = self.params.get("exogenous.price_usd")
        return self.params["market.initial_price_usd"] if path is None else path[..., 0]

    @cached_property
    def base_price_quiv(self) -> Array:
        """Base rate of inference by model size, QUIV per token."""
        rate = self.params["pricing.base_rate_quiv"]
        if self.economy.parameters.pricing.numeraire == "usd":
            decline = self.params["pricing.peg_decline"]
            rate = pegged_rate(rate, self.params["pricing.peg_price_usd"], self.price_usd, decline, 0.0)
        return rate[..., None] * self.params["pricing.complexity"]

    @cached_property
    def quote_quiv(self) -> Array:
        """Price of inference by model size, QUIV per token: the base rate, at least the floor."""
        return np.maximum(self.base_price_quiv, self.params["pricing.price_floor_quiv"][..., None])

    @cached_property
    def bought_usd(self) -> Array:
        """What consumers buy tokens for, USD a day."""
        return np.sum(self.params["agents.budget_usd"], axis=-1)

    @cached_property
    def take_usd(self) -> Array:
        """What the network is expected to take a day and not to pay back: as told, or of all budgets at base shares."""
        named = ("network_share", "treasury_share", "base_burn_share", "burn_share", "stakers_share", "validator_share")
        network, treasury, base, burn, stakers, validator = (self.params[f"fees.{name}"] for name in named)
        weight = self.params["valuation.retained_weight"]
        rate = valuation.share_taken(network, treasury, base, burn, stakers, validator, weight)
        told = self.params["valuation.first_take_usd"]
        return np.where(told > 0.0, told, self.bought_usd * rate)

    @cached_property
    def value_usd(self) -> Array:
        """Value of the token, USD per QUIV."""
        if self.economy.value_given:
            return self.params["exogenous.value_usd"][..., 0]
        years, grown = self.params["valuation.multiple_years"], self.params["genesis.growth"][..., 0]
        return valuation.value(self.take_usd, years, grown, self.diluted_quiv, np.float64(0.0))

    @cached_property
    def worth_usd(self) -> Array:
        """What the whole supply is worth where there is a pool, which capital follows, USD; nothing elsewhere."""
        return self.value_usd * self.diluted_quiv * float(self.economy.pooled)

    @cached_property
    def diluted_quiv(self) -> Array:
        """Fully diluted supply, QUIV."""
        whole = self.params["genesis.minted_nquiv"] + self.params["genesis.pool_nquiv"]
        return to_quiv(whole - self.balances[BURNED])

    @cached_property
    def online(self) -> Array:
        """Whether each provider is online, `(*batch, providers)`: as drawn, or, of a snapshot, whoever has a stake."""
        if self.economy.start:
            return (self.balances["provider_stake_nquiv"] > 0) * 1.0
        return self.params["agents.online"]

    @cached_property
    def meant_nquiv(self) -> Array:
        """Stake that each provider means to have, which it has unless staking begins later, nano-QUIV."""
        if self.economy.start:
            return self.balances["provider_stake_nquiv"]
        tokens = self.balances["provider_wallet_nquiv"] + self.balances["provider_stake_nquiv"]
        return stake_meant(self.params, tokens)


def stake_meant(params: Mapping[str, Array], tokens_nquiv: Array) -> Array:
    """A provider's first stake, nano-QUIV: a share of its tokens, at least the lowest tier's where it can afford it."""
    lowest = to_nquiv(params["staking.tier_minimum_quiv"][..., :1])
    staked = scale_down(tokens_nquiv, params["staking.initial_share"][..., None])
    return np.where(tokens_nquiv >= lowest, np.maximum(staked, lowest), staked)


Start = float | int | Callable[[Opening], Any]
"""A first value: a number, or a function of the opening; it is spread over the variable's axes."""


@dataclass(frozen=True)
class Variable:
    """A state variable: an array `(*batch, *axes)` of `dtype` (`float` or `int`, both of 64 bits).

    Several axes are words: `"unbonding_days providers"`. `update` is its law of motion; left out, it becomes what its
    policy emits under its name, or, with `entry`, gets that signal written into the day's slot. One that is not
    `batched` is one number for all trajectories. `contract` is the file that declares it.
    """

    name: str
    axes: str
    unit: str
    doc: str
    start: Start = 0
    dtype: type = float
    entry: str = ""
    update: Update | None = None
    batched: bool = True
    contract: str = ""
