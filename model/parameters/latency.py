"""Latency of an inference: service time, and the wait for a free server."""

from __future__ import annotations

from model.registry import Contract, parameter

Sizes = tuple[float, float, float]


class Latency(Contract):
    service_s: Sizes = parameter(
        (2.0, 5.0, 15.0),
        unit="seconds",
        low=0.001,
        high=3600.0,
        source="assumption: 200 output tokens at 100, 40 and 13 a second",
        doc="Mean time of service of a job on a small, medium and large model.",
    )
    slots: float = parameter(
        1.0,
        unit="jobs at once per provider",
        low=0.01,
        high=10_000.0,
        source="assumption",
        doc="Jobs that a provider serves at the same time.",
    )
    arrival_cv: float = parameter(
        1.09,
        unit="coefficient of variation",
        low=0.0,
        high=50.0,
        source="Azure LLM inference trace 2023, conversation: 1.09 (code: 13)",
        doc="Burstiness of the times between arrivals; 1 is a Poisson process.",
    )
    first_token_s: float = parameter(
        0.5,
        unit="seconds",
        low=0.0,
        high=3600.0,
        source="assumption: hosted models answer within a second",
        doc="Mean time from the start of service to the first token.",
    )
    service_cv: Sizes = parameter(
        (0.77, 0.77, 2.15),
        unit="coefficient of variation",
        low=0.0,
        high=50.0,
        source="Azure LLM inference trace 2023: output lengths of conversation 0.77, of code 2.15 (large)",
        doc="Spread of service times on a small, medium and large model; 1 is exponential.",
    )
    patience_s: float = parameter(
        60.0,
        unit="seconds",
        low=0.0,
        high=86_400.0,
        source="assumption: after a minute a user gives up",
        doc="Longest wait: a job that would wait longer counts as one that waited this long.",
    )
