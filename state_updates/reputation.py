"""Reputation of providers: success, activity, penalty."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "provider_success",
        "providers",
        "ratio",
        "Success of each provider's jobs as it is remembered, from 0 to 1.",
        start=1.0,
    ),
    Variable(
        "provider_activity",
        "providers",
        "ratio",
        "Share of days that each provider was online and up as it is remembered, from 0 to 1.",
        start=1.0,
    ),
    Variable(
        "provider_penalty",
        "providers",
        "ratio",
        "Penalty of each provider for slashes as they are remembered, from 0 to 1.",
    ),
]
