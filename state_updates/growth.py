"""Network growth: tokens served in two windows, and the multiplier on emission."""

from __future__ import annotations

from model.variable import Variable

VARIABLES = [
    Variable(
        "growth_ring_tokens",
        "growth_days sizes",
        "whole tokens",
        "Tokens served on each of the last days of two windows.",
        dtype=int,
        entry="growth_entry",
    ),
    Variable("growth_recent_tokens", "sizes", "whole tokens", "Tokens served in the recent window.", dtype=int),
    Variable("growth_previous_tokens", "sizes", "whole tokens", "Tokens served in the window before it.", dtype=int),
    Variable("growth_smoothed", "", "ratio", "Exponential average of network growth.", start=1.0),
    Variable("growth_multiplier", "", "ratio", "Factor on the scheduled emission.", start=1.0),
]
