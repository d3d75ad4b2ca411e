"""Cases against providers."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "case_status",
    "case_day",
    "case_cause",
    "case_bad",
    "case_severe",
    "case_guilty",
    "case_share",
    "case_loss_quiv",
    "case_challenger",
    "case_bond_nquiv",
    "case_appeal_nquiv",
    "verdict_share",
    "cases_opened",
    "cases_closed",
    "votes_sold",
    "provider_strikes",
    "provider_disputed",
    "disputed_share",
)

UPDATES = {name: assigned(name) for name in NAMES}
