"""Constant attributes of agents: drawn once, under names that begin with `agents.`.

They travel in the parameters, which no engine copies. Without noise every agent of a kind is alike.
"""

from __future__ import annotations

import numpy as np

from model import draws
from model.arrays import Array, Signals, Values
from model.economy import Economy
from model.parameters.pricing import SIZES
from model.parameters.supply import ALLOCATIONS

HOLDER_CLASSES = {"public": 0.6, "team": 0.15, "investors": 0.15, "ecosystem": 0.1}
"""Part of the holders who benefit from each allocation (assumption), in the order in which holders are numbered.
Within a class the largest comes first, so holder 0 is the largest buyer of the public sale."""


def agents(economy: Economy, params: Values) -> Signals:
    """Every constant attribute of every agent: what each is worth, wants, can do and votes."""
    size, day = economy.parameters.population, np.int64(0)
    allocation = _holder_allocation(size.holders)
    wealth = _pareto(params, "genesis.holder_wealth", params["population.holder_tail"], size.holders)
    weight = np.zeros_like(wealth)
    for index in set(allocation.tolist()):
        of_class = allocation == index
        largest_first = np.ascontiguousarray(-np.sort(-wealth[..., of_class], axis=-1))
        weight[..., of_class] = largest_first / largest_first.sum(axis=-1, keepdims=True)
    budgets = draws.lognormal(params, "genesis.budget", day, params["demand.budget_sigma"], size.consumers)
    capacity = draws.lognormal(params, "genesis.capacity", day, params["providers.capacity_sigma"], size.providers)
    costs = draws.lognormal(params, "genesis.cost", day, params["providers.cost_sigma"], size.providers)
    downtime = draws.lognormal(params, "genesis.downtime", day, params["providers.downtime_sigma"], size.providers)
    failure = draws.lognormal(params, "genesis.quality", day, params["providers.quality_sigma"], size.providers)
    slow = draws.lognormal(params, "genesis.speed", day, params["providers.speed_sigma"], size.providers)
    elastic = draws.lognormal(params, "genesis.elasticity", day, params["demand.elasticity_sigma"], size.consumers)
    margin = draws.lognormal(params, "genesis.margin", day, params["providers.margin_sigma"], size.providers)
    referred = params["rebates.referred_share"][..., None] + np.zeros(size.providers)
    principled = params["conduct.principled_share"][..., None] + np.zeros(size.providers)
    voting = params["delegation.vote_share"][..., None] + np.zeros(size.holders)
    commission = draws.lognormal(
        params, "genesis.commission", day, params["delegation.commission_sigma"], size.providers
    )
    effort = draws.lognormal(params, "genesis.effort", day, params["validation.cost_sigma"], size.validators)
    online = params["providers.initial_online"][..., None]
    patience = draws.lognormal(params, "genesis.tolerance", day, params["satisfaction.tolerance_sigma"], size.consumers)
    provider_wealth = _pareto(params, "genesis.provider_wealth", params["population.provider_tail"], size.providers)
    return {
        "agents.holder_allocation": allocation,
        "agents.holder_weight": weight,
        "agents.grantee_weight": np.where(allocation == ALLOCATIONS.index("ecosystem"), weight, 0.0),
        "agents.provider_wealth": provider_wealth,
        "agents.principled": draws.chance(params, "genesis.principled", day, principled, size.providers),
        "agents.temptation": draws.lognormal(
            params, "genesis.temptation", day, params["conduct.temptation_sigma"], size.providers
        ),
        "agents.commission": np.minimum(commission * params["delegation.commission"][..., None], 1.0),
        "agents.votes_by_provider": draws.chance(params, "genesis.vote", day, voting, size.holders),
        "agents.task_cost_usd": effort * params["validation.task_cost_usd"][..., None],
        "agents.budget_usd": budgets * params["demand.budget_usd_per_day"][..., None],
        "agents.elasticity": elastic * params["demand.elasticity"][..., None],
        "agents.size_mix": _by_size(
            params, "mix", params["demand.size_mix"], params["demand.mix_sigma"], size.consumers
        ),
        "agents.tolerance": np.minimum(patience * params["satisfaction.tolerance"][..., None], 1.0),
        "agents.size_share": _by_size(
            params, "capacity", params["providers.size_mix"], params["providers.size_sigma"], size.providers
        ),
        "agents.downtime": np.minimum(downtime * params["providers.downtime"][..., None], 1.0),
        "agents.slowness": slow,
        "agents.failure": np.minimum(failure * params["jobs.failure_share"][..., None], 1.0),
        "agents.margin": margin * params["providers.margin"][..., None],
        "agents.referred": draws.chance(params, "genesis.referred", day, referred, size.providers),
        "agents.cost_usd": costs * params["providers.cost_usd_per_token"][..., None],
        "agents.online": np.maximum(
            draws.chance(params, "genesis.online", day, online, size.providers), params["attacks.crew_providers"]
        ),
        "agents.capacity_tokens": capacity * params["providers.capacity_tokens_per_day"][..., None],
        "agents.vote_cost_usd": draws.lognormal(
            params,
            "genesis.vote_cost",
            day,
            params["governance.vote_cost_sigma"],
            size.holders + size.providers + size.consumers,
        )
        * params["governance.vote_cost_usd"][..., None],
        **_voters(economy, params),
    }


