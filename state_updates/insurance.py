"""Claims on the insurance fund."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("claims_due_nquiv", "", "nQUIV", "Claims of today.", dtype=int),
    Variable("claims_unpaid_nquiv", "", "nQUIV", "Claims so far that the fund could not pay.", dtype=int),
]
