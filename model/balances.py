"""Who has which tokens on the first day: at genesis by the allocations, or as a snapshot of a live network says."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from model.arrays import Array, scale_down, share_out, to_nquiv
from model.economy import Economy
from model.flows import LEDGER
from model.ledger import BURNED, MINTED
from model.parameters.supply import ALLOCATIONS
from model.variable import stake_meant

MOST_QUIV = 1e9
"""An amount that fits the ledger."""


def balances(economy: Economy, params: Mapping[str, Array], batch: tuple[int, ...]) -> dict[str, Array]:
    """Every account, and what was minted and burned, nano-QUIV."""
    start = economy.start
    if start:
        held = {name: start.balance(name) for name in LEDGER.accounts}
        return {**held, MINTED: np.asarray(start.minted), BURNED: np.asarray(start.burned)}
    empty: dict[str, Array] = dict.fromkeys([*LEDGER.accounts, MINTED, BURNED], np.zeros((*batch, 1), dtype=np.int64))
    totals = {name: empty[name][..., 0] for name in empty if name in (MINTED, BURNED) or not LEDGER.accounts[name].own}
    return empty | totals | _at_genesis(economy, params, batch)


def _at_genesis(economy: Economy, params: Mapping[str, Array], batch: tuple[int, ...]) -> dict[str, Array]:
    """What the allocations give to whom; what dividing leaves over is dust of the vesting contract."""
    at = {name: index for index, name in enumerate(ALLOCATIONS)}
    locked = params["genesis.allocation_nquiv"] - params["genesis.tge_nquiv"]
    tge = params["genesis.tge_nquiv"] + np.zeros((*batch, 1), dtype=np.int64)
    public = tge[..., at["public"]]
    to_providers = share_out(
        scale_down(public, params["population.provider_genesis_share"]), params["agents.provider_wealth"]
    )
    lacking = np.maximum(to_nquiv(params["attacks.own_quiv"]) - to_providers, 0)
    enough = lacking.sum(axis=-1) <= public - to_providers.sum(axis=-1)
    to_providers = to_providers + np.where(enough[..., None], lacking, 0)
    most = public - to_providers.sum(axis=-1)
    spending = np.minimum(scale_down(public, params["population.consumer_genesis_share"]), most)
    to_consumers = share_out(spending, params["agents.budget_usd"])
    pooled = float(economy.pooled)
    most = most - to_consumers.sum(axis=-1)
    validating = np.minimum(scale_down(public, params["population.validator_genesis_share"]), most)
    to_validators = share_out(validating, np.ones(economy.parameters.population.validators))
    most = most - to_validators.sum(axis=-1)
    speculating = np.minimum(scale_down(public, params["speculators.genesis_share"] * pooled), most)
    groups = np.ones(len(economy.parameters.speculators.horizons_days))
    to_speculators = share_out(speculating, groups)
    left = tge.copy()
    left[..., at["public"]] = most - to_speculators.sum(axis=-1)
    to_holders = scale_down(np.take(left, params["agents.holder_allocation"], axis=-1), params["agents.holder_weight"])
    direct = left[..., at["treasury"]] + left[..., at["liquidity"]]
    dust = left.sum(axis=-1) - direct - to_holders.sum(axis=-1)
    opened = to_nquiv(np.minimum(params["pool.liquidity_usd"] / params["market.initial_price_usd"], MOST_QUIV))
    pool = np.minimum(left[..., at["liquidity"]], opened) * int(pooled)
    to_fund = np.minimum(to_nquiv(params["insurance.initial_quiv"]), left[..., at["treasury"]])
    budget = to_nquiv(params["maker.budget_quiv"] * economy.market_made)
    to_maker = np.minimum(budget, left[..., at["treasury"]] - to_fund)
    staked = stake_meant(params, to_providers)
    validators_stake = np.minimum(to_nquiv(params["validation.minimum_quiv"])[..., None], to_validators)
    stands = (params["genesis.staked_day"] == 0)[..., None]
    staked, validators_stake = staked * stands, validators_stake * stands
    return {
        MINTED: params["genesis.minted_nquiv"],
        "vesting_nquiv": locked,
        "pool_nquiv": pool,
        "liquidity_nquiv": left[..., at["liquidity"]] - pool,
        "speculator_wallet_nquiv": to_speculators,
        "vesting_released_nquiv": dust,
        "treasury_nquiv": left[..., at["treasury"]] - to_maker - to_fund,
        "insurance_nquiv": to_fund,
        "validator_stake_nquiv": validators_stake,
        "validator_wallet_nquiv": to_validators - validators_stake,
        "maker_nquiv": to_maker,
        "provider_wallet_nquiv": to_providers - staked,
        "provider_stake_nquiv": staked,
        "consumer_wallet_nquiv": to_consumers,
        "holder_wallet_nquiv": to_holders,
    }
