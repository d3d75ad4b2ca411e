r"""The pricing oracle: QUIV per token, by model size.

$$ p_m = \max\left( \frac{b_m\, \mathrm{clamp}(q, 0.8, 2)}{\max(f, f_{min})},\; p_{min} \right) $$

with $b_m$ the base rate (`policies/base_rate.py`), $q$ the demand index (smoothed compute demanded over the compute at
target utilisation of reference capacity) and $f$ the supply factor: capacity over reference capacity, or the number of
active providers; before all is connected, both factors are one. Source: SPEC, Dynamic Pricing Engine; WHITEPAPER,
pricing. The spec's own arithmetic truncates $q$ and $f$ to hundredths (`go_literal`).
"""

from __future__ import annotations

from model.arrays import Array, Signals, Unread, Values, namespace
from model.block import Block, Choice, Mechanism
from model.formulas import pricing
from model.launch import CONNECTED, begun


def quote_by_capacity(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Supply factor: capacity over the reference capacity."""
    return _quote(params, previous_state, _capacity_factor(params, previous_state))


def quote_by_providers(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Supply factor: the number of active providers."""
    return _quote(params, previous_state, previous_state["active_providers"])


def quote_by_capacity_go(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Supply factor by capacity, the spec's integer arithmetic. Raises GoPanic where it divides by zero."""
    return _quote_go(params, previous_state, _capacity_factor(params, previous_state))


def quote_by_providers_go(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """Supply factor by providers, the spec's integer arithmetic. Raises GoPanic where it divides by zero."""
    return _quote_go(params, previous_state, previous_state["active_providers"])


def quote_base_rates(params: Values, substep: Unread, state_history: Unread, previous_state: Values) -> Signals:
    """With the mechanism off demand and supply do not matter."""
    xp = namespace(previous_state)
    price = xp.maximum(previous_state["base_price_quiv"], params["pricing.price_floor_quiv"][..., None])
    return {"inference_price_quiv": price, "demand_index": previous_state["demand_index"]}


def _quote(params: Values, state: Values, supply: Array) -> Signals:
    xp = namespace(supply)
    index, multiplier, supply = _demand_and_supply(params, state, supply)
    floored = xp.maximum(supply, params["pricing.supply_floor"])[..., None]
    floor = params["pricing.price_floor_quiv"][..., None]
    price = pricing.inference_price(state["base_price_quiv"], multiplier[..., None], floored, floor)
    return {"inference_price_quiv": price, "demand_index": index}


def _quote_go(params: Values, state: Values, supply: Array) -> Signals:
    index, multiplier, supply = _demand_and_supply(params, state, supply)
    price = pricing.inference_price_go(state["base_price_quiv"], multiplier[..., None], supply[..., None])
    return {"inference_price_quiv": price, "demand_index": index}


def _demand_and_supply(params: Values, state: Values, supply: Array) -> tuple[Array, Array, Array]:
    """The demand index, its multiplier and the supply factor; the last two are one before all is connected."""
    xp = namespace(supply)
    index = _demand_index(params, state)
    multiplier = pricing.clamp_multiplier(index, state["pricing.multiplier_low"], state["pricing.multiplier_high"])
    connected = begun(params, state, CONNECTED) > 0.0
    return index, xp.where(connected, multiplier, 1.0), xp.where(connected, supply, 1.0)


def _demand_index(params: Values, state: Values) -> Array:
    """Exponential average of today's compute demanded over the compute at target utilisation."""
    xp = namespace(state)
    compute = xp.sum(state["demand_tokens"] * params["pricing.complexity"], axis=-1)
    at_target = params["pricing.target_utilisation"] * params["genesis.reference_capacity"]
    pull = 1.0 - xp.exp(-1.0 / params["pricing.smoothing_days"])
    return state["demand_index"] + pull * (compute / xp.maximum(at_target, 1.0) - state["demand_index"])


def _capacity_factor(params: Values, state: Values) -> Array:
    xp = namespace(state)
    return state["capacity_tokens"] / xp.maximum(params["genesis.reference_capacity"], 1.0)


BLOCK = Block(
    "pricing",
    "The oracle quotes inference.",
    Choice(
        ("pricing.supply_reading", "go_literal"),
        {
            ("capacity", False): quote_by_capacity,
            ("providers", False): quote_by_providers,
            ("capacity", True): quote_by_capacity_go,
            ("providers", True): quote_by_providers_go,
        },
    ),
    phase="integration",
    why="Connects capacity and demand with the quote; base rates hold before.",
    since=CONNECTED,
    goes_on=("inference_price_quiv",),
    mechanism=Mechanism("dynamic_pricing", "The pricing oracle; off, base rates hold."),
    otherwise=quote_base_rates,
)
