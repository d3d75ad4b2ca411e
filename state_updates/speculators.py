"""Speculators' orders and beliefs."""

from __future__ import annotations

from model.variable import Variable
from state_updates.common import first_price

VARIABLES = [
    Variable(
        "speculator_order_nquiv",
        "speculators",
        "nQUIV",
        "What each group of speculators orders today; sales are negative.",
        dtype=int,
    ),
    Variable(
        "fundamentalist_share",
        "speculators",
        "ratio",
        "Part of each group of speculators that goes by value.",
        start=0.5,
    ),
    Variable("speculator_trend", "speculators", "log return a day", "Trend that each group of speculators sees."),
    Variable(
        "speculator_last_price_usd", "", "USD per QUIV", "Price that speculators saw yesterday.", start=first_price
    ),
]
