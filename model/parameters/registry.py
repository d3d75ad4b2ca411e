"""ProviderRegistry: grace period below the lowest tier, and the tier that large models need."""

from __future__ import annotations

from model.registry import Contract, parameter


class Registry(Contract):
    grace_days: int = parameter(
        7,
        unit="days",
        low=0,
        high=365,
        source="assumption: any slash takes a Bronze stake below its tier",
        doc="Days for which a provider below the lowest tier stays active; then it is evicted until it tops up.",
    )
    large_model_tier: int = parameter(
        1,
        unit="tier",
        low=0,
        high=4,
        source="assumption: SPEC (test tier benefits) and WHITEPAPER name access to large models without a tier",
        doc="Lowest tier whose providers may serve large models: 1 is bronze, 4 platinum; 0 and 1 open them to all.",
    )
