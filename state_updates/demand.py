"""Demand: consumers' budgets, spending and orders."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("demand_level", "", "log", "Level of all demand over the adoption curve: a walk."),
    Variable("budget_usd", "consumers", "USD a day", "What each consumer would spend today at the reference price."),
    Variable("spending_usd", "consumers", "USD a day", "What each consumer wants to spend today at today's price."),
    Variable("demand_tokens", "sizes", "tokens a day", "Tokens demanded today, by model size."),
    Variable(
        "ordered_tokens", "sizes consumers", "tokens a day", "Tokens that each consumer wants today, by model size."
    ),
]
