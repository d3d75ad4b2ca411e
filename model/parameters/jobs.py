"""InferenceMarketplace: length of jobs, expiry, priority, failures, and time of their payment in escrow."""

from __future__ import annotations

from model.registry import Contract, parameter

Sizes = tuple[float, float, float]


class Jobs(Contract):
    tokens_per_job: Sizes = parameter(
        (1366.0, 1366.0, 2075.0),
        unit="tokens",
        low=1.0,
        high=1e9,
        source="Azure LLM inference trace 2023, prompt and output: conversation 1,366 on average, code 2,075 (large)",
        doc="Mean length of a job on a small, medium and large model.",
    )
    expiry_days: int = parameter(
        1,
        unit="days",
        low=1,
        high=30,
        structural=True,
        source="assumption: SPEC has PendingJobs and no expiry; who is not served by tomorrow goes elsewhere",
        doc="Days that a job waits after the day on which it was posted; then it expires and is refunded.",
    )
    priority_share: float = parameter(
        0.1,
        unit="share of jobs",
        low=0.0,
        high=1.0,
        source="assumption",
        doc="Jobs that pay to be served ahead of others on days when jobs wait; 0 switches it off.",
    )
    withdrawal_fee: float = parameter(
        0.0,
        unit="share of an order",
        low=0.0,
        high=1.0,
        source="assumption: no document charges for an order that is withdrawn before it is served",
        doc="Fee for withdrawing an order, of the order's value, paid to the treasury.",
    )
    priority_fee: float = parameter(
        0.1,
        unit="share of a payment",
        low=0.0,
        high=10.0,
        source="assumption: the documents have a priority fee without a size",
        doc="Surcharge of a priority job, paid to those who serve.",
    )
    failure_share: float = parameter(
        0.018,
        unit="share of served jobs",
        low=0.0,
        high=1.0,
        source="BurstGPT's traces: 1.8 %, 1.9 % and 7.3 % of requests fail",
        doc="Chance that a job breaks off before it is complete.",
    )
    partial_delivery: float = parameter(
        0.5,
        unit="share of a job",
        low=0.0,
        high=1.0,
        source="assumption: a job breaks off half-way on average",
        doc="Part of a failed job that was delivered, and is paid.",
    )
    challenge_hours: float = parameter(
        1.0,
        unit="hours",
        low=0.0,
        high=720.0,
        structural=True,
        source="assumption: SPEC (payment escrow) has no length; an hour to check an answer",
        doc="Time after delivery for which a payment stays in escrow.",
    )
    upheld_share: float = parameter(
        0.001,
        unit="share of payments",
        low=0.0,
        high=1.0,
        source="assumption: one in a thousand, as long as nobody is modelled who challenges",
        doc="Part of payments that an upheld challenge returns to the consumer.",
    )
