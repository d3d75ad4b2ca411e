"""What the shipped attacks cost and bring before and after a change: those that the changed parameters can touch.

Which contracts an attack's profit goes through is declared here, for each kind. An attack is measured in its own
scenario, with the governed parameters of the proposal at today's values and at the new ones, on the same runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pandas as pd

from experiments.errors import RequestError
from experiments.inputs.scenario import load_scenario, override
from experiments.proposals.proposal_file import Proposal
from experiments.validation.attack_value import FRONTIERS, AttackOutcome, compare_attacks
from model.economy import Economy

NONE, TOUCHED, ALL = CHOICES = ("none", "touched", "all")
RUNS = 4
"""Pairs of runs of each attack and setting."""

VOTES = ("governance", "treasury", "delegation")
CHEATING = ("validation", "challenges", "slashing", "staking", "pricing")
CONTRACTS: Mapping[str, tuple[str, ...]] = {
    "wash_trading": ("fees", "emission", "rebates", "staking"),
    "wash_rebates": ("fees", "rebates", "emission"),
    "congestion_toggle": ("fees", "pricing"),
    "channel_griefing": ("channels", "fees"),
    "oracle_push": ("oracle", "pricing"),
    "challenge_griefing": ("challenges",),
    "sybil_tiers": ("slashing", "staking", "emission"),
    "reputation_farming": CHEATING,
    "slash_evasion": CHEATING,
    "validator_cartel": CHEATING,
    "lazy_validators": ("validation", "fees", "staking"),
    "vote_buying": VOTES,
    "vote_borrowing": VOTES,
    "delegate_bribery": VOTES,
    "proposal_spam": VOTES,
}
"""By shipped attack, without its prefix: the contracts whose parameters can move its cost or profit."""

PREFIX = "attack_"
AMOUNTS = ("capital", "profit", "loss")


def attacks_to_measure(proposal: Proposal, which: str) -> tuple[str, ...]:
    """The shipped attacks to measure: none, all, or those that the changes can touch."""
    if which == NONE:
        return ()
    moved = {name.split(".")[0] for name in proposal.changes}
    return tuple(name for name in FRONTIERS if which == ALL or moved & set(CONTRACTS[name.removeprefix(PREFIX)]))


def measure_attacks(proposal: Proposal, names: Sequence[str]) -> pd.DataFrame:
    """One row an attack and setting, today and proposed: capital, profit and victims' loss in USD, with intervals.

    An attack whose scenario cannot have a setting has a row without figures.
    """
    return pd.DataFrame([row for name in names for row in _rows(proposal, name)], columns=list(COLUMNS))


COLUMNS = ("attack", "setting", *(f"{a}_usd{end}" for a in AMOUNTS for end in ("", "_low", "_high")))


def _rows(proposal: Proposal, name: str) -> Iterator[dict[str, Any]]:
    today = {key: proposal.today[key] for key in proposal.changes}
    economies: dict[str, Economy] = {}
    for setting, point in (("today", today), ("proposed", dict(proposal.changes))):
        with suppress(RequestError):
            economies[setting] = override(load_scenario(name), point, f"{name}, {setting}")
    found = dict(zip(economies, compare_attacks(list(economies.values()), RUNS, proposal.seed), strict=True))
    for setting in ("today", "proposed"):
        yield {"attack": name, "setting": setting} | (_figures(found[setting]) if setting in found else {})


def _figures(outcome: AttackOutcome) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for amount in AMOUNTS:
        found = getattr(outcome, amount)
        ends = {f"{amount}_usd": found.mean, f"{amount}_usd_low": found.low, f"{amount}_usd_high": found.high}
        figures |= ends
    return figures
