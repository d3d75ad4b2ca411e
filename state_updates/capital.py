"""Capital beside the token."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "investor_inflow_usd", "investors", "USD", "Capital that came today for each class; what left is negative."
    ),
    Variable("speculator_inflow_usd", "speculators", "USD", "The same for each group of speculators."),
    Variable("capital_in_usd", "", "USD", "Outside capital that has come for the token so far, less what has left."),
]