def _by_size(params: Values, name: str, mean: Array, sigma: Array, agents: int) -> Array:
    """Each agent's shares of the model sizes, `(*batch, sizes, agents)`: log-normal around a mean, summing to one."""
    spread = [draws.lognormal(params, f"genesis.{name}/{size}", np.int64(0), sigma, agents) for size in SIZES]
    drawn = np.stack(spread, axis=-2) * mean[..., None]
    return drawn / drawn.sum(axis=-2, keepdims=True)


def _voters(economy: Economy, params: Values) -> Signals:
    """Who votes on each slot's proposal, and who of them is for it: `(*batch, slots, holders + providers)`.

    A proposal's draws are named by its parameter and its day, so that other proposals do not shift them.
    """
    size = economy.parameters.population
    classes = {"holders": size.holders, "providers": size.providers}
    turnout: list[Array] = []
    support: list[Array] = []
    for name, day, liking, attacker, bribed in _ballots(economy):
        chances = {"turnout": params["governance.turnout"][..., None], "support": np.float64(liking)}
        cast = {
            what: np.concatenate(
                [draws.chance(params, f"governance.{what}/{who}/{name}", day, chance, n) for who, n in classes.items()],
                axis=-1,
            )
            for what, chance in chances.items()
        }
        hired = draws.chance(params, f"governance.bribe/{name}", day, bribed + np.zeros(size.providers), size.providers)
        alone = np.broadcast_to(np.arange(size.holders) == attacker, (*hired.shape[:-1], size.holders))
        sure = np.concatenate([alone, hired > 0.5], axis=-1)
        for what, found in (("turnout", turnout), ("support", support)):
            found.append(np.where(sure, 1.0, cast[what]))
    return {"agents.turnout": np.stack(turnout, axis=-2), "agents.support": np.stack(support, axis=-2)}


def _ballots(economy: Economy) -> list[tuple[str, np.int64, float, int, float]]:
    """Name, day, support, attacker and bribed share of each proposal; one that repeats another's is numbered."""
    seen: dict[tuple[str, int], int] = {}
    found: list[tuple[str, np.int64, float, int, float]] = []
    for proposal in economy.script:
        key = (proposal.parameter, proposal.day)
        seen[key] = seen.get(key, 0) + 1
        side = (proposal.proposer, proposal.bribed_share) if proposal.hostile else (-1, 0.0)
        found.append((f"{proposal.parameter}/{seen[key]}", np.int64(proposal.day), proposal.support, *side))
    return found or [("none", np.int64(0), 0.0, -1, 0.0)]


def _holder_allocation(holders: int) -> np.ndarray:
    """The allocation that each holder benefits from: fixed by position, at least one holder each, `(holders,)`."""
    counts = {name: max(1, int(share * holders)) for name, share in HOLDER_CLASSES.items()}
    counts["public"] = holders - sum(n for name, n in counts.items() if name != "public")
    return np.concatenate([np.full(n, ALLOCATIONS.index(name), dtype=np.int64) for name, n in counts.items()])


def _pareto(params: Values, name: str, tail: Array, agents: int) -> np.ndarray:
    """Pareto weights of at least one; all one without noise."""
    drawn = np.power(draws.uniform(params, name, np.int64(0), agents), -1.0 / tail[..., None])
    return np.where(params["draws.noise"] > 0.0, drawn, 1.0)
