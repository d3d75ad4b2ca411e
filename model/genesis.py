"""Genesis: the first state and the constant parameters of one trajectory, or of an ensemble.

`genesis(economies, seed, runs)` gives an ensemble: trajectory i has the parameters of `economies[i]` and the draws of
`runs[i]`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from model import attacks, draws
from model.agents import agents
from model.arrays import RATE_PARTS, Array, rate_parts, scale_down, share_out, take_rate, to_nquiv, to_quiv
from model.economy import Economy
from model.flows import LEDGER
from model.formulas import emission, staking
from model.parameters import GOVERNED, REGISTRY, flatten
from model.parameters.governance import PROPOSAL_ENDS, PROPOSAL_TYPES
from model.parameters.interests import BASES, GROUPS, IDEAS, INTERESTS
from model.parameters.pricing import SIZES
from model.parameters.slashing import CASE_CAUSES, CASE_OUTCOMES, SLASH_CAUSES
from model.parameters.supply import ALLOCATIONS
from model.shocks import by_day
from model.start import UNBONDING, Start
from model.state import COUNTERS, VARIABLES

State = dict[str, Any]
HOURS = 24.0

UNLIMITED = 1e12
"""A limit on relative changes that is none."""

UNSTAKED = 1e-6
"""Weight of a provider without stake, or not at work, against one with the lowest tier's, for its first delegators."""


def genesis(economies: Sequence[Economy], seed: int, runs: Sequence[int], spread: bool = False) -> tuple[State, State]:
    """State and parameters of an ensemble; every array has the trajectories in front.

    Parameters in which all economies agree are shared; with `spread` none is, so that shapes do not depend on values.
    """
    return _build(economies, seed, np.asarray(runs, dtype=np.int64), (len(runs),), spread)


def genesis_alone(economy: Economy, seed: int, run: int) -> tuple[State, State]:
    """State and parameters of one trajectory; figures have shape `()`."""
    return _build([economy], seed, np.asarray(run, dtype=np.int64), ())


def _build(
    economies: Sequence[Economy], seed: int, runs: np.ndarray, batch: tuple[int, ...], spread: bool = False
) -> tuple[State, State]:
    first = economies[0]
    known = {id(economy): economy for economy in economies}
    constants = {key: _constants(economy) for key, economy in known.items()}
    params = _stack([constants[id(economy)] for economy in economies], spread)
    params["draws.run"] = runs
    params["draws.key"] = draws.trajectory_key(seed, runs)
    params["draws.noise"] = np.asarray(1.0 if first.noise else 0.0)
    for name, path in first.exogenous.items():
        params[f"exogenous.{name}"] = np.asarray(path, dtype=np.float64)
    for key, found, allowed in first.start.unfit(first) if first.start else ():
        raise ValueError(f"{key} is {found}; allowed: {allowed}")
    params |= _script(first)
    params |= _shocks(first)
    params |= _attacks(first)
    params |= agents(first, params)
    per_token = first.parameters.staking.rewards == "per_token"
    params["genesis.commission"] = params["agents.commission"] * float(per_token)
    state = _state(first, params, batch)
    return state, params


def _constants(economy: Economy) -> State:
    """Parameters as arrays, and whole amounts derived from them."""
    values = flatten(economy.parameters)
    arrays: State = {}
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
    arrays["genesis.pool_quiv"] = to_quiv(tge[ALLOCATIONS.index("liquidity")]) * float(economy.pooled)
    arrays["genesis.minted_nquiv"] = np.asarray(allocation.sum())
    arrays["genesis.age_days"] = np.asarray(economy.start.day if economy.start else 0)
    if economy.start:
        arrays["genesis.pool_quiv"] = to_quiv(economy.start.balance("pool_nquiv")) * float(economy.pooled)
    halving = economy.parameters.emission.schedule == "pure_halving"
    tail = emission.pure_halving_yearly(pool, arrays["emission.halving_years"]) if halving else None
    yearly = to_nquiv(arrays["emission.yearly_quiv"])
    arrays["genesis.yearly_nquiv"] = yearly[:0] if halving else yearly
    arrays["genesis.tail_rate_nquiv"] = to_nquiv(arrays["emission.tail_first_rate_quiv"]) if tail is None else tail
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


def _launch(economy: Economy, arrays: Mapping[str, Array]) -> State:
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


def _stack(points: list[State], spread: bool) -> State:
    """One array a name: with the trajectories in front, or shared where all points agree and they are not `spread`."""
    alike = {
        name
        for name in points[0]
        if not spread and all(p is points[0] or np.array_equal(p[name], points[0][name]) for p in points)
    }
    return {name: points[0][name] if name in alike else np.stack([p[name] for p in points]) for name in points[0]}


