"""Who gains and who loses: for each group the metrics of the model that speak of it, and which are only a proxy."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from experiments.inputs.kpis import unit_of
from experiments.inputs.plan import Kpi
from model.metrics import METRICS

OWN = "measured"
ALL_HOLDERS = "proxy: all holders, those who delegate too"
NO_GAIN = "proxy: outside capital that comes for the token, which is nobody's gain"
BY_SIZE = "proxy: segments by the size of the model they buy"
BY_TIER = "proxy: stake that providers of the tier have, not what they earn"


@dataclass(frozen=True)
class GroupMetric:
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
GROUP_METRICS = (
    GroupMetric("providers", "wealth_usd_providers", "last"),
    GroupMetric("providers", "provider_income_quiv", "sum"),
    *(
        GroupMetric(f"providers, {tier} tier", f"stake_quiv_{tier}", "last", "up", BY_TIER)
        for tier in ("bronze", "silver", "gold", "platinum")
    ),
    GroupMetric("delegators", "delegator_apr", "mean"),
    GroupMetric("unstaked holders", "wealth_usd_holders", "last", "up", ALL_HOLDERS),
    GroupMetric("unstaked holders", "price_usd", "last", "up", "proxy: the price of what they hold"),
    GroupMetric("unstaked holders", "capital_in_usd", "last", "up", NO_GAIN),
    GroupMetric("speculators", "speculator_wealth_usd", "last"),
    GroupMetric("liquidity providers", "wealth_usd_pool", "last"),
    GroupMetric("consumers", "consumer_satisfaction", "mean"),
    *(
        GroupMetric(f"consumers, {size} models", f"paid_price_quiv_{size}", "mean", "down", BY_SIZE)
        for size in ("small", "medium", "large")
    ),
    GroupMetric("validators", "wealth_usd_validators", "last"),
    GroupMetric("validators", "validator_apr", "mean"),
    GroupMetric("treasury", "treasury_quiv", "last"),
    GroupMetric("treasury", "wealth_usd_treasury", "last"),
)


def group_kpis() -> Iterator[Kpi]:
    """The parts as KPIs of a sweep."""
    for part in GROUP_METRICS:
        metric = METRICS[part.metric]
        unit = unit_of(metric.unit, part.aggregation)
        yield Kpi(part.name, metric.label, metric.name, part.aggregation, unit, part.direction, metric.doc)
