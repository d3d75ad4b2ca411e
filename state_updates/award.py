"""Work of each provider."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("work_weight", "providers", "QUIV a day", "Value of what each provider served today, at today's prices."),
]
