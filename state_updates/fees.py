"""The fee multiplier, and its value at the quarter's start."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("fee_multiplier", "", "ratio", "Factor on the network share.", start=1.0),
    Variable("quarter_multiplier", "", "ratio", "Fee multiplier at the quarter's start.", start=1.0),
]
