"""What the network takes for its holders."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "take_usd",
        "",
        "USD a day",
        "What the network takes for holders and does not pay back, smoothed.",
        start=lambda opening: opening.take_usd,
    ),
]
