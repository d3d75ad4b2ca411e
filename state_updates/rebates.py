"""Rebates promised, and the volumes and days online that they go by."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("rebates_owed_quiv", "", "QUIV a day", "Rebates that are promised for today, paid or not."),
    Variable(
        "consumer_month_usd", "consumers", "USD a month", "Each consumer's payments of a month, smoothed over a month."
    ),
    Variable("provider_days_online", "providers", "days online", "Days for which each provider has been online."),
]
