"""Slashes so far, bans, and the rate of slashing as it is remembered."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "provider_slashed_nquiv",
        "providers",
        "nQUIV",
        "Slashed so far of each provider and of those who delegate to it.",
        dtype=int,
    ),
    Variable(
        "provider_slashes", "providers", "slashes", "SlashingHistory: slashes of each provider so far.", dtype=int
    ),
    Variable(
        "provider_last_slash", "providers", "days", "LastSlash: day of each provider's last slash.", start=-1, dtype=int
    ),
    Variable("provider_banned", "providers", "0 or 1", "Whether each provider is banned.", dtype=int),
    Variable(
        "slashed_by_cause_nquiv",
        "slash_causes",
        "nQUIV",
        "Slashed so far for downtime, smaller models, garbage, and of validators.",
        dtype=int,
    ),
    Variable("slash_rate", "", "1 / year", "Part of stake that is slashed in a year, as it is remembered."),
]