def _script(economy: Economy) -> State:
    """Scripted proposals as arrays over slots, and the ideas that agents can have as arrays over ideas."""
    proposals, holders = economy.script, economy.parameters.population.holders
    proposer = np.asarray([p.proposer for p in proposals] or [0], dtype=np.int64)
    if proposer.min() < 0 or proposer.max() >= holders:
        raise ValueError(f"a proposal names holder {proposer.max()}; holders are numbered from 0 to {holders - 1}")
    early = [proposal.day for proposal in proposals if economy.early(proposal)]
    if early:
        begins = economy.parameters.launch.governance_day
        raise ValueError(f"a proposal is submitted on day {early[0]}, and governance begins on day {begins}")
    slots = len(proposals) or economy.parameters.governance.slots
    voters = holders + economy.parameters.population.providers
    borrowed, buys = np.zeros((slots, voters)), np.zeros(slots)
    hostile = np.zeros(slots, dtype=np.int64)
    for slot, proposal in enumerate(proposals):
        hostile[slot] = proposal.hostile
        borrowed[slot, proposal.proposer] = proposal.borrowed_quiv * proposal.hostile
        buys[slot] = proposal.buys_quiv * proposal.hostile
    identities = np.ones(voters + economy.parameters.population.consumers)
    for proposal in proposals:
        identities[proposal.proposer] = max(identities[proposal.proposer], proposal.identities)
    listed = bool(proposals)
    codes = {
        "day": [p.day for p in proposals],
        "parameter": [GOVERNED.index(p.parameter) for p in proposals],
        "type": [PROPOSAL_TYPES.index(p.type) for p in proposals],
    }
    return {
        **{f"script.{name}": np.asarray(given or [-1 * (name == "day")] * slots) for name, given in codes.items()},
        "script.value": np.asarray([p.value for p in proposals] or [0.0] * slots),
        "script.proposer": proposer if listed else np.zeros(slots, dtype=np.int64),
        "script.hostile": hostile,
        "script.borrowed": borrowed,
        "script.buys_nquiv": to_nquiv(buys),
        "script.identities": identities,
        "script.live": np.asarray(float(economy.parameters.governance.snapshot == "live_balance")),
        "script.ranges": np.asarray([width(name) for name in GOVERNED]),
        "script.types": np.asarray([PROPOSAL_TYPES.index(REGISTRY[name].governed or "") for name in GOVERNED]),
        **_thinkable(),
    }


def _thinkable() -> State:
    """The ideas that agents can have: which parameter, within which bounds, what it moves and who gains."""
    of_parameter = [IDEAS.index(name) if name in IDEAS else 0 for name in GOVERNED]
    bases = [[float(INTERESTS[name].base == base) for base in BASES] for name in IDEAS]
    gains = [[INTERESTS[name].gains.get(group, 0.0) for group in GROUPS] for name in IDEAS]
    return {
        "ideas.parameter": np.asarray([GOVERNED.index(name) for name in IDEAS], dtype=np.int64),
        "ideas.of_parameter": np.asarray(of_parameter, dtype=np.int64),
        "ideas.low": np.asarray([REGISTRY[name].low for name in IDEAS], dtype=np.float64),
        "ideas.high": np.asarray([REGISTRY[name].high for name in IDEAS], dtype=np.float64),
        "ideas.range": np.asarray([width(name) for name in IDEAS]),
        "ideas.relative": np.asarray([float(INTERESTS[name].relative) for name in IDEAS]),
        "ideas.base": np.asarray(bases),
        "ideas.gains": np.asarray(gains),
    }


def _shocks(economy: Economy) -> State:
    """What shocks make of each day, by kind."""
    idle = [f"{shock.kind} on day {shock.day}: {why}" for shock in economy.shocks if (why := economy.idle(shock))]
    if idle:
        raise ValueError(f"a shock has nothing to act on: {idle[0]}")
    return dict(by_day(economy.shocks, economy.days, {"feeds": economy.parameters.oracle.feeds}))


def _attacks(economy: Economy) -> State:
    """What attacks make of each day and agent, and who is of their crews."""
    size = economy.parameters.population
    sizes = {name: getattr(size, name) for name in attacks.CLASSES} | {"feeds": economy.parameters.oracle.feeds}
    return {**attacks.crews(economy.attacks, sizes), **attacks.by_day(economy.attacks, sizes, economy.days)}


def width(parameter: str) -> float:
    """The width of a governed parameter's bounds."""
    entry = REGISTRY[parameter]
    return (entry.high or 0.0) - (entry.low or 0.0)


