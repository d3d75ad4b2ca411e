r"""Providers come and go by profit.

A provider who is online earns, per unit of capacity, what all online providers earn, $y_t$ (USD a day, smoothed), and
pays its own cost $c_{i,t}$ for having that capacity, used or not, of which it wants a return $\mu_i$. With what it
gets beyond that, $m_{i,t} = y_t / ((1 + \mu_i) c_{i,t}) - 1$, it

$$ \text{enters with probability } \min(\lambda\, m_{i,t},\, 1), \qquad
   \text{leaves with probability } \min(-\lambda\, m_{i,t},\, 1) $$

a day. With identical providers the number online settles where revenue covers cost and return, $N^* = R / ((1 + \mu)
c)$ (free entry). Who is banned, or has run off after an attack, leaves at once and for good, and a scenario can have a
part of all leave on a day; until then attackers stay. Costs fall at the rate of hardware. Source:
assumption; the spec registers providers and says nothing of why they come.
"""

from __future__ import annotations

from model import draws
from model.arrays import Array, Signals, Unread, Values, namespace, to_quiv
from model.attacks import today
from model.block import Block, Mechanism
from model.launch import SERVED
from policies.capacity import unit_cost_usd, working_share

LEAST_COST_USD = 1e-30
"""Costs that can be divided by: who has none enters at any income."""


def enter_and_leave(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Providers online tomorrow (0 or 1, or a share without noise), and the smoothed income of a unit of capacity."""
    xp = namespace(previous_state)
    day, online = previous_state["day"], previous_state["provider_online"]
    income = _income(params, previous_state)
    wanted = unit_cost_usd(params, previous_state) * (1.0 + params["agents.margin"])
    margin = income[..., None] / xp.maximum(wanted, LEAST_COST_USD) - 1.0
    speed = params["providers.entry_speed"][..., None]
    agents = online.shape[-1]
    move = draws.chance(params, "providers.move", day, xp.minimum(speed * xp.abs(margin), 1.0), agents)
    move = move * (1.0 - params["attacks.crew_providers"])
    allowed = (1.0 - previous_state["provider_banned"]) * (1.0 - today(params, "gone", day))
    there = xp.astype(margin > 0.0, xp.float64)
    moved = (online + (there - online) * move) * allowed
    return {"provider_online": moved * _staying(params, previous_state), "capacity_income_usd": income}


def stay_or_exit(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """The same where nobody comes or goes but who leaves in a scenario's exit of providers."""
    online = previous_state["provider_online"] * _staying(params, previous_state)
    return {"provider_online": online, "capacity_income_usd": previous_state["capacity_income_usd"]}


def _staying(params: Values, state: Values) -> Array:
    """Whether each provider stays in a scenario's exit of providers, 1.0 or 0.0, a share without noise."""
    online = state["provider_online"]
    leaving = params["shocks.provider_exit"][state["day"]]
    return 1.0 - draws.chance(params, "shocks.provider_exit", state["day"], leaving, online.shape[-1])


def _income(params: Values, state: Values) -> Array:
    """Smoothed USD a day earned by a small-model token of installed capacity; unchanged while nobody is online."""
    xp = namespace(state)
    earned = to_quiv(xp.sum(state["provider_income_nquiv"], axis=-1)) * state["price_usd"]
    capacity = state["capacity_tokens"]
    some = capacity > 0.0
    today = xp.where(some, earned, 0.0) / xp.where(some, capacity, 1.0)
    today = today * working_share(params, state)
    pull = 1.0 - xp.exp(-1.0 / params["providers.income_days"])
    known = state["capacity_income_usd"]
    start = xp.where(state["day"] == params["genesis.served_day"], today, known)
    return xp.where(some, start + pull * (today - start), known)


BLOCK = Block(
    "providers",
    "Providers come and go.",
    enter_and_leave,
    phase="payments",
    why="They come and go by income, so from the first day that there can be some.",
    since=SERVED,
    mechanism=Mechanism("entry", "Entry and exit of providers by profit; off, those of genesis stay."),
    otherwise=stay_or_exit,
)
