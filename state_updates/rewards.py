"""Yields of the staking classes, and what promised rewards lack."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("direct_apr", "", "1 / year", "Yield of providers' own stake, from today's reward."),
    Variable("delegator_apr", "", "1 / year", "Yield of delegated stake, from today's reward."),
    Variable("validator_apr", "", "1 / year", "Yield of validators' stake, from today's reward."),
    Variable(
        "reward_shortfall_quiv", "", "QUIV a day", "Promised staking rewards of today that the pool could not pay."
    ),
]
