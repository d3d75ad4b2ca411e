"""ValidatorNetwork: sampling rate of jobs, panels, error rates, cost of a task, and slash."""

from __future__ import annotations

from model.registry import Contract, parameter


class Validation(Contract):
    canary_share: float = parameter(
        0.05,
        unit="share of jobs",
        low=0.0,
        high=1.0,
        source="CODE: 5 % canaries, 2 to 8 per 100 accepted",
        doc="Chance that a job is a canary, whose answer a panel of validators judges.",
        governed="technical",
        target="ValidatorNetwork.canaryRate",
    )
    panel: int = parameter(
        3,
        unit="validators",
        low=1,
        high=25,
        structural=True,
        source="assumption: no document has a number",
        doc="Validators who judge a canary or a challenge; a majority of votes decides, a tie is for the provider.",
    )
    minimum_quiv: float = parameter(
        10_000.0,
        unit="QUIV",
        low=0.0,
        high=1e9,
        source="assumption: the lowest tier of providers",
        doc="Minimum stake of an active validator.",
        governed="technical",
        target="ValidatorNetwork.minStake",
    )
    error: float = parameter(
        0.001,
        unit="chance a vote",
        low=0.0,
        high=0.5,
        source="assumption: a tolerance for floating point and sampling that is wrong once in a thousand",
        doc="Error rate of an honest validator's verdict, either way.",
    )
    degraded_seen: float = parameter(
        0.5,
        unit="chance a canary",
        low=0.0,
        high=1.0,
        source="assumption: a smaller model often gives the same answer",
        doc="Chance that a canary detects a smaller model; garbage is always detected.",
    )
    absence: float = parameter(
        0.02,
        unit="chance a vote",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Chance that a validator on a panel does not vote in time.",
    )
    task_cost_usd: float = parameter(
        0.005,
        unit="USD a task",
        low=0.0,
        high=1e6,
        source="assumption: comparing an answer with a known one, not running the model again",
        doc="Cost to a validator of honest work on a task.",
    )
    cost_sigma: float = parameter(
        0.5,
        unit="log standard deviation",
        low=0.0,
        high=4.0,
        source="assumption",
        doc="Spread of that cost between validators (log-normal).",
    )
    check_share: float = parameter(
        0.01,
        unit="share of tasks",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Tasks whose right verdict, guilty, is known, so that inattentive validators are found out.",
    )
    exposure: float = parameter(
        0.5,
        unit="chance a false vote",
        low=0.0,
        high=1.0,
        source="assumption: an appeal, or a look afterwards, shows half of the votes that were sold",
        doc="Chance that a vote sold in a challenge is detected.",
    )
    slash_share: float = parameter(
        0.05,
        unit="share of stake",
        low=0.0,
        high=0.9,
        source="assumption: WHITEPAPER's lower end of major faults",
        doc="Slash of an inattentive or bribed validator who is found out.",
        governed="technical",
        target="ValidatorNetwork.slashShare",
    )
    accuracy_bar: float = parameter(
        0.8,
        unit="share of votes",
        low=0.0,
        high=1.0,
        source="assumption: SPEC (Validator.AccuracyScore) has the score and not its use",
        doc="Minimum accuracy: below it a validator is not active until the memory of it has faded.",
    )
    memory_days: float = parameter(
        30.0,
        unit="days",
        low=1.0,
        high=3650.0,
        source="assumption",
        doc="Time constant of the accuracy score.",
    )
    revision_per_day: float = parameter(
        0.1,
        unit="chance a day",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Chance that a validator reconsiders on a day whether to be attentive.",
    )
