"""Constant attributes of agents: drawn once, under names that begin with `agents.`.

They travel in the parameters, which no engine copies. Without noise every agent of a kind is alike.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from model import draws
from model.arrays import Array, Signals, Values
from model.classes import holder_allocation
from model.economy import Economy
from model.parameters.pricing import SIZES
from model.parameters.supply import ALLOCATIONS


def agents(economy: Economy, params: Values) -> Signals:
    """Every constant attribute of every agent: what each is worth, wants, can do and votes."""
    size = economy.parameters.population
    return {
        **_holders(params, size.holders),
        **_providers(params, size.providers),
        **_consumers(params, size.consumers),
        "agents.task_cost_usd": _around(
            params, "genesis.effort", "validation.task_cost_usd", "validation.cost_sigma", size.validators
        ),
        "agents.vote_cost_usd": _around(
            params,
            "genesis.vote_cost",
            "governance.vote_cost_usd",
            "governance.vote_cost_sigma",
            size.holders + size.providers + size.consumers,
        ),
        **_voters(economy, params),
    }


def _holders(params: Values, holders: int) -> Signals:
    """Each holder's allocation, its part of that and of grants, and whether its provider votes for it."""
    allocation = holder_allocation(holders)
    wealth = _pareto(params, "genesis.holder_wealth", params["population.holder_tail"], holders)
    weight = np.zeros_like(wealth)
    for index in set(allocation.tolist()):
        of_class = allocation == index
        largest_first = np.ascontiguousarray(-np.sort(-wealth[..., of_class], axis=-1))
        weight[..., of_class] = largest_first / largest_first.sum(axis=-1, keepdims=True)
    return {
        "agents.holder_allocation": allocation,
        "agents.holder_weight": weight,
        "agents.grantee_weight": np.where(allocation == ALLOCATIONS.index("ecosystem"), weight, 0.0),
        "agents.votes_by_provider": _some(params, "genesis.vote", "delegation.vote_share", holders),
    }


def _providers(params: Values, providers: int) -> Signals:
    """Wealth, capacity, cost, quality and commission of each provider."""
    wealth = _pareto(params, "genesis.provider_wealth", params["population.provider_tail"], providers)

    def around(name: str, mean: str, sigma: str) -> Array:
        return _around(params, name, mean, sigma, providers)

    return {
        "agents.provider_wealth": wealth,
        "agents.principled": _some(params, "genesis.principled", "conduct.principled_share", providers),
        "agents.temptation": _spread(params, "genesis.temptation", "conduct.temptation_sigma", providers),
        "agents.commission": np.minimum(
            around("genesis.commission", "delegation.commission", "delegation.commission_sigma"), 1.0
        ),
        "agents.size_share": _by_size(
            params, "capacity", params["providers.size_mix"], params["providers.size_sigma"], providers
        ),
        "agents.downtime": np.minimum(
            around("genesis.downtime", "providers.downtime", "providers.downtime_sigma"), 1.0
        ),
        "agents.slowness": _spread(params, "genesis.speed", "providers.speed_sigma", providers),
        "agents.failure": np.minimum(around("genesis.quality", "jobs.failure_share", "providers.quality_sigma"), 1.0),
        "agents.margin": around("genesis.margin", "providers.margin", "providers.margin_sigma"),
        "agents.referred": _some(params, "genesis.referred", "rebates.referred_share", providers),
        "agents.cost_usd": around("genesis.cost", "providers.cost_usd_per_token", "providers.cost_sigma"),
        "agents.online": np.maximum(
            _some(params, "genesis.online", "providers.initial_online", providers), params["attacks.crew_providers"]
        ),
        "agents.capacity_tokens": around(
            "genesis.capacity", "providers.capacity_tokens_per_day", "providers.capacity_sigma"
        ),
    }


def _consumers(params: Values, consumers: int) -> Signals:
    """Each consumer's budget, its elasticity, the model sizes that it wants, and what it tolerates."""

    def around(name: str, mean: str, sigma: str) -> Array:
        return _around(params, name, mean, sigma, consumers)

    return {
        "agents.budget_usd": around("genesis.budget", "demand.budget_usd_per_day", "demand.budget_sigma"),
        "agents.elasticity": around("genesis.elasticity", "demand.elasticity", "demand.elasticity_sigma"),
        "agents.size_mix": _by_size(params, "mix", params["demand.size_mix"], params["demand.mix_sigma"], consumers),
        "agents.tolerance": np.minimum(
            around("genesis.tolerance", "satisfaction.tolerance", "satisfaction.tolerance_sigma"), 1.0
        ),
    }


def _around(params: Values, name: str, mean: str, sigma: str, agents: int) -> Array:
    """Each agent's value, log-normal around a parameter, `(*batch, agents)`."""
    return _spread(params, name, sigma, agents) * params[mean][..., None]


def _spread(params: Values, name: str, sigma: str, agents: int) -> Array:
    """Each agent's factor of mean one, from the stream of that name."""
    return draws.lognormal(params, name, np.int64(0), params[sigma], agents)


def _some(params: Values, name: str, share: str, agents: int) -> Array:
    """Which agents are of a share of all, 1.0 or 0.0, a share without noise, from the stream of that name."""
    chance = params[share][..., None] + np.zeros(agents)
    return draws.chance(params, name, np.int64(0), chance, agents)


def _by_size(params: Values, name: str, mean: Array, sigma: Array, agents: int) -> Array:
    """Each agent's shares of the model sizes, `(*batch, sizes, agents)`: log-normal around a mean, summing to one."""
    spread = [draws.lognormal(params, f"genesis.{name}/{size}", np.int64(0), sigma, agents) for size in SIZES]
    drawn = np.stack(spread, axis=-2) * mean[..., None]
    return drawn / drawn.sum(axis=-2, keepdims=True)


def _voters(economy: Economy, params: Values) -> Signals:
    """Turnout and support of each voter on each slot's proposal, `(*batch, slots, holders + providers)`.

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


def _pareto(params: Values, name: str, tail: Array, agents: int) -> NDArray[Any]:
    """Pareto weights of at least one; all one without noise."""
    drawn = np.power(draws.uniform(params, name, np.int64(0), agents), -1.0 / tail[..., None])
    return np.where(params["draws.noise"] > 0.0, drawn, 1.0)
