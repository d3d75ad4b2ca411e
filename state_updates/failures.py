"""Deliveries: jobs completed or broken off, and the payment due for them."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "delivered_weight",
        "providers",
        "QUIV a day",
        "Value of what each provider delivered today, by which it is paid.",
    ),
    Variable(
        "delivered_nquiv",
        "consumers",
        "nQUIV a day",
        "Payment of what was delivered today, still in escrow.",
        dtype=int,
    ),
    Variable("failed_jobs", "sizes", "jobs", "Jobs served today that broke off, by model size.", dtype=int),
    Variable("completed_jobs", "sizes", "jobs", "Jobs completed today, by model size.", dtype=int),
    Variable(
        "stream_due_nquiv", "consumers", "nQUIV a day", "Payment by channel for what was delivered today.", dtype=int
    ),
]
