"""Reputation in the ProviderRegistry: weights of the score, memory, and its influence on matching."""

from __future__ import annotations

from pydantic import model_validator

from model.registry import Contract, parameter

Parts = tuple[float, float, float]


class Reputation(Contract):
    weights: Parts = parameter(
        (0.7, 0.2, 0.1),
        unit="share of the score",
        low=0.0,
        high=1.0,
        source="CODE: 0.7 success + 0.2 (1 - penalty) + at most 0.1 activity",
        doc="Weights of success, absence of penalties and activity; scaled to sum to 1.",
    )
    memory_days: float = parameter(
        90.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption: a quarter",
        doc="Time constant of success, activity, penalty and strikes.",
    )
    penalty_step: float = parameter(
        0.5,
        unit="share of the penalty",
        low=0.0,
        high=1.0,
        source="assumption: CODE has a penalty from 0 to 1 and no size of a fault's",
        doc="What a slash adds to the penalty, of what is left of it; it fades with the memory.",
    )
    influence: float = parameter(
        0.5,
        unit="ratio",
        low=0.0,
        high=1.0,
        source="assumption: SPEC (StakeInfo.ReputationScore) has the score and not its use",
        doc="Priority that the worst reputation costs: 0 none of it, 1 all.",
    )

    @model_validator(mode="after")
    def _some_weight(self) -> Reputation:
        if sum(self.weights) <= 0.0:
            raise ValueError("reputation.weights is zero throughout; at least one must be above 0")
        return self
