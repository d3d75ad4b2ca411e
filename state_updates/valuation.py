"""The token's value and the news about it."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("news", "", "log", "News about the value that is in no receipt yet: a walk."),
    Variable("news_volatility", "", "log", "How much news there is these weeks, over the usual."),
    Variable(
        "value_usd",
        "",
        "USD per QUIV",
        "Value of the token by what the network takes, and by news.",
        start=lambda opening: opening.value_usd,
    ),
]
