"""The price oracle: feeds, its price, its circuit breaker."""

from __future__ import annotations

from model.variable import Variable
from state_updates.common import first_price

VARIABLES = [
    Variable(
        "feed_price_usd",
        "feeds",
        "USD per QUIV",
        "Each feed's last report.",
        start=lambda opening: opening.price_usd[..., None],
    ),
    Variable("feed_age_days", "feeds", "days", "Days since each feed reported anew.", dtype=int),
    Variable("oracle_price_usd", "", "USD per QUIV", "Price that consumers and contracts go by.", start=first_price),
    Variable(
        "oracle_held_days",
        "",
        "days",
        "Days for which a tripped circuit breaker still holds the last price.",
        dtype=int,
    ),
    Variable("oracle_trips", "", "trips", "Times that the circuit breaker has tripped.", dtype=int),
    Variable("oracle_last_update", "", "days", "Day on which the oracle's price was last renewed.", dtype=int),
]
