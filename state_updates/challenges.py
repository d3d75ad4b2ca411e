"""Challenges: the case against each provider, verdicts, counts of cases."""

from __future__ import annotations

from model.variable import Variable
from state_updates.common import constant

VARIABLES = [
    Variable(
        "case_status",
        "providers",
        "code",
        "ChallengeStatus of the case against each provider: 0 none, 1 voting, 2 ruled, 3 appealed.",
        dtype=int,
    ),
    Variable("case_day", "providers", "days", "Day on which each case came to its status.", dtype=int),
    Variable(
        "case_cause",
        "providers",
        "code",
        "Who opened the latest case: 0 a canary, 1 a consumer, 2 a watcher, 3 somebody without reason.",
        dtype=int,
    ),
    Variable("case_bad", "providers", "0 or 1", "Whether the provider of the latest case did cheat.", dtype=int),
    Variable("case_severe", "providers", "0 or 1", "Whether the fault of the latest case is severe.", dtype=int),
    Variable("case_guilty", "providers", "0 or 1", "Ruling of the first panel in the latest case.", dtype=int),
    Variable(
        "case_share", "providers", "share of stake", "Slash at stake in the latest case, before the cap of the tier."
    ),
    Variable("case_loss_quiv", "providers", "QUIV", "What consumers lost on the day of the fault of the latest case."),
    Variable(
        "case_challenger",
        "providers",
        "agent number",
        "Challenger of the latest case: a consumer or a holder by number.",
        dtype=int,
    ),
    Variable("case_bond_nquiv", "providers", "nQUIV", "Challenger's bond in each open case.", dtype=int),
    Variable("case_appeal_nquiv", "providers", "nQUIV", "Appellant's bond in each open case.", dtype=int),
    Variable(
        "verdict_share",
        "providers",
        "share of stake",
        "Slash of each guilty verdict of today, before the cap of the tier.",
    ),
    Variable("cases_opened", "causes", "cases", "Cases opened so far, by who opened them.", dtype=int),
    Variable(
        "cases_closed",
        "outcomes",
        "cases",
        "Cases closed so far: upheld, rejected, lapsed; and rulings that were overturned.",
        dtype=int,
    ),
    Variable("votes_sold", "validators", "votes a day", "Votes that each validator sold today, on average."),
    Variable(
        "provider_strikes",
        "providers",
        "failed canary days",
        "Days with a failed canary since the last case, as they are remembered.",
    ),
    Variable(
        "provider_disputed",
        "providers",
        "share of work",
        "Part of each provider's work of today that consumers dispute.",
    ),
    Variable(
        "disputed_share",
        "",
        "share of payments",
        "Part of payments that comes back out of escrow.",
        start=constant("genesis.escrow_disputed"),
    ),
]
