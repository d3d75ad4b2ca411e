r"""Capacity: who is up today, what each provider can do for each model size, and in which order it is given work.

$$ k_{m,i} = K_i\, e^{g t}\, h_{m,i}\, o_i\, u_i, \qquad
   w_i = \pi_{\text{tier}(i)} \Big( 1 - \alpha \Big( 1 - \frac{R_i}{1000} \Big) \Big) $$

with $K_i$ the compute at genesis, $h_{m,i}$ the part of it for size $m$, $o_i$ whether provider $i$ is online and in
good standing (`policies/registry.py`), $u_i$ whether it is up today; $w_i$ its priority, from the weight $\pi$ of its
tier and its reputation $R_i$ (`model/formulas/reputation.py`). A scenario's congestion takes a part of all capacity.
Source: SPEC, Provider Registration (tiers, reputation); ROOT for priority by tier; downtime from public data.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, to_nquiv
from model.block import Block, Mechanism
from model.formulas import reputation, staking
from model.launch import SERVED, begun
from policies.identities import stake_each


def offer_when_up(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Capacity by size and provider (small-model tokens a day), priorities, who is up (0 or 1) and who is active."""
    chance = params["agents.downtime"]
    down = draws.chance(params, "providers.down", previous_state["day"], chance, chance.shape[-1])
    return _offer(params, previous_state, (1.0 - down) * (1.0 - previous_state["provider_absent"]))


def offer_always(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same with every provider up who does not stay away."""
    return _offer(params, previous_state, 1.0 - previous_state["provider_absent"])


def installed_tokens(params: Values, state: Values) -> Array:
    """Installed capacity of each provider, used or not, small-model tokens a day, `(*batch, providers)`."""
    xp = namespace(state)
    growth = xp.exp(params["providers.capacity_growth"] * (state["day"] / 365.0))
    return params["agents.capacity_tokens"] * growth[..., None]


def unit_cost_usd(params: Values, state: Values) -> Array:
    """USD a day that each provider pays for a small-model token of daily capacity, `(*batch, providers)`."""
    xp = namespace(state)
    falling = xp.exp(-params["providers.cost_decline"] * (state["day"] / 365.0))
    return params["agents.cost_usd"] * falling[..., None] * params["shocks.hardware_cost"][state["day"]]


def working_share(params: Values, state: Values) -> Array:
    """The part of the capacity of those who are up that a scenario's congestion leaves."""
    return 1.0 - params["shocks.congestion"][state["day"]]


def running_cost_usd(params: Values, state: Values) -> Array:
    """USD that a day online costs each provider from the first day of work on, its capacity used or not."""
    running = state["provider_online"] * begun(params, state, "genesis.served_day")[..., None]
    return unit_cost_usd(params, state) * installed_tokens(params, state) * running


def _open_to(params: Values, tier: Array) -> Array:
    """Which model sizes each tier may serve, 1.0 or 0.0, `(*batch, sizes, providers)`: large ones from a tier on."""
    xp = namespace(tier)
    large = xp.astype(xp.maximum(tier, 1) >= params["registry.large_model_tier"][..., None], xp.float64)
    every = xp.ones_like(large)
    return xp.stack([every, every, large], axis=-2)


def _offer(params: Values, state: Values, up: Array) -> Signals:
    xp = namespace(state)
    minimums = to_nquiv(params["staking.tier_minimum_quiv"])
    stake, priority = stake_each(params, state), params["staking.tier_priority"]
    of_tier = staking.of_tier(stake, minimums, priority, priority[..., :1]) * state["provider_standing"]
    active = xp.astype(of_tier > 0.0, xp.float64) * state["provider_online"]
    able = installed_tokens(params, state) * active * up * working_share(params, state)
    offered = able[..., None, :] * params["agents.size_share"] * _open_to(params, staking.tier(stake, minimums))
    success, activity = state["provider_success"], state["provider_activity"]
    score = reputation.score(success, state["provider_penalty"], activity, params["reputation.weights"])
    worth = 1.0 - params["reputation.influence"][..., None] * (1.0 - score / reputation.BEST)
    return {
        "provider_up": up,
        "offered_tokens": offered,
        "provider_priority": of_tier * worth,
        "capacity_tokens": xp.sum(able, axis=-1),
        "active_providers": xp.sum(active, axis=-1),
    }


BLOCK = Block(
    "capacity",
    "Providers are up or down.",
    offer_when_up,
    phase="payments",
    why="Hardware runs when work can come.",
    since=SERVED,
    mechanism=Mechanism("outages", "Providers who are down for a day; off, those online are always up."),
    otherwise=offer_always,
)
