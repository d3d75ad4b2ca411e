"""Incomes of the day from receipts and work rewards."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "provider_income_nquiv",
        "providers",
        "nQUIV a day",
        "Earned today by work: receipts and work rewards, those for jobs that nobody asked for left out.",
        dtype=int,
    ),
    Variable(
        "validator_income_nquiv", "validators", "nQUIV a day", "Earned today by validators from receipts.", dtype=int
    ),
    Variable("wash_nquiv", "consumers", "nQUIV a day", "Paid today for jobs that nobody asked for.", dtype=int),
    Variable("wash_weight", "providers", "QUIV a day", "Value of what each provider was paid for today without work."),
    Variable("payments_usd", "", "USD a day", "Value of today's payments."),
]
