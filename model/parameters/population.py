"""Population: number of agents by class, and their genesis distribution."""

from __future__ import annotations

from model.registry import Contract, parameter


class Population(Contract):
    providers: int = parameter(
        200, unit="agents", low=1, high=100_000, structural=True, source="assumption", doc="Inference providers."
    )
    consumers: int = parameter(
        100, unit="agents", low=1, high=100_000, structural=True, source="assumption", doc="Consumers of inference."
    )
    validators: int = parameter(
        30, unit="agents", low=1, high=100_000, structural=True, source="assumption", doc="Quality validators."
    )
    holders: int = parameter(
        300,
        unit="agents",
        low=4,
        high=100_000,
        structural=True,
        source="assumption",
        doc="Token holders: team, investors, buyers of the public sale, ecosystem grantees.",
    )
    provider_genesis_share: float = parameter(
        0.40,
        unit="share of the public sale's first part",
        low=0.0,
        high=1.0,
        source="assumption: providers buy what they stake",
        doc="Genesis tokens of the public sale that providers hold.",
    )
    consumer_genesis_share: float = parameter(
        0.05,
        unit="share of the public sale's first part",
        low=0.0,
        high=1.0,
        source="assumption: about three weeks of spending",
        doc="Genesis tokens of the public sale that consumers hold; holders have the rest.",
    )
    validator_genesis_share: float = parameter(
        0.02,
        unit="share of the public sale's first part",
        low=0.0,
        high=1.0,
        source="assumption: validators buy what they stake, 17,000 QUIV each",
        doc="Genesis tokens of the public sale that validators hold, in equal parts.",
    )
    holder_tail: float = parameter(
        0.65,
        unit="Pareto index",
        low=0.3,
        high=50.0,
        source="fitted: Gini coefficients of LPT, CRV and the large ERC-20 tokens are 0.8 to 0.98",
        doc="Tail index of balances within a class of holders.",
    )
    provider_tail: float = parameter(
        2.5,
        unit="Pareto index",
        low=1.01,
        high=50.0,
        source="assumption: more even than holders, so that nearly all providers can afford the lowest tier",
        doc="Tail index of providers' genesis balances.",
    )
