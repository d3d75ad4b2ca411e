"""The token economy's equations on arrays, one file per contract.

Every function takes arrays of shape `(*batch, *own)` and works alike for one trajectory and for an ensemble. Arguments
broadcast against each other element by element; where an argument has an axis of its own (years, allocations, tiers,
holders) the docstring names it, and it is the last one.
"""

from model.formulas import concentration, emission, fees, governance, pricing, staking, vesting

__all__ = ["concentration", "emission", "fees", "governance", "pricing", "staking", "vesting"]
