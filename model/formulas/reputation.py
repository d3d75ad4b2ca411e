r"""The reputation score of a provider.

$$ R = 1000\, \frac{w_1 s + w_2 (1 - p) + w_3 a}{w_1 + w_2 + w_3} $$

with $s$ the success of its jobs, $p$ its penalty and $a$ its activity, each in [0, 1]. Source: SPEC, Provider
Registration (StakeInfo.ReputationScore); CODE for the form.
"""

from __future__ import annotations

from model.arrays import Array, namespace

BEST = 1000.0


def score(success: Array, penalty: Array, activity: Array, weights: Array) -> Array:
    """Scores in [0, 1000], `(*batch, providers)`, from parts in [0, 1]; weights `(*batch, 3)`."""
    xp = namespace(success)
    total = xp.sum(weights, axis=-1)[..., None]
    parts = (success, 1.0 - penalty, activity)
    weighted = sum(weights[..., i, None] * part for i, part in enumerate(parts))
    return BEST * weighted / total
