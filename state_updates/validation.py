"""Canaries, and validators' activity, attention and accuracy."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("validation_tasks", "", "tasks", "Canaries among today's jobs.", dtype=int),
    Variable("canary_failed", "providers", "0 or 1", "Whether each provider failed a canary today.", dtype=int),
    Variable(
        "validator_active",
        "validators",
        "ratio",
        "Whether each validator is active.",
        start=lambda opening: opening.params["genesis.judging"][..., None],
    ),
    Variable(
        "validator_lazy",
        "validators",
        "ratio",
        "Whether each validator votes without looking, a share in a run without noise.",
    ),
    Variable(
        "validator_caught",
        "validators",
        "0 or 1",
        "Whether each validator was found today to vote without looking.",
        dtype=int,
    ),
    Variable(
        "validator_accuracy",
        "validators",
        "ratio",
        "AccuracyScore: right votes of each validator as they are remembered, from 0 to 1.",
        start=1.0,
    ),
    Variable("validator_tasks", "validators", "tasks a day", "Tasks of each validator today, on average."),
    Variable("harm_share", "", "share of work", "Part of the value of today's work that consumers lose by cheating."),
]
