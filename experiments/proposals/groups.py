"""Who gains and who loses: for each group the metrics of the model that speak of it, and which are only a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from experiments.inputs.kpis import unit_of
from experiments.inputs.plan import Kpi
from model.metrics import METRICS

OWN = "measured"
ALL_HOLDERS = "proxy: all holders, those who delegate too"
BY_SIZE = "proxy: segments by the size of the model they buy"
BY_TIER = "proxy: stake that providers of the tier have, not what they earn"


@dataclass(frozen=True)
class Part:
    """A group's metric and how its days become a figure; `direction` is what the group would rather have."""

    group: str
    metric: str
    aggregation: str
    direction: str = "up"
    reading: str = OWN

    @property
    def name(self) -> str:
        """The name of the part's figure among the KPIs."""
        return f"{PREFIX}{self.metric}"


PREFIX = "group_"
PARTS = (
    Part("providers", "wealth_usd_providers", "last"),
    Part("providers", "provider_income_quiv", "sum"),
    *(
        Part(f"providers, {tier} tier", f"stake_quiv_{tier}", "last", "up", BY_TIER)
        for tier in ("bronze", "silver", "gold", "platinum")
    ),
    Part("delegators", "delegator_apr", "mean"),
    Part("unstaked holders", "wealth_usd_holders", "last", "up", ALL_HOLDERS),
    Part("unstaked holders", "price_usd", "last", "up", "proxy: the price of what they hold"),
    Part("consumers", "consumer_satisfaction", "mean"),
    *(
        Part(f"consumers, {size} models", f"paid_price_quiv_{size}", "mean", "down", BY_SIZE)
        for size in ("small", "medium", "large")
    ),
    Part("validators", "wealth_usd_validators", "last"),
    Part("validators", "validator_apr", "mean"),
    Part("treasury", "treasury_quiv", "last"),
    Part("treasury", "wealth_usd_treasury", "last"),
)


def group_kpis() -> Iterator[Kpi]:
    """The parts as KPIs of a sweep."""
    for part in PARTS:
        metric = METRICS[part.metric]
        unit = unit_of(metric.unit, part.aggregation)
        yield Kpi(part.name, metric.label, metric.name, part.aggregation, unit, part.direction, metric.doc)
