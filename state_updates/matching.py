"""Prices of the day's orders, and the capacity that serves at them."""

from __future__ import annotations

from model.arrays import Array
from model.variable import Opening, Variable


def _ordered_at(opening: Opening) -> Array:
    """The quote, less the discount of contracts where they are the format, QUIV per token by model size."""
    contracts = opening.economy.parameters.matching.format == "contract"
    return opening.quote_quiv * (1.0 - opening.params["matching.contract_discount"][..., None] * contracts)


VARIABLES = [
    Variable(
        "order_price_quiv",
        "sizes",
        "QUIV per token",
        "Price at which consumers order, by model size.",
        start=_ordered_at,
    ),
    Variable("paid_price_quiv", "sizes", "QUIV per token", "Price that today's orders pay, by model size."),
    Variable(
        "admitted_tokens", "sizes", "small-model tokens a day", "Capacity that serves at today's prices, by model size."
    ),
]
