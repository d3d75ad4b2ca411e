"""Share of demand that the outside option takes."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("outside_share", "", "share of demand", "Part of demand that the outside option takes today."),
]
