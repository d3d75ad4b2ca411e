"""Random economies for Hypothesis: any parameters within their bounds, any mechanisms, any proposals and shocks."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, get_args

import numpy as np
from hypothesis import strategies as st

from experiments.engines.wiring import MECHANISMS
from model.economy import Economy, ScriptedProposal
from model.parameters import GOVERNED, REGISTRY, Parameters
from model.registry import Parameter, ProposalTypeName
from model.shocks import KINDS, Shock

DAYS = 60
POPULATION = {"providers": (1, 8), "consumers": (1, 5), "validators": (1, 3), "holders": (4, 12)}
SHORT = {
    "challenges.voting_days": (1, 4),
    "challenges.appeal_days": (0, 4),
    "delegation.review_days": (1, 9),
    "emission.growth_window_days": (7, 25),
    "staking.unbonding_days": (1, 25),
    "emission.halving_years": (1, 4),
}
"""Lengths that a test's days can reach the end of."""
LAUNCH = dict.fromkeys((name for name in REGISTRY if name.startswith("launch.")), (0, 25))
"""Days of the launch after which something is left of a test's days, or none."""
LEAST = 1e-12
"""A value this much smaller than the default is zero: rounding errors of zero are nobody's parameters."""
WIDE = 1e6
"""Bounds further apart than this factor are drawn by order of magnitude."""


def _numbers(low: float, high: float, default: float) -> st.SearchStrategy[float]:
    """Ends, default, and anything between: by magnitude where the bounds are far apart."""
    plain = st.floats(low, high).map(lambda x: x if abs(x) > LEAST * abs(default) else max(0.0, low))
    if high > WIDE * max(abs(default), 1e-18) or (low > 0.0 and high > WIDE * low):
        least = max(low, abs(default) / WIDE, 1e-18)
        plain = st.floats(math.log(least), math.log(high)).map(lambda x: min(max(math.exp(x), low), high))
    return st.one_of(plain, st.just(default), st.sampled_from([low, high]))


def _value(entry: Parameter, default: Any, short: Mapping[str, tuple[int, int]]) -> st.SearchStrategy[Any]:
    """One value of a parameter, or one element of a list; `short` has lengths in place of the declared bounds."""
    if entry.kind == "choice":
        return st.sampled_from(entry.choices)
    if entry.kind == "switch":
        return st.booleans()
    low, high = short.get(entry.name, (entry.low, entry.high))
    assert low is not None
    assert high is not None
    return st.integers(int(low), int(high)) if isinstance(default, int) else _numbers(low, high, default)


def _of(name: str, short: Mapping[str, tuple[int, int]] = SHORT | LAUNCH) -> st.SearchStrategy[Any]:
    entry = REGISTRY[name]
    contract, _, key = name.partition(".")
    if contract == "population" and key in POPULATION:
        return st.integers(*POPULATION[key])
    if entry.kind == "list":
        return st.tuples(*[_value(entry, item, short) for item in entry.default])
    return _value(entry, entry.default, short)


_ALWAYS = [f"population.{key}" for key in POPULATION] + list(SHORT)
_VALUES = st.fixed_dictionaries(
    {name: _of(name) for name in _ALWAYS}, optional={name: _of(name) for name in REGISTRY if name not in _ALWAYS}
)


def _valid(values: dict[str, Any]) -> dict[str, Any]:
    """The values, moved no further than the rules that tie several of them together ask."""
    full = {name: values.get(name, entry.default) for name, entry in REGISTRY.items()}
    _scale(full, ["fees.burn_share", "fees.stakers_share", "fees.network_treasury_share"])
    _scale(full, ["staking.direct_share", "staking.delegator_share"])
    _scale(full, ["slashing.burn_share", "slashing.challenger_share"])
    bands = [sorted(pair) for pair in zip(full["slashing.band_low"], full["slashing.band_high"], strict=True)]
    full["slashing.band_low"], full["slashing.band_high"] = (tuple(band) for band in zip(*bands, strict=True))
    low, high = sorted([full["fees.congestion_low"], full["fees.congestion_high"]])
    full["fees.congestion_low"], full["fees.congestion_high"] = low, high
    others = sum(full[f"fees.{name}"] for name in ("treasury_share", "referral_share", "base_burn_share"))
    full["fees.take_limit"] = max(full["fees.take_limit"], others)
    for name in ("oracle.fewest_feeds", "oracle.corrupt_feeds"):
        full[name] = min(full[name], full["oracle.feeds"])
    full["staking.tier_minimum_quiv"] = tuple(sorted(full["staking.tier_minimum_quiv"]))
    shares = full["supply.allocation_share"]
    total = sum(shares)
    full["supply.allocation_share"] = tuple(s / total for s in shares) if total > 0.0 else (1.0, *[0.0] * 6)
    if full["market.price_process"] == "pool" and full["supply.allocation_share"][-1] <= 0.0:
        full["market.price_process"] = "quantity"
    weights = full["satisfaction.weights"]
    full["satisfaction.weights"] = weights if sum(weights) > 0.0 else (1.0, 0.0, 0.0)
    for name in ("demand.size_mix", "providers.size_mix", "reputation.weights", "treasury.allocation"):
        full[name] = full[name] if sum(full[name]) > 0.0 else (1.0, 0.0, 0.0)
    full["rebates.volume_usd"] = tuple(sorted(full["rebates.volume_usd"]))
    return full


