"""The quote for inference, and the demand index behind it."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "inference_price_quiv",
        "sizes",
        "QUIV per token",
        "Price of inference, by model size.",
        start=lambda opening: opening.quote_quiv,
    ),
    Variable("demand_index", "", "ratio", "Smoothed demand over the demand at target utilisation.", start=1.0),
]
