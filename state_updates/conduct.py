"""Conduct of providers: smaller models, garbage, absence."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "provider_degraded",
        "providers",
        "ratio",
        "Whether each provider serves a smaller model, a share in a run without noise.",
    ),
    Variable(
        "provider_garbage",
        "providers",
        "ratio",
        "Whether each provider serves garbage, a share in a run without noise.",
    ),
    Variable(
        "provider_absent",
        "providers",
        "ratio",
        "Whether each provider is off to save its cost, a share in a run without noise.",
    ),
]