def _scale(values: dict[str, Any], parts: Sequence[str]) -> None:
    """Parts of one whole, scaled down to sum to one where they pass it."""
    total = sum(values[name] for name in parts)
    values.update({name: values[name] / max(total, 1.0) for name in parts})


def build(values: dict[str, Any]) -> Parameters:
    """Validated parameters from values by dotted name; those not given are the defaults."""
    contracts: dict[str, dict[str, Any]] = {}
    for name, value in _valid(values).items():
        contract, key = name.split(".")
        contracts.setdefault(contract, {})[key] = value
    models = {key: type(getattr(Parameters(), key))(**given) for key, given in contracts.items()}
    return Parameters(**models)


@st.composite
def _proposal(draw: st.DrawFn, parameters: Parameters) -> ScriptedProposal:
    """A proposal about any governed parameter, its value near the live one or anywhere within its bounds."""
    name = draw(st.sampled_from(GOVERNED))
    entry = REGISTRY[name]
    contract, key = name.split(".")
    live = getattr(getattr(parameters, contract), key)
    assert entry.low is not None
    assert entry.high is not None
    near = st.floats(0.8, 1.2).map(lambda factor: min(max(live * factor, entry.low), entry.high))
    return ScriptedProposal(
        day=draw(st.integers(parameters.launch.governance_day, DAYS - 1)),
        parameter=name,
        value=draw(st.one_of(near, st.floats(entry.low, entry.high))),
        type=draw(st.sampled_from(get_args(ProposalTypeName))),
        support=draw(st.floats(0.0, 1.0)),
        proposer=draw(st.integers(0, parameters.population.holders - 1)),
    )


@st.composite
def _shock(draw: st.DrawFn) -> Shock:
    """A shock of any kind and size."""
    name = draw(st.sampled_from(sorted(KINDS)))
    kind = KINDS[name]
    size = draw(st.one_of(st.floats(kind.low, kind.high), st.sampled_from([kind.low, kind.high])))
    days = draw(st.integers(1, DAYS)) if kind.takes_days else 1
    share = draw(st.floats(0.0, 1.0)) if kind.among else 1.0
    return Shock(draw(st.integers(0, DAYS - 1)), name, size, days, share)


@st.composite
def _paths(draw: st.DrawFn) -> dict[str, np.ndarray]:
    """Processes given from outside, of any length; most often none."""
    price = st.lists(st.floats(1e-4, 1e2), min_size=1, max_size=5)
    tokens = st.lists(st.floats(0.0, 1e9), min_size=1, max_size=5)
    given = {"price_usd": price, "demand_tokens": tokens}
    chosen = draw(st.sampled_from([(), (), (), ("price_usd",), ("demand_tokens",), ("price_usd", "demand_tokens")]))
    return {name: np.array(draw(given[name])) for name in chosen}


@st.composite
def economies(draw: st.DrawFn) -> Economy:
    """Any economy of few agents over sixty days."""
    parameters = build(draw(_VALUES))
    off = draw(st.one_of(st.just(set()), st.sets(st.sampled_from(sorted(MECHANISMS)), max_size=4)))
    calm = Economy(
        days=DAYS,
        parameters=parameters,
        mechanisms=dict.fromkeys(off, False),
        exogenous=draw(_paths()),
        proposals=tuple(draw(st.lists(_proposal(parameters), max_size=3))),
        noise=draw(st.booleans()),
        go_literal=draw(st.sampled_from([False, False, True])),
    )
    shocks = draw(st.lists(_shock(), max_size=2))
    return replace(calm, shocks=tuple(shock for shock in shocks if not calm.idle(shock)))


def sets_of_values(seed: int, count: int, days: int) -> list[Economy]:
    """Economies of few agents whose parameters lie anywhere within their declared bounds, many at an end of them.

    They share what shapes the state or chooses functions, drawn as well, so that one ensemble runs them.
    """
    rng = np.random.default_rng(seed)
    shared = {name: _anything(rng, entry) for name, entry in REGISTRY.items() if entry.structural or name in POPULATED}
    found: list[Economy] = []
    while len(found) < count:
        values = {name: _anything(rng, entry) for name, entry in REGISTRY.items()} | shared
        economy = Economy(name=f"set {len(found)}", days=days, parameters=build(values))
        if not found or economy.structure() == found[0].structure():
            found.append(economy)
    return found


POPULATED = tuple(f"population.{key}" for key in POPULATION)


def _anything(rng: np.random.Generator, entry: Parameter) -> Any:
    """A value of a parameter: an end of its bounds, the default, or anything between."""
    if entry.kind == "list":
        return tuple(_one(rng, entry, item) for item in entry.default)
    return _one(rng, entry, entry.default)


def _one(rng: np.random.Generator, entry: Parameter, default: Any) -> Any:
    if entry.kind == "choice":
        return str(rng.choice(entry.choices))
    if entry.kind == "switch":
        return bool(rng.integers(2))
    assert entry.low is not None
    assert entry.high is not None
    low, high = POPULATION[entry.name.split(".")[1]] if entry.name in POPULATED else (entry.low, entry.high)
    where = rng.random()
    if where < 0.4:
        return type(default)((low, high, default, default)[int(where * 10)])
    if isinstance(default, int):
        return int(rng.integers(int(low), int(high) + 1))
    least = max(low, abs(default) / WIDE, 1e-18)
    by_size = high > WIDE * max(abs(default), 1e-18) or (low > 0.0 and high > WIDE * low)
    drawn = math.exp(rng.uniform(math.log(least), math.log(high))) if by_size else rng.uniform(low, high)
    return min(max(drawn, low), high)
