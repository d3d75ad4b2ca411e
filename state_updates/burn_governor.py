"""The burn governor: its factor on the burn share, and supply at the quarter's start."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable("burn_factor", "", "ratio", "Factor of the burn governor on the burn share.", start=1.0),
    Variable("quarter_supply_quiv", "", "QUIV", "Supply at the quarter's start, where the burn governor is on."),
]
