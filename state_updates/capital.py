"""Capital beside the token."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("capital_in_usd", "", "USD", "Outside capital that has come for the token so far, less what has left."),
]
