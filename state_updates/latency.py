"""Waiting time and latency."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("wait_s", "", "seconds", "Mean wait for a free server."),
    Variable("latency_s", "sizes", "seconds", "Mean time from request to answer, by model size."),
]
