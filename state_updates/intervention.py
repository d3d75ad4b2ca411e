"""The treasury's order to steady the price, and the average that it compares with."""

from __future__ import annotations

from model.variable import Variable
from state_updates.common import first_price

VARIABLES = [
    Variable(
        "treasury_order_nquiv",
        "",
        "nQUIV",
        "What the treasury orders today to steady the price; sales are negative.",
        dtype=int,
    ),
    Variable(
        "treasury_reference_usd",
        "",
        "USD per QUIV",
        "Average price that the treasury compares with.",
        start=first_price,
    ),
]
