"""Consumer satisfaction: weights, memory, tolerance and churn."""

from __future__ import annotations

from pydantic import model_validator

from model.registry import Contract, parameter

Parts = tuple[float, float, float]


class Satisfaction(Contract):
    weights: Parts = parameter(
        (0.3, 0.2, 0.5),
        unit="share of satisfaction",
        low=0.0,
        high=1.0,
        source="assumption: an answer matters more than its price, its price more than its speed",
        doc="Weights of price, latency and completed jobs; scaled to sum to 1.",
    )
    latency_bar_s: float = parameter(
        1.0,
        unit="seconds",
        low=0.001,
        high=3600.0,
        source="assumption: the documents' bars are 100 ms, 300 ms, 2 s and 5 s; read as time to the first token",
        doc="Longest wait that still satisfies fully.",
    )
    memory_days: float = parameter(
        14.0,
        unit="days",
        low=1.0,
        high=365.0,
        source="assumption: two weeks of experience",
        doc="Time constant of satisfaction.",
    )
    tolerance: float = parameter(
        0.6,
        unit="ratio",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Mean satisfaction below which a consumer turns away.",
    )
    tolerance_sigma: float = parameter(
        0.2,
        unit="log standard deviation",
        low=0.0,
        high=2.0,
        source="assumption",
        doc="Spread of tolerance between consumers (log-normal, at most 1).",
    )
    churn_speed: float = parameter(
        0.05,
        unit="1 / day per unit of satisfaction",
        low=0.0,
        high=1.0,
        source="assumption: at 0.2 below tolerance a hundredth leaves a day",
        doc="Churn rate of dissatisfied consumers.",
    )
    return_speed: float = parameter(
        0.02,
        unit="1 / day per unit of satisfaction",
        low=0.0,
        high=1.0,
        source="assumption: trust comes back more slowly than it goes",
        doc="Return rate of consumers who left, once they would be satisfied.",
    )

    @model_validator(mode="after")
    def _some_weight(self) -> Satisfaction:
        if sum(self.weights) <= 0.0:
            raise ValueError("satisfaction.weights is zero throughout; at least one must be above 0")
        return self
