"""Constants of a trajectory: parameters as arrays, and what is worked out of them once, under names `genesis.*`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from model.arrays import RATE_PARTS, Array, rate_parts, take_rate, to_nquiv, to_quiv
from model.classes import FIRST
from model.economy import Economy
from model.formulas import emission, valuation, vesting
from model.formulas.adoption import logistic
from model.parameters import REGISTRY, flatten
from model.parameters.investors import CLASSES
from model.parameters.supply import ALLOCATIONS

YEAR_DAYS = 365

FAR_DAYS = 60 * YEAR_DAYS
"""How far ahead use is looked at beyond the last day of a run; it is taken to stay from there on."""

UNLIMITED = 1e12
"""A limit on relative changes that is none."""


def constants(economy: Economy) -> dict[str, Array]:
    """Parameters as arrays, and whole amounts derived from them."""
    values = flatten(economy.parameters)
    arrays: dict[str, Array] = {}
    for name, entry in REGISTRY.items():
        if entry.kind not in ("choice", "switch"):
            arrays[name] = np.asarray(values[name], dtype=np.int64 if _whole(values[name]) else np.float64)
    parts = rate_parts(arrays["supply.allocation_share"])
    parts[1:] = np.diff(np.minimum(np.cumsum(parts[1:]), RATE_PARTS), prepend=0)
    parts[0] = RATE_PARTS - parts[1:].sum()
    allocation = parts * arrays["supply.cap_quiv"]
    tge = take_rate(allocation, arrays["supply.tge_share"])
    at_once = (arrays["supply.vesting_days"] == 0) & (arrays["supply.cliff_days"] == 0)
    tge = np.where(at_once, allocation, tge)
    pool, allocation[0], tge[0] = allocation[0], 0, 0
    arrays["genesis.pool_nquiv"] = np.asarray(pool)
    arrays["genesis.allocation_nquiv"], arrays["genesis.tge_nquiv"] = allocation, tge
    opened = np.minimum(
        to_quiv(tge[ALLOCATIONS.index("liquidity")]), arrays["pool.liquidity_usd"] / arrays["market.initial_price_usd"]
    )
    arrays["genesis.pool_quiv"] = opened * float(economy.pooled)
    arrays["genesis.minted_nquiv"] = np.asarray(allocation.sum())
    arrays["genesis.age_days"] = np.asarray(economy.start.day if economy.start else 0)
    if economy.start:
        arrays["genesis.pool_quiv"] = to_quiv(economy.start.balance("pool_nquiv")) * float(economy.pooled)
    halving = economy.parameters.emission.schedule == "pure_halving"
    tail = emission.pure_halving_yearly(pool, arrays["emission.halving_years"]) if halving else None
    yearly = to_nquiv(arrays["emission.yearly_quiv"])
    arrays["genesis.yearly_nquiv"] = yearly[:0] if halving else yearly
    arrays["genesis.tail_rate_nquiv"] = to_nquiv(arrays["emission.tail_first_rate_quiv"]) if tail is None else tail
    arrays |= _calendar(economy, arrays)
    arrays["genesis.growth"] = _growth(economy, arrays)
    arrays |= {f"exogenous.{name}": np.asarray(path, dtype=np.float64) for name, path in economy.exogenous.items()}
    arrays["genesis.signers"] = np.zeros(economy.parameters.treasury.signers)
    arrays["genesis.signatures"] = np.zeros(economy.parameters.treasury.signatures)
    arrays["genesis.treasury_circulates"] = np.asarray(float(economy.parameters.supply.treasury_circulates))
    arrays["genesis.panel"] = np.zeros(economy.parameters.validation.panel)
    arrays["genesis.appeal_panel"] = np.zeros(economy.parameters.challenges.appeal_panel)
    arrays["genesis.reviews"] = np.zeros(economy.parameters.delegation.review_days)
    judged = economy.on("challenges") and economy.on("settlement")
    arrays |= _launch(economy, arrays)
    limited = economy.parameters.fees.controller_limited
    arrays["genesis.controller_limit"] = arrays["governance.change_limit"] if limited else np.asarray(UNLIMITED)
    arrays["genesis.bans_severe"] = np.asarray(float(economy.parameters.slashing.ban_severe))
    arrays["genesis.slashing"] = np.asarray(float(economy.on("slashing")))
    arrays["genesis.prosecuted"] = arrays["genesis.slashing"] * float(judged)
    arrays["genesis.sampled"] = arrays["genesis.prosecuted"] * float(economy.on("validation"))
    later = arrays["launch.quality_day"] > 0
    arrays["genesis.escrow_disputed"] = arrays["jobs.upheld_share"] * (later | (not judged))
    mean = arrays["providers.capacity_tokens_per_day"]
    arrays["genesis.reference_capacity"] = np.asarray(mean * economy.parameters.population.providers)
    return arrays


def _calendar(economy: Economy, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """What is unlocked to each class of holders, and minted, within the year after each day, QUIV: it is published.

    A day's own unlocks and rewards come before its trades, so they are not among it.
    """
    terms = (
        arrays["genesis.allocation_nquiv"],
        arrays["genesis.tge_nquiv"],
        arrays["supply.cliff_days"],
        arrays["supply.vesting_days"],
    )
    vested = (
        vesting.vested if economy.parameters.supply.cliff_reading == "accrue_at_cliff" else vesting.vested_after_cliff
    )
    schedule = (arrays["genesis.yearly_nquiv"], arrays["genesis.tail_rate_nquiv"], arrays["emission.halving_years"])
    days = arrays["genesis.age_days"] + 1 + np.arange(economy.days + 1)
    own = slice(FIRST, FIRST + len(CLASSES))
    unlocked = (vested(*terms, days + YEAR_DAYS) - vested(*terms, days))[..., own]
    minted = np.stack([emission.scheduled_uncapped(day, *schedule) for day in (days, days + YEAR_DAYS)])
    return {
        "genesis.unlocking_quiv": to_quiv(unlocked) * float(economy.on("vesting")),
        "genesis.issuing_quiv": to_quiv(minted[1] - minted[0]) * float(economy.on("emission")),
    }


def _growth(economy: Economy, arrays: Mapping[str, Array]) -> Array:
    """Use that is coming, discounted, over that of each day, `(days + 1,)`; one where demand is given from outside."""
    if economy.demand_given:
        return np.ones(economy.days + 1)
    days = np.arange(economy.days + 1 + FAR_DAYS)
    use = logistic(arrays["demand.adoption_multiple"], arrays["demand.adoption_rate"], days)
    return valuation.growth(use, arrays["valuation.discount"] / YEAR_DAYS)[: economy.days + 1]


def _launch(economy: Economy, arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The first day with a stake, which is placed at the end of a day, that with work, and who judges from the start.

    Without decisions to stake the stakes of genesis stand, so there is nothing to wait for.
    """
    staking = arrays["launch.staking_day"] * int(economy.on("staking"))
    staked = np.asarray(staking + (staking > 0))
    served = np.asarray(np.maximum(arrays["launch.payments_day"], staked))
    judging = economy.on("validation") and economy.on("settlement")
    waits = (arrays["launch.quality_day"] > 0) & judging
    return {
        "genesis.staked_day": staked,
        "genesis.served_day": served,
        "genesis.connected_day": np.asarray(np.maximum(arrays["launch.integration_day"], served + (served > 0))),
        "genesis.judging": np.asarray(1.0 - waits),
    }


def _whole(value: Any) -> bool:
    return all(isinstance(item, int) for item in (value if isinstance(value, tuple) else (value,)))
