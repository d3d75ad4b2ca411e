"""The draft proposal of the day, and how it would be voted on."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("idea_worth", "", "0 or 1", "Whether somebody proposes the idea of the day.", dtype=int),
    Variable(
        "idea_parameter",
        "",
        "parameter number",
        "Governed parameter that the idea of the day changes, by number.",
        dtype=int,
    ),
    Variable("idea_value", "", "the parameter's unit", "Value that the idea of the day asks for."),
    Variable("idea_proposer", "", "voter number", "Voter who would propose the idea of the day, by number.", dtype=int),
    Variable("idea_for_nquiv", "", "nQUIV of votes", "Votes for the idea of the day at today's balances.", dtype=int),
    Variable(
        "idea_against_nquiv", "", "nQUIV of votes", "Votes against the idea of the day at today's balances.", dtype=int
    ),
    Variable(
        "idea_voted_nquiv",
        "",
        "nQUIV",
        "Tokens that would vote on the idea of the day.",
        dtype=int,
    ),
    Variable(
        "vote_top10_share",
        "",
        "share of votes",
        "Part of the votes on the latest proposal that the ten largest voters cast.",
    ),
    Variable("vote_majority", "", "voters", "Voters who together have over half of the votes on the latest proposal."),
]
