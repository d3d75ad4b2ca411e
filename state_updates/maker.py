"""The market maker's quotes and the variance that it goes by."""

from __future__ import annotations

from model.variable import Variable
from state_updates.common import first_price

VARIABLES = [
    Variable("maker_ask_usd", "", "USD per QUIV", "What the market maker asks."),
    Variable("maker_bid_usd", "", "USD per QUIV", "What the market maker bids."),
    Variable("maker_variance", "", "% squared a day", "Variance of returns that the market maker goes by."),
    Variable(
        "maker_last_price_usd", "", "USD per QUIV", "Price that the market maker saw yesterday.", start=first_price
    ),
]
