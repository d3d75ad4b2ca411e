"""The base rate of inference in QUIV."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "base_price_quiv",
        "sizes",
        "QUIV per token",
        "Base rate of inference today, by model size.",
        start=lambda opening: opening.base_price_quiv,
    ),
]
