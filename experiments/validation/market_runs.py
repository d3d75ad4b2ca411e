"""Runs by which the token market is judged: the default economy beside variants of it, governance frozen.

Agents propose nothing (`mechanisms.proposing` off), so that a variant differs from the default by one thing. All share
seed and run numbers; the seed is that of the stylised facts, by which no parameter was chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from experiments.engines.ensemble import execute
from experiments.inputs.scenario import load_scenario
from experiments.validation.paired_runs import Paths, Side, run_sides
from experiments.validation.stylised_facts import SEED
from model.economy import Economy
from model.parameters import Parameters, flatten
from model.shocks import Shock

FROZEN: Mapping[str, Any] = {"mechanisms.proposing": False}
DEFAULT = "default"
YEAR, YEARS_2, YEARS_3 = 365, 730, 1095
METRICS = frozenset(
    {
        "price_usd",
        "traded_quiv",
        "circulating_quiv",
        "staking_ratio",
        "active_providers",
        "wealth_usd_holders",
        "wealth_usd_providers",
    }
)
EVENT_DAY, AFTER = 180, 10
"""The day of an event, and the days that are looked at from it on."""

CALM = "calm"
EVENTS: Mapping[str, tuple[Shock, ...]] = {
    CALM: (),
    "news": (Shock(EVENT_DAY, "price_jump", -0.5),),
    "fire sale": (Shock(EVENT_DAY, "fire_sale", 0.3),),
}
"""What happens on that day, by name."""


@dataclass(frozen=True)
class Variant:
    """One change to the default economy, and for how many days it is run."""

    changes: Mapping[str, Any]
    days: int = YEARS_2


@dataclass(frozen=True)
class Design:
    """Number of runs: pairs with a variant, and of the default economy to see how far prices fan out."""

    pairs: int = 16
    fan: int = 60


def _budget(usd_per_day: float) -> Variant:
    return Variant({"demand.budget_usd_per_day": usd_per_day})


def under(process: str, lever: str) -> str:
    """The name of the variant in which a lever is pulled under a price process."""
    return f"{process}, {lever}"


def _take(share: float) -> Variant:
    """The network takes this share of every payment: the fee multiplier is at its cap of two from the first day on."""
    fees = {
        "treasury_share": 0.05,
        "network_share": 0.5 * (share - 0.05),
        "take_limit": share,
        "multiplier_high": 2.0,
        "step_up": 1.0,
        "congestion_high": 0.0,
        "congestion_low": 0.0,
    }
    return Variant({f"fees.{name}": value for name, value in fees.items()})


_BASE = Parameters()
TAKES = (0.2, 0.4, 0.6, 0.9)
PROCESSES = ("pool", "burn_mint", "quantity")
AS_IT_IS = "as it is"


def _twice(name: str) -> dict[str, Any]:
    value: Any = flatten(_BASE)[name]
    return {name: 2.0 * value}


_EMITTED_TWICE = {"emission.yearly_quiv": [2.0 * quiv for quiv in _BASE.emission.yearly_quiv]}
_ALL_UNLOCKED = {"supply.tge_share": [0.0] + 6 * [1.0]}
LEVERS: Mapping[str, Mapping[str, Any]] = {
    "twice the demand": _twice("demand.budget_usd_per_day"),
    "twice the adoption": _twice("demand.adoption_multiple"),
    "all of the network fee burned": {"fees.burn_share": 1.0},
    "a network fee of 25 %": {"fees.network_share": 0.25},
    "twice the emission": _EMITTED_TWICE,
    "twice the staking share": _twice("emission.staking_share"),
    "all allocations unlocked at genesis": _ALL_UNLOCKED,
    "twice the base rate": _twice("pricing.base_rate_quiv"),
    "twice the providers' cost": _twice("providers.cost_usd_per_token"),
    "twice the return that stakers require": _twice("staking.required_return"),
}
"""Changes whose effect on the price is compared between price processes."""

VARIANTS: Mapping[str, Variant] = {
    DEFAULT: Variant({}, YEARS_3),
    "listed at 0.01": Variant({"market.initial_price_usd": 0.01}, YEARS_3),
    "listed at 1": Variant({"market.initial_price_usd": 1.0}, YEARS_3),
    **{f"budget {usd:g}": _budget(usd) for usd in (0.0, 1.0, 15.0, 240.0)},
    "unlocked": Variant(_ALL_UNLOCKED),
    "emission x2": Variant(_EMITTED_TWICE),
    "staking x2": Variant(_twice("emission.staking_share")),
    **{f"take {share:g}": _take(share) for share in TAKES},
    **{
        under(process, lever): Variant({"market.price_process": process, **changes}, YEAR)
        for process in PROCESSES
        for lever, changes in {AS_IT_IS: {}, **LEVERS}.items()
    },
}
"""The default and its variants by name."""


def frozen(changes: Mapping[str, Any], days: int) -> Economy:
    """The default economy without proposals, with changes, for some days."""
    return load_scenario("whitepaper", {**FROZEN, **changes}, days)


def market_runs(names: Iterable[str], design: Design) -> dict[str, Paths]:
    """Paths of the variants and events of these names: `(days + 1, runs)`, events from the evening before on."""
    wanted = set(names)
    sides = [
        Side(name, frozen(variant.changes, variant.days), design.fan if name == DEFAULT else design.pairs, METRICS)
        for name, variant in VARIANTS.items()
        if name in wanted
    ]
    happened = [name for name in EVENTS if name in wanted]
    return {**run_sides(sides, SEED), **_events(happened, design.pairs)}


def _events(names: Iterable[str], pairs: int) -> dict[str, Paths]:
    """The price around each event; what comes before the day is run once for all."""
    runs = list(range(pairs))
    asked = list(names)
    if not asked:
        return {}
    before = execute([frozen({}, EVENT_DAY)] * pairs, SEED, runs, ())["state"]
    calm = frozen({}, EVENT_DAY + AFTER)
    return {name: {"price_usd": _price(replace(calm, shocks=EVENTS[name]), runs, before)} for name in asked}


def _price(economy: Economy, runs: list[int], start: Mapping[str, Any]) -> NDArray[Any]:
    record = execute([economy] * len(runs), SEED, runs, ("price_usd",), start)["record"]
    return np.asarray(record[:, 0, :])
