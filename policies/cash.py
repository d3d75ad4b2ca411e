r"""Cash: what each class of agents has got in USD for its tokens, less what tokens and work have cost it.

$$ c_g \leftarrow c_g + \sum_{i \in g} \big( n_i \bar p - k_i \big) $$

with $n_i$ the tokens that agent $i$ sells, less those that it buys, at the price $\bar p$ of the day, and $k_i$ what
the day costs it outside the token's economy: a provider its hardware, less what it saves by cheating; a validator its
tasks, if it looks; a consumer its channel's transactions. What a service is worth to a consumer is not counted. Groups
are the attackers, class by class, and then all others: the profit of an attack is the difference that it makes to
its attackers' cash and tokens. Source: bookkeeping.
"""

from __future__ import annotations

from model.arrays import Array, Values, namespace, to_quiv
from model.attacks import CLASSES
from policies.capacity import running_cost_usd
from policies.conduct import saved_usd


def tally(params: Values, state: Values, sold_nquiv: tuple[Array, ...], price: Array) -> Array:
    """Cash of each group after the day's trade, USD, `(*batch, 2 * classes)`; sales by class, purchases negative."""
    xp = namespace(price)
    costs = (
        running_cost_usd(params, state) - saved_usd(params, state),
        state["channel_opened"] * params["channels.transaction_cost_usd"][..., None],
        task_cost_usd(params, state),
        0.0,
    )
    attackers, others = [], []
    for name, sold, cost in zip(CLASSES, sold_nquiv, costs, strict=True):
        gained = to_quiv(sold) * price[..., None] - cost
        member = params[f"attacks.crew_{name}"]
        inside = xp.sum(gained * member, axis=-1)
        attackers.append(inside)
        others.append(xp.sum(gained * (1.0 - member), axis=-1))
    return state["cash_usd"] + xp.stack([*attackers, *others], axis=-1)


def task_cost_usd(params: Values, state: Values) -> Array:
    """Cost of yesterday's tasks to each attentive validator, USD."""
    return state["validator_tasks"] * (1.0 - state["validator_lazy"]) * params["agents.task_cost_usd"]
