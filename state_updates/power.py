"""Voting power, and how long stakes have stood."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "voter_power_nquiv",
        "voters",
        "nQUIV of power",
        "Votes of each holder, provider and consumer today.",
        dtype=int,
    ),
    Variable("voter_tokens_nquiv", "voters", "nQUIV", "Tokens behind them.", dtype=int),
    Variable(
        "holder_stake_days", "holders", "days", "Days for which each holder has delegated without a break.", dtype=int
    ),
    Variable(
        "provider_stake_days",
        "providers",
        "days",
        "Days for which each provider has had stake without a break.",
        dtype=int,
    ),
]
