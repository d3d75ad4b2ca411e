"""Standing of providers: tier, grace, since when."""

from __future__ import annotations

import numpy as np

from model.arrays import Array, to_nquiv
from model.formulas import staking
from model.variable import Opening, Variable


def standing(opening: Opening) -> Array:
    """Whether each provider's stake reaches a tier, `(*batch, providers)`."""
    minimums = to_nquiv(opening.params["staking.tier_minimum_quiv"])
    return staking.tier(opening.balances["provider_stake_nquiv"], minimums) > 0


def _past_grace(opening: Opening) -> Array:
    """Zero with a tier, beyond grace without."""
    return np.where(standing(opening), 0, opening.params["registry.grace_days"][..., None] + 1)


VARIABLES = [
    Variable("provider_standing", "providers", "ratio", "Whether each provider is in good standing.", start=standing),
    Variable(
        "provider_below_days",
        "providers",
        "days",
        "Days for which each provider's stake has been below the lowest tier.",
        start=_past_grace,
        dtype=int,
    ),
    Variable(
        "provider_staked_day",
        "providers",
        "days",
        "StakedAt: day since when each provider's stake has reached the lowest tier.",
        dtype=int,
    ),
]
