"""Providers online, and the income of capacity."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "provider_online",
        "providers",
        "ratio",
        "Whether each provider is online: 0 or 1, a share in a run without noise.",
        start=lambda opening: opening.online,
    ),
    Variable(
        "capacity_income_usd", "", "USD a day per small-model token a day", "What capacity earns by work, smoothed."
    ),
]
