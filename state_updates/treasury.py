"""Payments to contributors, and the milestone of the quarter."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "milestone_met", "", "0 or 1", "Whether grantees have reached the milestone of the quarter.", start=1, dtype=int
    ),
    Variable(
        "contributors_nquiv", "", "nQUIV a day", "Paid today to contributors by grants and operations.", dtype=int
    ),
]
