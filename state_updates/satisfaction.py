"""Satisfaction of consumers, and how much of their demand is with the network."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("satisfaction", "consumers", "ratio", "Satisfaction of each consumer, from 0 to 1.", start=1.0),
    Variable(
        "consumer_active",
        "consumers",
        "ratio",
        "Share of each consumer's demand that is with the network, from 0 to 1.",
        start=1.0,
    ),
]