def _state(economy: Economy, params: Mapping[str, Array], batch: tuple[int, ...]) -> State:
    size = economy.parameters.population
    sizes = {"providers": size.providers, "consumers": size.consumers, "validators": size.validators}
    sizes |= {"holders": size.holders, "allocations": len(ALLOCATIONS), "sizes": len(SIZES), "flows": len(LEDGER.flows)}
    sizes |= {"slots": params["script.day"].shape[-1], "unbonding_days": economy.parameters.staking.unbonding_days}
    sizes |= {"speculators": len(economy.parameters.speculators.horizons_days)}
    sizes |= {"causes": len(CASE_CAUSES), "outcomes": len(CASE_OUTCOMES), "slash_causes": len(SLASH_CAUSES)}
    sizes |= {"voters": size.holders + size.providers + size.consumers, "governed": len(GOVERNED)}
    sizes |= {"proposal_ends": len(PROPOSAL_ENDS), "sides": 2 * len(attacks.CLASSES)}
    sizes |= {"delay_days": max(economy.parameters.fees.controller_delay_days, 1), "one": 1}
    sizes |= {"feeds": economy.parameters.oracle.feeds}
    sizes |= {"expiry_days": economy.parameters.jobs.expiry_days}
    sizes |= {"window_days": int(economy.parameters.jobs.challenge_hours // HOURS) + 1}
    sizes |= {"growth_days": 2 * economy.parameters.emission.growth_window_days}
    figures = _figures(economy, params) | _accounts(economy, params, batch)
    if economy.start:
        figures |= _started(economy, economy.start, params)
    return _shaped(figures, sizes, batch)


def _shaped(values: State, sizes: Mapping[str, int], batch: tuple[int, ...]) -> State:
    """Every declared variable as an array of its full shape; those not named start at zero."""
    state = {}
    for name, variable in VARIABLES.items():
        own = tuple(sizes[axis] for axis in variable.own.split())
        kind = np.int64 if variable.whole else np.float64
        state[name] = np.broadcast_to(np.asarray(values.get(name, 0), dtype=kind), batch + own).copy()
    return state | {name: np.int64(0) for name in COUNTERS}


def _figures(economy: Economy, params: Mapping[str, Array]) -> State:
    path = economy.exogenous.get("price_usd")
    price = params["market.initial_price_usd"] if path is None else np.asarray(path, dtype=np.float64)[0]
    base = params["pricing.base_rate_quiv"][..., None] * params["pricing.complexity"]
    quote = np.maximum(base, params["pricing.price_floor_quiv"][..., None])
    bought = np.sum(params["agents.budget_usd"], axis=-1)
    contracts = economy.parameters.matching.format == "contract"
    discount = params["matching.contract_discount"][..., None] * contracts
    return {
        "price_usd": price,
        "oracle_price_usd": price,
        "feed_price_usd": price[..., None],
        "inference_price_quiv": quote,
        "order_price_quiv": quote * (1.0 - discount),
        "batch_price_usd": price,
        "maker_last_price_usd": price,
        "treasury_reference_usd": price,
        "maker_usd": params["maker.budget_usd"] * _made(economy),
        "value_usd": price,
        "speculator_last_price_usd": price,
        "fundamentalist_share": 0.5,
        "economy_bought_usd": bought,
        "economy_sold_quiv": bought / price,
        "demand_index": 1.0,
        "provider_success": 1.0,
        "provider_up": 1.0,
        "provider_activity": 1.0,
        "satisfaction": 1.0,
        "consumer_active": 1.0,
        "fee_multiplier": 1.0,
        "quarter_multiplier": 1.0,
        "burn_factor": 1.0,
        "congestion_ring": 0.5 * (params["fees.congestion_low"] + params["fees.congestion_high"])[..., None, None],
        "growth_smoothed": 1.0,
        "growth_multiplier": 1.0,
        "disputed_share": params["genesis.escrow_disputed"],
        "price_seen_usd": price,
        "validator_active": params["genesis.judging"][..., None],
        "validator_accuracy": 1.0,
        "proposal_day": params["script.day"],
        "proposal_parameter": params["script.parameter"],
        "proposal_value": params["script.value"],
        "proposal_type": params["script.type"],
        "proposal_proposer": params["script.proposer"],
        "milestone_met": 1,
        "quarter_values": np.stack(np.broadcast_arrays(*[params[name] for name in GOVERNED]), axis=-1),
        **{name: params[name] for name in GOVERNED},
    }


def _accounts(economy: Economy, params: Mapping[str, Array], batch: tuple[int, ...]) -> State:
    """Genesis balances, nano-QUIV; what dividing leaves over is dust of the vesting contract."""
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
    pool = left[..., at["liquidity"]] * int(pooled)
    initial = params["market.initial_price_usd"] * to_quiv(pool)
    to_fund = np.minimum(to_nquiv(params["insurance.initial_quiv"]), left[..., at["treasury"]])
    to_maker = np.minimum(to_nquiv(params["maker.budget_quiv"] * _made(economy)), left[..., at["treasury"]] - to_fund)
    lowest = to_nquiv(params["staking.tier_minimum_quiv"][..., :1])
    staked = scale_down(to_providers, params["staking.initial_share"][..., None])
    staked = np.where(to_providers >= lowest, np.maximum(staked, lowest), staked)
    validators_stake = np.minimum(to_nquiv(params["validation.minimum_quiv"])[..., None], to_validators)
    stands = (params["genesis.staked_day"] == 0)[..., None]
    meant, staked, validators_stake = staked, staked * stands, validators_stake * stands
    return {
        "minted_nquiv": params["genesis.minted_nquiv"],
        "vesting_nquiv": locked,
        "pool_nquiv": pool,
        "pool_usd": initial,
        "liquidity_nquiv": left[..., at["liquidity"]] - pool,
        "speculator_wallet_nquiv": to_speculators,
        "speculator_cash_usd": (params["speculators.cash_usd"] * pooled / groups.size)[..., None],
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
        "provider_online": params["agents.online"],
        **_registry(params, meant, staked),
    }


def _started(economy: Economy, start: Start, params: Mapping[str, Array]) -> State:
    """Balances of a live state in place of those of genesis, and what follows from them.

    Payments in escrow are released on the first day; open channels are settled then and may be opened anew.
    """
    values: State = {name: start.balance(name) for name in LEDGER.accounts}
    values |= {"minted_nquiv": start.minted, "burned_nquiv": start.burned}
    values["pool_usd"] = params["market.initial_price_usd"] * to_quiv(values["pool_nquiv"])
    values["window_nquiv"] = _oldest(values["consumer_escrow_nquiv"], economy.parameters.jobs.challenge_hours)
    staked = values["provider_stake_nquiv"]
    values["provider_online"] = (staked > 0) * 1.0
    values |= _registry({**params, "agents.online": values["provider_online"]}, staked, staked)
    chosen = np.asarray(start.holder_provider)
    values["holder_provider"] = np.where(chosen >= 0, chosen, values["holder_provider"])
    for who, word in UNBONDING.items():
        due = start.due(who, economy.parameters.staking.unbonding_days)
        values[f"{word}_unbonding_shares_nquiv"] = values[f"{word}_unbonding_nquiv"]
        if economy.parameters.staking.unbonding_shape == "linear":
            values[f"{word}_release_rate_nquiv"] = due[0]
            due = -np.diff(due, axis=0, append=0)
        values[f"{word}_released_nquiv"] = due
    return values


def _oldest(escrow: Array, hours: float) -> Array:
    """Payments at the end of the challenge window, `(window_days, consumers)`."""
    window = np.zeros((int(hours // HOURS) + 1, escrow.shape[-1]), dtype=np.int64)
    window[-1] = escrow
    return window


def _made(economy: Economy) -> float:
    """One where a market maker is around, else zero."""
    return float(economy.pooled and economy.on("market_maker"))


def _registry(params: Mapping[str, Array], meant: Array, staked: Array) -> State:
    """Who is registered, at work, and chosen by whom: by the stake that providers have, or mean to have."""
    minimums = to_nquiv(params["staking.tier_minimum_quiv"])
    reached = staking.tier(staked, minimums) > 0
    active = params["agents.online"] * reached * (params["genesis.served_day"] == 0)[..., None]
    eligible = params["agents.online"] * (staking.tier(meant, minimums) > 0)
    return {
        "capacity_tokens": np.sum(params["agents.capacity_tokens"] * active, axis=-1),
        "active_providers": np.sum(active, axis=-1),
        "provider_standing": reached,
        "provider_below_days": np.where(reached, 0, params["registry.grace_days"][..., None] + 1),
        "provider_last_slash": -1,
        "holder_provider": _first_providers(params, meant, eligible),
    }


def _first_providers(params: Mapping[str, Array], staked: Array, active: Array) -> Array:
    """The provider of each holder: drawn by own stake among those at work; in turn without noise."""
    holders = params["agents.holder_allocation"].shape[-1]
    lowest = np.maximum(to_nquiv(params["staking.tier_minimum_quiv"][..., :1]), 1)
    reached = np.cumsum((staked / lowest + UNSTAKED) * (active + UNSTAKED), axis=-1)
    drawn = draws.uniform(params, "genesis.delegate", np.int64(0), holders) * reached[..., -1:]
    chosen = np.sum(reached[..., None, :] < drawn[..., None], axis=-1)
    in_turn = np.arange(holders) % staked.shape[-1]
    return np.where(params["draws.noise"] > 0.0, np.minimum(chosen, staked.shape[-1] - 1), in_turn)
