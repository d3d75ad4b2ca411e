"""The idea of the day, and how it would be voted on."""

from __future__ import annotations

from state_updates.common import assigned

NAMES = (
    "idea_worth",
    "idea_parameter",
    "idea_value",
    "idea_proposer",
    "idea_for_nquiv",
    "idea_against_nquiv",
    "idea_turnout",
    "vote_top10_share",
    "vote_majority",
)

UPDATES = {name: assigned(name) for name in NAMES}
