"""The token's price."""

from __future__ import annotations

from model.variable import Variable
from state_updates.common import first_price

VARIABLES = [
    Variable("price_usd", "", "USD per QUIV", "Price of the token.", start=first_price),
]
